import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { queries } from "../backend/queries";
import { useText } from "../i18n/text";
import { useFormat } from "../useFormat";
import { useNow } from "../useNow";
import { JobTray } from "./JobTray";
import { useWindowState } from "./windowState";

function Figure({ label, children, testId }: { label: ReactNode; children: ReactNode; testId?: string }) {
  return (
    <span className="shrink-0 whitespace-nowrap" data-testid={testId}>
      {label} <span className="font-medium text-muted">{children}</span>
    </span>
  );
}

/** Running job, next close, sentiment worker, size of the store, clock. */
export function StatusBar() {
  const text = useText();
  const format = useFormat();
  const status = useQuery(queries.status());
  const nextClose = useWindowState((state) => state.nextClose);
  const now = useNow();
  const data = status.data;
  return (
    <footer
      data-testid="status-bar"
      className="flex min-w-0 items-center gap-4 bg-panel pr-3 text-11 text-faint [grid-area:stat]"
    >
      <JobTray />
      <span className="ml-auto" />
      {status.isError && <span className="truncate text-warn">{text.shell.status.unreachable}</span>}
      {nextClose !== null && nextClose > now && (
        <Figure label={text.shell.status.nextClose} testId="next-close">
          {format.duration(nextClose - now)}
        </Figure>
      )}
      {data && data.unscored > 0 && (
        <span className="hidden shrink-0 wide:inline">{text.shell.status.unscored(data.unscored)}</span>
      )}
      {data && (
        <Figure label={`${text.shell.status.sentiment}:`} testId="sentiment-state">
          {text.shell.status.model[data.sentiment.state]}
          {data.sentiment.state === "scoring" && ` ${data.sentiment.done}/${data.sentiment.total}`}
        </Figure>
      )}
      {data && <Figure label={text.shell.status.store}>{format.bytes(data.storeBytes)}</Figure>}
      <Figure label={format.zoneName(now)}>{format.time(now)}</Figure>
    </footer>
  );
}
