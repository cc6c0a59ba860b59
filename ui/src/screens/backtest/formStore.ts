// What is entered on the Backtest screen, kept while the window lives: changing screens loses nothing.
import { create } from "zustand";
import type { ParamTexts } from "./form";
import { DEFAULT_TERMS, type GroupId, type Terms } from "./terms";

interface FormState {
  terms: Terms;
  /** By strategy. */
  params: Record<string, ParamTexts>;
  /** Scripts that were changed and not saved, by strategy. */
  scripts: Record<string, string>;
  /** The run under way or just ended. */
  job: string | null;
  /** The run that it is made once more of. */
  rerunOf: number | null;
  /** Groups of the form that are open. */
  open: readonly GroupId[];
  /** Runs to be compared, in the order they were chosen. */
  compared: readonly number[];
}

/** More curves cannot be told apart. */
export const MOST_COMPARED = 5;

export const useForm = create<FormState>()(() => ({
  terms: DEFAULT_TERMS,
  params: {},
  scripts: {},
  job: null,
  rerunOf: null,
  open: [],
  compared: [],
}));

const set = useForm.setState;

export const changeTerms = (change: Partial<Terms>) => set(({ terms }) => ({ terms: { ...terms, ...change } }));

export const setParams = (strategy: string, texts: ParamTexts) =>
  set(({ params }) => ({ params: { ...params, [strategy]: texts } }));

/** Null forgets the changes. */
export const setScript = (strategy: string, source: string | null) =>
  set(({ scripts: { [strategy]: _, ...others } }) => ({
    scripts: source === null ? others : { ...others, [strategy]: source },
  }));

export const followJob = (job: string | null, rerunOf: number | null = null) => set({ job, rerunOf });

export const openGroup = (group: GroupId, opened: boolean) =>
  set(({ open }) => ({
    open: opened ? [...open.filter((one) => one !== group), group] : open.filter((one) => one !== group),
  }));

/** Takes a run into the comparison or out of it; false where no further one fits. */
export function toggleCompared(run: number): boolean {
  const { compared } = useForm.getState();
  const others = compared.filter((one) => one !== run);
  if (others.length === compared.length && compared.length >= MOST_COMPARED) return false;
  set({ compared: others.length < compared.length ? others : [...compared, run] });
  return true;
}

export const setCompared = (compared: readonly number[]) => set({ compared });
