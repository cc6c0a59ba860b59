// Starting work that is a job, and following that job to what it made.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import type { ApiError, JobDto } from "./bindings";
import { answer, commands, problemOf } from "./client";
import { keys } from "./queries";
import { useCommand } from "./useCommand";
import { isActive, useJob } from "./useJobs";

export interface FollowedJob {
  cancel: () => void;
  /** The job under way; null when there is none. */
  job: JobDto | null;
  /** From the click until what came of it is shown. */
  busy: boolean;
  /** Why the last one came to nothing. */
  problem: ApiError | null;
  cancelled: boolean;
}

interface Work<Request> {
  /** The job that is followed, where the caller keeps it while screens change. */
  jobId: string | null;
  /** Sends the request; the answer is the id of the job. */
  send: (request: Request) => Promise<string>;
  /** Makes what was made known to the lists; what it is waited for. */
  refresh: (resultId: number) => Promise<unknown>;
  /** Shows what was made and forgets the job. */
  show: (resultId: number) => void;
}

/** `start` sends a request and says which job came of it. */
export function useFollowedJob<Request>(
  work: Work<Request>,
): FollowedJob & { start: (request: Request, started: (jobId: string) => void) => void } {
  const client = useQueryClient();
  const job = useJob(work.jobId);
  const run = useCommand(work.send, { quiet: true });
  const stop = useCommand((id: string) => answer(commands.cancelJob(id)));
  const done = job?.state === "succeeded" ? job.resultId : null;
  const refresh = useEffectEvent(work.refresh);
  const show = useEffectEvent(work.show);
  useEffect(() => {
    if (done === null) return;
    let here = true;
    void refresh(done).then(() => {
      if (here) show(done);
    });
    return () => {
      here = false;
    };
  }, [done]);
  const active = job !== null && isActive(job);
  return {
    start: (request, started) =>
      run.mutate(request, {
        onSuccess: (id) => {
          started(id);
          void client.invalidateQueries({ queryKey: keys.jobs });
        },
      }),
    cancel: () => {
      if (job) stop.mutate(job.id);
    },
    job: active ? job : null,
    busy: run.isPending || active || done !== null || (work.jobId !== null && job === null),
    problem: run.error ? problemOf(run.error) : (job?.error ?? null),
    cancelled: job?.state === "cancelled",
  };
}
