// The one place that asks the system for its locale.

const FALLBACK = "en-US";

/**
 * The first of the candidates that Intl knows. Under LANG=C WebKitGTK names its language "C", which Intl refuses with
 * an exception: nothing else may pass `navigator.language` on.
 */
export function checkedLocale(candidates: readonly string[]): string {
  for (const candidate of candidates) {
    try {
      if (Intl.NumberFormat.supportedLocalesOf(candidate).length > 0) return candidate;
    } catch {
      // Not a language tag at all.
    }
  }
  return FALLBACK;
}

export const systemLocale: string = checkedLocale(
  navigator.languages.length > 0 ? navigator.languages : [navigator.language],
);

/** Languages with a catalogue. */
export type Language = "en" | "de";

/** What the person chose; `system` follows the system's locale. */
export type LanguageChoice = "system" | Language;

export function languageOf(choice: LanguageChoice, system: string = systemLocale): Language {
  if (choice !== "system") return choice;
  return system.toLowerCase().startsWith("de") ? "de" : "en";
}

/** The locale of numbers: the system's own flavour where it speaks the chosen language. */
export function numberLocale(choice: LanguageChoice, system: string = systemLocale): string {
  const language = languageOf(choice, system);
  if (system.toLowerCase().startsWith(language)) return system;
  return language === "de" ? "de-DE" : FALLBACK;
}
