import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import type { ConnectionStateDto } from "../backend/bindings";
import { queries } from "../backend/queries";
import { useText } from "../i18n/text";
import { Popover } from "../widgets/Popover";
import { ConnectionPanel } from "./ConnectionPanel";
import { overallState } from "./connections";

/** The shape says it too: a ring is off, a dot is live, a moving dot is on the way, a square needs a person. */
const DOT: Record<ConnectionStateDto, string> = {
  off: "rounded-full border border-faint",
  connecting: "rounded-full bg-warn animate-[pulse-soft_1.2s_infinite]",
  live: "rounded-full bg-accent",
  reconnecting: "rounded-full bg-warn animate-[pulse-soft_1.2s_infinite]",
  paused: "rounded-full bg-warn",
  banned: "rounded-[1px] bg-danger",
  restricted: "rounded-[1px] bg-danger",
  blocked: "rounded-[1px] bg-danger",
  unreachable: "rounded-[1px] bg-warn",
  failed: "rounded-[1px] bg-danger",
};

export function StateDot({ state }: { state: ConnectionStateDto }) {
  return <span className={clsx("size-1.5 shrink-0", DOT[state])} aria-hidden />;
}

/** How the program stands with its venues in a dot and a word; the rest on a click. */
export function LiveChip() {
  const text = useText().connection;
  const status = useQuery(queries.status());
  const connections = useQuery({ ...queries.connections(), retry: false });
  const state = overallState(connections.data ?? [], status.data?.live ?? { state: "off" });
  return (
    <>
      <span className="sr-only" role="status">
        {text.short[state]}
      </span>
      <Popover
        label={text.title}
        align="end"
        testId="connection-panel"
        className="flex max-h-[76vh] w-[380px] flex-col"
        trigger={
          <button
            type="button"
            aria-label={`${text.title}: ${text.short[state]}`}
            data-testid="live-state"
            data-state-name={state}
            className="flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-12 text-muted hover:bg-hover hover:text-fg"
          >
            <StateDot state={state} />
            {text.short[state]}
          </button>
        }
      >
        <ConnectionPanel />
      </Popover>
    </>
  );
}
