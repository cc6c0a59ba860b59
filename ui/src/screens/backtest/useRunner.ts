// Starts a backtest and follows its job to the report.
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { BacktestRequest } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys } from "../../backend/queries";
import { type FollowedJob, useFollowedJob } from "../../backend/useFollowedJob";
import { followJob, useForm } from "./formStore";

export interface Runner extends FollowedJob {
  /** `rerunOf` is the run that this is made once more of. */
  start: (request: BacktestRequest, rerunOf?: number) => void;
}

export function useRunner(): Runner {
  const client = useQueryClient();
  const navigate = useNavigate();
  const rerunOf = useForm((state) => state.rerunOf);
  const { start, ...followed } = useFollowedJob({
    jobId: useForm((state) => state.job),
    send: (request: BacktestRequest) => answer(commands.runBacktest(request)),
    // The list must know the run before it is chosen.
    refresh: () => client.invalidateQueries({ queryKey: keys.runs }),
    show: (id) => {
      followJob(null);
      void navigate({ to: "/backtest", search: { run: id, ...(rerunOf === null ? {} : { against: rerunOf }) } });
    },
  });
  return { ...followed, start: (request, again) => start(request, (id) => followJob(id, again ?? null)) };
}
