// Finds the scored sentences again in the paragraphs they were cut from. Pure.
import type { SentenceDto } from "../../backend/bindings";

/** A stretch of a paragraph: a scored sentence, or what lies between two. */
export interface Stretch {
  text: string;
  sentence: SentenceDto | null;
}

/** The sentence as a pattern: blanks were made one when it was cut out. */
function patternOf(text: string): RegExp | null {
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  return new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"));
}

/**
 * Paragraphs cut at their scored sentences. Sentences come in the order of the text; the headline (position 0) belongs
 * to no paragraph, and a sentence that is not found is passed over.
 */
export function stretchesOf(paragraphs: readonly string[], sentences: readonly SentenceDto[]): Stretch[][] {
  const waiting = sentences.filter((sentence) => sentence.position > 0);
  return paragraphs.map((paragraph) => {
    const stretches: Stretch[] = [];
    let rest = paragraph;
    for (let at = 0; at < waiting.length && rest.trim() !== ""; ) {
      const sentence = waiting[at];
      const found = sentence ? patternOf(sentence.text)?.exec(rest) : null;
      if (!sentence || !found) {
        at += 1;
        continue;
      }
      if (found.index > 0) stretches.push({ text: rest.slice(0, found.index), sentence: null });
      stretches.push({ text: found[0], sentence });
      rest = rest.slice(found.index + found[0].length);
      // Those before it were not found in this paragraph and cannot follow any more within it.
      waiting.splice(at, 1);
    }
    if (rest !== "") stretches.push({ text: rest, sentence: null });
    return stretches;
  });
}
