// Commands that change something: a mutation whose failure is always told.
import { useMutation } from "@tanstack/react-query";
import { showProblem } from "../widgets/toast";
import { problemOf } from "./client";

/** A mutation over one command. Failures become a toast unless `quiet`, where the caller shows `error` itself. */
export function useCommand<V, R>(run: (input: V) => Promise<R>, options?: { quiet?: boolean }) {
  return useMutation({
    mutationFn: run,
    onError: (error) => {
      if (!options?.quiet) showProblem(problemOf(error));
    },
  });
}
