// What this window remembers by itself; nothing here is worth a place in the program's settings.
import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { IndicatorRequest } from "./backend/bindings";
import type { LanguageChoice } from "./locale";

interface Preferences {
  language: LanguageChoice;
  welcomeDismissed: boolean;
  logScale: boolean;
  indicators: IndicatorRequest[];
  /** The last looked-at series. */
  lastSeries: number | null;
  set(change: Partial<Omit<Preferences, "set">>): void;
}

export const usePreferences = create<Preferences>()(
  persist(
    (set) => ({
      language: "system",
      welcomeDismissed: false,
      logScale: false,
      indicators: [{ id: "sma", params: [20] }],
      lastSeries: null,
      set: (change) => set(change),
    }),
    { name: "promptpal.preferences", version: 1 },
  ),
);
