// Short messages at the edge of the window.
import { toast } from "sonner";
import type { ApiError } from "../backend/bindings";
import { de } from "../i18n/de";
import { en } from "../i18n/en";
import { languageOf } from "../locale";
import { usePreferences } from "../preferences";

/** Something went well; `detail` is what came of it. */
export function showDone(message: string, detail?: string): void {
  toast.success(message, detail === undefined ? {} : { description: detail });
}

/** Something is worth knowing. */
export function showNote(message: string, action?: { label: string; onClick: () => void }): void {
  toast(message, action ? { action } : {});
}

/** Something failed: its meaning, its cause and what to do. */
export function showProblem(problem: ApiError): void {
  const text = languageOf(usePreferences.getState().language) === "de" ? de : en;
  const { title, advice } = text.errors[problem.code];
  toast.error(title, { description: `${problem.message} · ${problem.hint ?? advice}`, duration: 8_000 });
}
