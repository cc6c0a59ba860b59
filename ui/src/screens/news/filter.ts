// Which stories are asked for, and what is known about their number. Pure.
import type { ArticlesRequest, ToneDto } from "../../backend/bindings";
import type { Story } from "./story";

export interface StoryFilter {
  tone: ToneDto | null;
  asset: string | null;
  sourceId: number | null;
  /** Only stories with a report that was not read. */
  unread: boolean;
  /** Words of the full text; empty for all. */
  search: string;
}

export const NO_FILTER: StoryFilter = { tone: null, asset: null, sourceId: null, unread: false, search: "" };

/** The most rows that the program gives at once. */
export const MOST_AT_ONCE = 500;
/** Stories of a page of the list. */
export const PAGE = 100;

/** Where a page begins: after the story whose newest report this is. */
export interface After {
  before: number;
  beforeId: number;
}

export function requestOf(filter: StoryFilter, after: After | null, limit: number): ArticlesRequest {
  const { tone, asset, sourceId, unread } = filter;
  const search = filter.search.trim();
  return {
    tone,
    asset,
    sourceId,
    unread,
    search: search === "" ? null : search,
    before: after?.before ?? null,
    beforeId: after?.beforeId ?? null,
    limit,
  };
}

/** Whether anything is left out. */
export function isFiltered(filter: StoryFilter): boolean {
  const { tone, asset, sourceId, unread, search } = filter;
  return tone !== null || asset !== null || sourceId !== null || unread || search !== "";
}

/** Where the page after this one begins; null after the last. */
export function nextAfter(page: readonly Story[], limit: number): After | null {
  const last = page.at(-1);
  return !last || page.length < limit ? null : { before: last.newest.availableAt, beforeId: last.newest.id };
}

/** Pages in one list, each story once: where a report came in between, it is where it is newest. */
export function mergePages(pages: readonly (readonly Story[])[]): Story[] {
  const byId = new Map<number, Story>();
  for (const story of pages.flat()) if (!byId.has(story.id)) byId.set(story.id, story);
  return [...byId.values()];
}

/** The list with a story that no longer passes, at its place: what is being read does not vanish. */
export function withStory(stories: readonly Story[], kept: Story | null): Story[] {
  if (kept === null || stories.some(({ id }) => id === kept.id)) return [...stories];
  const at = stories.findIndex(({ newest }) => newest.availableAt < kept.newest.availableAt);
  return stories.toSpliced(at < 0 ? stories.length : at, 0, kept);
}

export interface StoryCounts {
  all: number;
  unread: number;
  positive: number;
  negative: number;
  neutral: number;
  /** Whether there are more than could be counted. */
  more: boolean;
  /** Mean of the scored ones; null where none is. */
  mean: number | null;
}

/** Counts over stories of every tone; `limit` is how many could have come. */
export function countStories(stories: readonly Story[], limit: number): StoryCounts {
  const counts: StoryCounts = {
    all: stories.length,
    unread: stories.filter(({ unread }) => unread > 0).length,
    positive: 0,
    negative: 0,
    neutral: 0,
    more: stories.length >= limit,
    mean: null,
  };
  const scores: number[] = [];
  for (const { reports, sentiment } of stories) {
    // A story passes for each tone that one of its reports has.
    for (const tone of new Set(reports.flatMap((report) => report.sentiment?.tone ?? []))) counts[tone] += 1;
    if (sentiment) scores.push(sentiment.score);
  }
  const sum = scores.reduce((sum, score) => sum + score, 0);
  return { ...counts, mean: scores.length > 0 ? sum / scores.length : null };
}

/** Assets that the stories are about, the most named first. */
export function assetsOf(stories: readonly Story[]): { asset: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const asset of stories.flatMap((story) => story.assets)) counts.set(asset, (counts.get(asset) ?? 0) + 1);
  return [...counts]
    .map(([asset, count]) => ({ asset, count }))
    .sort((a, b) => b.count - a.count || (a.asset < b.asset ? -1 : 1));
}
