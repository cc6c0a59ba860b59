// What is tried on the sweep page and which sweep is looked at, kept while the window lives.
import { create } from "zustand";
import type { AxisTexts } from "./sweep";

interface SweepState {
  /** By strategy. */
  axes: Record<string, readonly AxisTexts[]>;
  /** The sweep under way or just ended. */
  job: string | null;
  /** The sweep that is looked at; null for the newest of the strategy. */
  shown: number | null;
}

export const useSweepState = create<SweepState>()(() => ({ axes: {}, job: null, shown: null }));

const set = useSweepState.setState;

export const setAxes = (strategy: string, axes: readonly AxisTexts[]) =>
  set((state) => ({ axes: { ...state.axes, [strategy]: axes } }));

export const followSweep = (job: string | null) => set({ job });

export const showSweep = (shown: number | null) => set({ shown });
