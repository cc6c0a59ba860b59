// What this window remembers by itself; nothing here is worth a place in the program's settings.
import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { LanguageChoice } from "./locale";

/** An indicator on the chart. It belongs to the chart, not to one series: another symbol is drawn with the same ones. */
export interface ChosenIndicator {
  id: string;
  params: number[];
  /** What it is held against, for one that takes a second series: the one of the chart's interval is taken. */
  other: { venue: string; symbol: string } | null;
  hidden: boolean;
  /** The pane it shares, by the name of that pane; its own when null. */
  pane: string | null;
}

interface Preferences {
  language: LanguageChoice;
  welcomeDismissed: boolean;
  logScale: boolean;
  indicators: ChosenIndicator[];
  /** Ids of the indicators with a star. */
  favouriteIndicators: string[];
  /** Ids of those added last, the newest first. */
  recentIndicators: string[];
  /** The last looked-at series. */
  lastSeries: number | null;
  set(change: Partial<Omit<Preferences, "set">>): void;
}

/** Before version 2 an indicator on the chart was its id and its parameters, nothing else. */
export function migrate(stored: unknown): Partial<Preferences> {
  if (typeof stored !== "object" || stored === null) return {};
  const { indicators, ...others }: Partial<Preferences> = stored;
  if (!Array.isArray(indicators)) return others;
  return {
    ...others,
    indicators: indicators.map(({ id, params, other = null, hidden = false, pane = null }) => ({
      id,
      params,
      other,
      hidden,
      pane,
    })),
  };
}

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: "system",
      welcomeDismissed: false,
      logScale: false,
      indicators: [{ id: "sma", params: [20], other: null, hidden: false, pane: null }],
      favouriteIndicators: [],
      recentIndicators: [],
      lastSeries: null,
      set: (change) => set(change),
    }),
    { name: "promptpal.preferences", version: 2, migrate },
  ),
);
