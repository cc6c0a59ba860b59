// What keeps the scoring program from scoring, in the person's language. What it said itself is in the log.
import type { SentimentStateDto } from "../backend/bindings";
import type { Catalogue } from "../i18n/text";

export function troubleOf(state: SentimentStateDto, text: Catalogue["shell"]["status"]): string | null {
  if (state.state === "failed") return `${text.faults[state.fault]} ${text.inLog}`;
  if (state.state === "missing") return `${text.missingParts[state.part]} ${text.inLog}`;
  return null;
}
