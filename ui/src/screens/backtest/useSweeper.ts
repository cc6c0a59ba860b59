// Starts a sweep and follows its job to the result.
import { useQueryClient } from "@tanstack/react-query";
import type { SweepRequest } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys } from "../../backend/queries";
import { type FollowedJob, useFollowedJob } from "../../backend/useFollowedJob";
import { followSweep, showSweep, useSweepState } from "./sweepStore";

export interface Sweeper extends FollowedJob {
  start: (request: SweepRequest) => void;
}

export function useSweeper(): Sweeper {
  const client = useQueryClient();
  const { start, ...followed } = useFollowedJob({
    jobId: useSweepState((state) => state.job),
    send: (request: SweepRequest) => answer(commands.runSweep(request)),
    // The list must know the sweep before it is shown; one with the same inputs has taken the place of its result.
    refresh: (id) =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.sweeps }),
        client.invalidateQueries({ queryKey: keys.sweepOf(id) }),
      ]),
    show: (id) => {
      followSweep(null);
      showSweep(id);
    },
  });
  return { ...followed, start: (request) => start(request, followSweep) };
}
