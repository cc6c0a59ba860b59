// Tells when a job ends that was seen running.
import { useEffect, useRef } from "react";
import type { JobDto, JobStateDto } from "../backend/bindings";
import { useText } from "../i18n/text";
import { showDone, showProblem } from "../widgets/toast";
import { changesLine } from "./changes";
import { titleOf } from "./jobFigures";

export function useJobToasts(jobs: readonly JobDto[]): void {
  const text = useText().shell.jobs;
  const seen = useRef(new Map<string, JobStateDto>());
  useEffect(() => {
    for (const job of jobs) {
      const before = seen.current.get(job.id);
      seen.current.set(job.id, job.state);
      if (before !== "running" && before !== "queued") continue;
      if (job.state === "failed" && job.error) showProblem(job.error);
      // A backtest shows its own result: the report opens.
      if (job.state === "succeeded" && job.kind !== "backtest") {
        showDone(text.finished(titleOf(job, text)), job.changes ? changesLine(job.changes, text.changes) : undefined);
      }
    }
  }, [jobs, text]);
}
