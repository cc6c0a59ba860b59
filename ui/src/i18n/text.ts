// Texts of the window. A catalogue is an object, so that a missing or misspelt text does not compile.
import { useEffect } from "react";
import { languageOf } from "../locale";
import { usePreferences } from "../preferences";
import { de } from "./de";
import { en } from "./en";

/** Every text of the window; sentences with figures in them are functions. */
export type Catalogue = typeof en;

const catalogues: Record<"en" | "de", Catalogue> = { en, de };

/** The texts in the person's language. */
export function useText(): Catalogue {
  return catalogues[languageOf(usePreferences((state) => state.language))];
}

/** Tells the document its language, for screen readers and hyphenation. */
export function useDocumentLanguage(): void {
  const language = languageOf(usePreferences((state) => state.language));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
}
