// How the scores that a model gave are spread. Pure.
import type { ArticleRowDto } from "../../backend/bindings";

/** Steps from −1 to 1; the middle one holds 0. */
export const STEPS = 21;

export interface Spread {
  /** How many articles in each step, the most negative first. */
  counts: number[];
  positive: number;
  neutral: number;
  negative: number;
  scored: number;
}

export function spreadOf(articles: readonly ArticleRowDto[]): Spread {
  const counts = Array.from({ length: STEPS }, () => 0);
  const spread: Spread = { counts, positive: 0, neutral: 0, negative: 0, scored: 0 };
  for (const { sentiment } of articles) {
    if (sentiment === null) continue;
    const step = Math.min(STEPS - 1, Math.floor(((sentiment.score + 1) / 2) * STEPS));
    counts[step] = (counts[step] ?? 0) + 1;
    spread[sentiment.tone] += 1;
    spread.scored += 1;
  }
  return spread;
}
