// What is entered on the Backtest screen, kept while the window lives: changing screens loses nothing.
import { create } from "zustand";
import { DEFAULT_TERMS, type ParamTexts, type Terms } from "./form";

interface FormState {
  terms: Terms;
  /** By strategy. */
  params: Record<string, ParamTexts>;
  /** Scripts that were changed and not saved, by strategy. */
  scripts: Record<string, string>;
  /** The run under way or just ended. */
  job: string | null;
}

export const useForm = create<FormState>()(() => ({ terms: DEFAULT_TERMS, params: {}, scripts: {}, job: null }));

const set = useForm.setState;

export const changeTerms = (change: Partial<Terms>) => set(({ terms }) => ({ terms: { ...terms, ...change } }));

export const setParams = (strategy: string, texts: ParamTexts) =>
  set(({ params }) => ({ params: { ...params, [strategy]: texts } }));

/** Null forgets the changes. */
export const setScript = (strategy: string, source: string | null) =>
  set(({ scripts: { [strategy]: _, ...others } }) => ({
    scripts: source === null ? others : { ...others, [strategy]: source },
  }));

export const followJob = (job: string | null) => set({ job });
