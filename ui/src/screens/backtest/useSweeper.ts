// Starts a sweep and follows its job to the result.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ApiError, JobDto, SweepRequest } from "../../backend/bindings";
import { answer, commands, problemOf } from "../../backend/client";
import { keys } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { isActive, useJob } from "../../backend/useJobs";
import { followSweep, showSweep, useSweepState } from "./sweepStore";

export interface Sweeper {
  start: (request: SweepRequest) => void;
  cancel: () => void;
  /** The sweep under way; null when there is none. */
  job: JobDto | null;
  /** From the click until the end. */
  busy: boolean;
  /** Why the last sweep came to nothing. */
  problem: ApiError | null;
  cancelled: boolean;
}

export function useSweeper(): Sweeper {
  const client = useQueryClient();
  const jobId = useSweepState((state) => state.job);
  const job = useJob(jobId);
  const run = useCommand((request: SweepRequest) => answer(commands.runSweep(request)), { quiet: true });
  const stop = useCommand((id: string) => answer(commands.cancelJob(id)));
  const done = job?.state === "succeeded" ? job.resultId : null;
  useEffect(() => {
    if (done === null) return;
    let here = true;
    // The list must know the sweep before it is shown; one with the same inputs has taken the place of its result.
    void Promise.all([
      client.invalidateQueries({ queryKey: keys.sweeps }),
      client.invalidateQueries({ queryKey: keys.sweepOf(done) }),
    ]).then(() => {
      if (!here) return;
      followSweep(null);
      showSweep(done);
    });
    return () => {
      here = false;
    };
  }, [done, client]);
  const active = job !== null && isActive(job);
  return {
    start: (request) =>
      run.mutate(request, {
        onSuccess: (id) => {
          followSweep(id);
          void client.invalidateQueries({ queryKey: keys.jobs });
        },
      }),
    cancel: () => {
      if (job) stop.mutate(job.id);
    },
    job: active ? job : null,
    busy: run.isPending || active || done !== null || (jobId !== null && job === null),
    problem: run.error ? problemOf(run.error) : (job?.error ?? null),
    cancelled: job?.state === "cancelled",
  };
}
