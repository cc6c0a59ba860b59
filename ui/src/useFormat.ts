// The formatter in the person's locale and zone.
import { useMemo } from "react";
import { useSettings } from "./backend/useSettings";
import { createFormat, type Format } from "./format";
import { numberLocale } from "./locale";
import { usePreferences } from "./preferences";

export function useFormat(): Format {
  const { zone } = useSettings();
  const language = usePreferences((state) => state.language);
  return useMemo(() => createFormat(numberLocale(language), zone), [language, zone]);
}
