// Starts a backtest and follows its job to the report.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ApiError, BacktestRequest, JobDto } from "../../backend/bindings";
import { answer, commands, problemOf } from "../../backend/client";
import { keys } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { isActive, useJob } from "../../backend/useJobs";
import { followJob, useForm } from "./formStore";

export interface Runner {
  /** `rerunOf` is the run that this is made once more of. */
  start: (request: BacktestRequest, rerunOf?: number) => void;
  cancel: () => void;
  /** The run under way; null when there is none. */
  job: JobDto | null;
  /** From the click until the end. */
  busy: boolean;
  /** Why the last run came to nothing. */
  problem: ApiError | null;
  cancelled: boolean;
}

export function useRunner(): Runner {
  const client = useQueryClient();
  const navigate = useNavigate();
  const jobId = useForm((state) => state.job);
  const rerunOf = useForm((state) => state.rerunOf);
  const job = useJob(jobId);
  const run = useCommand((request: BacktestRequest) => answer(commands.runBacktest(request)), { quiet: true });
  const stop = useCommand((id: string) => answer(commands.cancelJob(id)));
  const done = job?.state === "succeeded" ? job.resultId : null;
  useEffect(() => {
    if (done === null) return;
    let here = true;
    // The list must know the run before it is chosen.
    void client.invalidateQueries({ queryKey: keys.runs }).then(() => {
      if (!here) return;
      followJob(null);
      void navigate({ to: "/backtest", search: { run: done, ...(rerunOf === null ? {} : { against: rerunOf }) } });
    });
    return () => {
      here = false;
    };
  }, [done, rerunOf, client, navigate]);
  const active = job !== null && isActive(job);
  return {
    start: (request, again) =>
      run.mutate(request, {
        onSuccess: (id) => {
          followJob(id, again ?? null);
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
