import { useQuery } from "@tanstack/react-query";
import { queries } from "../backend/queries";
import { useText } from "../i18n/text";
import { useFormat } from "../useFormat";
import { EmptyState } from "../widgets/EmptyState";
import { PanelHead } from "../widgets/PanelHead";
import { Popover } from "../widgets/Popover";
import { JobRow } from "./JobRow";
import { rateOf, titleOf } from "./jobFigures";
import { Progress } from "./Progress";
import { useJobToasts } from "./useJobToasts";

/** The running job in the status bar; all jobs in a panel above it. */
export function JobTray() {
  const text = useText().shell;
  const format = useFormat();
  const jobs = useQuery(queries.jobs()).data ?? [];
  useJobToasts(jobs);
  const running = jobs.filter((job) => job.state === "running" || job.state === "queued");
  const interrupted = jobs.some((job) => job.state === "interrupted");
  const first = running[0];
  return (
    <Popover
      label={text.jobs.title}
      side="top"
      testId="job-panel"
      className="flex max-h-[60vh] w-[400px] flex-col"
      trigger={
        <button
          type="button"
          data-testid="job-tray"
          data-running={running.length}
          className="flex h-6 min-w-0 items-center gap-2 px-3 hover:bg-hover hover:text-fg"
        >
          {first ? (
            <>
              <span className="truncate font-medium text-muted">{titleOf(first, text.jobs)}</span>
              <Progress done={first.done} total={first.total} className="w-28" label={titleOf(first, text.jobs)} />
              <span className="hidden shrink-0 tabular-nums wide:inline">
                {first.total ? format.percent(first.done / first.total, 0) : format.count(first.done)}
                {first.rate !== null && ` · ${rateOf(first, format, text.jobs)}`}
                {first.etaMs !== null && ` · ${text.jobs.left(format.duration(first.etaMs))}`}
              </span>
              {running.length > 1 && <span className="shrink-0">+{running.length - 1}</span>}
            </>
          ) : (
            <span className="truncate">{text.status.noJobs}</span>
          )}
          {interrupted && <span className="shrink-0 font-medium text-warn">{text.jobs.states.interrupted}</span>}
        </button>
      }
    >
      <PanelHead title={text.jobs.title} aside={text.jobs.running(running.length)} />
      {jobs.length === 0 ? (
        <EmptyState title={text.status.noJobs} body={text.jobs.empty} />
      ) : (
        <ul className="min-h-0 overflow-y-auto">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </ul>
      )}
    </Popover>
  );
}
