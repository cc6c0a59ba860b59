import { clsx } from "clsx";
import { RotateCw, X } from "lucide-react";
import { useState } from "react";
import type { JobDto, JobStateDto } from "../backend/bindings";
import { answer, commands } from "../backend/client";
import { useCommand } from "../backend/useCommand";
import { useText } from "../i18n/text";
import { useFormat } from "../useFormat";
import { Button } from "../widgets/Button";
import { explain } from "../widgets/ErrorView";
import { changesLine } from "./changes";
import { amountOf, rateOf, stepOf, titleOf } from "./jobFigures";
import { Progress } from "./Progress";

const COLOUR: Record<JobStateDto, string> = {
  queued: "text-faint",
  running: "text-muted",
  succeeded: "text-faint",
  failed: "text-danger",
  cancelled: "text-faint",
  interrupted: "text-warn",
};

/** One job: what it does, how far it is, and what can be done about it. */
export function JobRow({ job }: { job: JobDto }) {
  const text = useText();
  const format = useFormat();
  const [logShown, setLogShown] = useState(false);
  const cancel = useCommand((id: string) => answer(commands.cancelJob(id)));
  const retry = useCommand((id: string) => answer(commands.retryJob(id)));
  const active = job.state === "running" || job.state === "queued";
  const again = job.state === "failed" || job.state === "interrupted" || job.state === "cancelled";
  const figures = [
    amountOf(job, format, text.shell.jobs),
    rateOf(job, format, text.shell.jobs),
    job.etaMs === null ? null : text.shell.jobs.left(format.duration(job.etaMs)),
    job.finished === null ? null : format.dateTime(job.finished),
  ].filter((figure) => figure !== null);
  const title = titleOf(job, text.shell.jobs);
  return (
    <li className="border-line border-b px-3 py-2 last:border-0" data-testid="job-row" data-state-name={job.state}>
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate text-12 font-medium">{title}</span>
        <span className={clsx("shrink-0 text-11", COLOUR[job.state])}>
          {(active && stepOf(job, text.shell.jobs)) || text.shell.jobs.states[job.state]}
        </span>
      </div>
      {active && <Progress done={job.done} total={job.total} label={title} className="my-1.5 w-full" />}
      <div className="flex flex-wrap items-center justify-end gap-x-2">
        <span className="flex-1 whitespace-nowrap text-11 text-faint tabular-nums">{figures.join(" · ")}</span>
        {job.log.length > 0 && (
          <Button kind="ghost" className="h-6 px-1.5" aria-expanded={logShown} onClick={() => setLogShown(!logShown)}>
            {logShown ? text.shell.jobs.hideLog : text.shell.jobs.log}
          </Button>
        )}
        {active && (
          <Button
            kind="ghost"
            className="h-6 px-1.5"
            icon={<X />}
            disabled={cancel.isPending}
            onClick={() => cancel.mutate(job.id)}
            data-testid="job-cancel"
          >
            {text.shell.jobs.cancel}
          </Button>
        )}
        {again && (
          <Button
            className="h-6 px-1.5"
            icon={<RotateCw />}
            disabled={retry.isPending}
            onClick={() => retry.mutate(job.id)}
            data-testid="job-retry"
          >
            {job.state === "interrupted" ? text.shell.jobs.resume : text.shell.jobs.retry}
          </Button>
        )}
      </div>
      {job.changes && (
        <p className="mt-0.5 text-11 text-muted tabular-nums">{changesLine(job.changes, text.shell.jobs.changes)}</p>
      )}
      {job.state === "interrupted" && <p className="mt-1 text-11 text-faint">{text.shell.jobs.interruptedHint}</p>}
      {job.error && (
        <p className="mt-1 select-text text-11 text-muted">
          {explain(job.error, text).title}: {job.error.message}
        </p>
      )}
      {logShown && <p className="mt-1 text-11 text-faint">{text.shell.jobs.logNote}</p>}
      {logShown && (
        <pre className="mt-1 max-h-40 select-text overflow-auto whitespace-pre-wrap rounded-sm bg-app p-2 font-mono text-11 text-muted">
          {job.log.join("\n")}
        </pre>
      )}
    </li>
  );
}
