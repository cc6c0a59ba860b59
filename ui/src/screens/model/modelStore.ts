// What the model screen was asked, kept while the window lives.
import { create } from "zustand";
import type { EvaluationRequest } from "../../backend/bindings";

interface ModelState {
  /** The file to be checked and how it is read. */
  request: EvaluationRequest;
  /** The evaluation under way or just ended. */
  job: string | null;
  /** The evaluation that is looked at; null for the newest. */
  shown: number | null;
}

const NOTHING: EvaluationRequest = { path: "", text: null, label: null, labels: null };

export const useModelState = create<ModelState>()(() => ({ request: NOTHING, job: null, shown: null }));

const set = useModelState.setState;

export const changeRequest = (change: Partial<EvaluationRequest>) =>
  set((state) => ({ request: { ...state.request, ...change } }));

export const followEvaluation = (job: string | null) => set({ job });

export const showEvaluation = (shown: number | null) => set({ shown });
