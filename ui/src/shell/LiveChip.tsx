import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import type { LiveStateDto } from "../backend/bindings";
import { queries } from "../backend/queries";
import { type Catalogue, useText } from "../i18n/text";
import { Tooltip } from "../widgets/Tooltip";

const DOT: Record<LiveStateDto["state"], string> = {
  off: "border border-faint",
  connecting: "bg-warn animate-[pulse-soft_1.2s_infinite]",
  live: "bg-accent",
  reconnecting: "bg-warn animate-[pulse-soft_1.2s_infinite]",
  failed: "bg-danger",
};

function detailOf(live: LiveStateDto, text: Catalogue): string | null {
  switch (live.state) {
    case "reconnecting":
      return `${live.reason} · ${text.shell.live.waits(Math.ceil(live.waitMs / 1_000))}`;
    case "failed":
      return live.reason;
    case "live":
    case "off":
    case "connecting":
      return null;
  }
}

/** The live connection in a dot and a word. */
export function LiveChip() {
  const text = useText();
  const { data } = useQuery(queries.status());
  const live: LiveStateDto = data?.live ?? { state: "off" };
  const detail = detailOf(live, text);
  return (
    <Tooltip text={detail ?? text.shell.live.label}>
      <span
        data-testid="live-state"
        data-state-name={live.state}
        role="status"
        className="flex shrink-0 items-center gap-1.5 text-12 text-muted"
      >
        <span className={clsx("size-1.5 rounded-full", DOT[live.state])} aria-hidden />
        {text.shell.live[live.state]}
      </span>
    </Tooltip>
  );
}
