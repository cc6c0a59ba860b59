// Which stories are asked for, and what is known about their number. Pure.
import type { ArticleRowDto, ArticlesRequest, ToneDto } from "../../backend/bindings";

export interface StoryFilter {
  tone: ToneDto | null;
  asset: string | null;
  sourceId: number | null;
  /** Words of the full text; empty for all. */
  search: string;
}

export const NO_FILTER: StoryFilter = { tone: null, asset: null, sourceId: null, search: "" };

/** The most rows that the program gives at once. */
export const MOST_AT_ONCE = 500;
/** Rows of a page of the list. */
export const PAGE = 100;

export function requestOf(filter: StoryFilter, before: number | null, limit: number): ArticlesRequest {
  const { tone, asset, sourceId } = filter;
  const search = filter.search.trim();
  return { tone, asset, sourceId, search: search === "" ? null : search, unread: false, before, beforeId: null, limit };
}

/**
 * Where the page after this one begins; null after the last. Stories of the same millisecond may lie on both sides of
 * the cut, so the last one's time is asked for again and the doubles are dropped in `mergePages`.
 */
export function nextBefore(page: readonly ArticleRowDto[], limit: number): number | null {
  const first = page[0];
  const last = page.at(-1);
  if (!first || !last || page.length < limit) return null;
  return first.availableAt === last.availableAt ? last.availableAt : last.availableAt + 1;
}

/** Pages in one list, each story once. */
export function mergePages(pages: readonly (readonly ArticleRowDto[])[]): ArticleRowDto[] {
  const byId = new Map<number, ArticleRowDto>();
  for (const row of pages.flat()) if (!byId.has(row.id)) byId.set(row.id, row);
  return [...byId.values()];
}

export interface ToneCounts {
  all: number;
  positive: number;
  negative: number;
  neutral: number;
  /** Whether there are more than could be counted. */
  more: boolean;
  /** Mean of the scored ones; null where none is. */
  mean: number | null;
}

/** Counts over stories of every tone; `limit` is how many could have come. */
export function countTones(rows: readonly ArticleRowDto[], limit: number): ToneCounts {
  const counts: ToneCounts = {
    all: rows.length,
    positive: 0,
    negative: 0,
    neutral: 0,
    more: rows.length >= limit,
    mean: null,
  };
  let sum = 0;
  let scored = 0;
  for (const { sentiment } of rows) {
    if (!sentiment) continue;
    counts[sentiment.tone] += 1;
    sum += sentiment.score;
    scored += 1;
  }
  return { ...counts, mean: scored > 0 ? sum / scored : null };
}

/** Assets that the stories are about, the most named first. */
export function assetsOf(rows: readonly ArticleRowDto[]): { asset: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { asset } of rows.flatMap((row) => row.assets)) counts.set(asset, (counts.get(asset) ?? 0) + 1);
  return [...counts]
    .map(([asset, count]) => ({ asset, count }))
    .sort((a, b) => b.count - a.count || (a.asset < b.asset ? -1 : 1));
}
