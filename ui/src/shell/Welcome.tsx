import { useQuery } from "@tanstack/react-query";
import { CandlestickChart, Download, FileUp, type LucideIcon } from "lucide-react";
import { queries } from "../backend/queries";
import { useText } from "../i18n/text";
import { usePreferences } from "../preferences";
import { Dialog } from "../widgets/Dialog";
import { openFetch, openImport, openWelcome, useWindowState } from "./windowState";

function Way({
  icon: Icon,
  title,
  body,
  onClick,
}: {
  icon: LucideIcon;
  title: string;
  body: string;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex items-start gap-3 rounded-md border border-line bg-raised p-3 text-left hover:border-edge hover:bg-hover"
    >
      <Icon className="mt-0.5 size-[18px] shrink-0 stroke-[1.6] text-faint" aria-hidden />
      <span>
        <span className="block text-13 font-medium">{title}</span>
        <span className="block text-12 text-muted">{body}</span>
      </span>
    </button>
  );
}

/** The first start: what is on the screen, and three ways on. */
export function Welcome() {
  const text = useText().shell.welcome;
  const asked = useWindowState((state) => state.welcomeOpen);
  const dismissed = usePreferences((state) => state.welcomeDismissed);
  const set = usePreferences((state) => state.set);
  const { data: info } = useQuery(queries.appInfo());
  const open = asked || (info?.firstRun === true && !dismissed);
  const leave = (then?: () => void) => () => {
    set({ welcomeDismissed: true });
    openWelcome(false);
    then?.();
  };
  return (
    <Dialog open={open} onClose={leave()} title={text.title} about={text.body} testId="welcome">
      <div className="grid gap-2">
        <Way icon={Download} title={text.fetchTitle} body={text.fetchBody} onClick={leave(openFetch)} />
        <Way icon={FileUp} title={text.importTitle} body={text.importBody} onClick={leave(openImport)} />
        <Way icon={CandlestickChart} title={text.exploreTitle} body={text.exploreBody} onClick={leave()} />
      </div>
    </Dialog>
  );
}
