// Starts an evaluation and follows its job to the result.
import { useQueryClient } from "@tanstack/react-query";
import type { EvaluationRequest } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys } from "../../backend/queries";
import { type FollowedJob, useFollowedJob } from "../../backend/useFollowedJob";
import { followEvaluation, showEvaluation, useModelState } from "./modelStore";

export interface Evaluator extends FollowedJob {
  start: (request: EvaluationRequest) => void;
}

export function useEvaluator(): Evaluator {
  const client = useQueryClient();
  const { start, ...followed } = useFollowedJob({
    jobId: useModelState((state) => state.job),
    send: (request: EvaluationRequest) => answer(commands.evaluateModel(request)),
    refresh: () => client.invalidateQueries({ queryKey: keys.evaluations }),
    show: (id) => {
      followEvaluation(null);
      showEvaluation(id);
    },
  });
  return { ...followed, start: (request) => start(request, followEvaluation) };
}
