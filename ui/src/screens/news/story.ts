// A story as the list shows it: the reports of one event as one line. Pure.
import type { ArticleRowDto, SentimentDto, StoryDto, ToneDto } from "../../backend/bindings";

export interface Story {
  id: number;
  /** The first report first. */
  reports: readonly ArticleRowDto[];
  /** Who reported it first. */
  first: ArticleRowDto;
  /** The report that the list is sorted by. */
  newest: ArticleRowDto;
  sources: readonly string[];
  unread: number;
  /** What it is about, the most relevant first. */
  assets: readonly string[];
  /** Mean of its scored reports, those that repeat another's text left out; null while none is scored. */
  sentiment: SentimentDto | null;
}

/** Null for a story without reports, of which there are none. */
export function storyOf({ id, reports, sources, unread }: StoryDto): Story | null {
  const [first] = reports;
  const newest = reports.at(-1);
  if (!first || !newest) return null;
  return { id, reports, first, newest, sources, unread, assets: assetsOf(reports), sentiment: meanOf(reports) };
}

function assetsOf(reports: readonly ArticleRowDto[]): string[] {
  const relevance = new Map<string, number>();
  for (const tag of reports.flatMap((report) => report.assets)) {
    relevance.set(tag.asset, Math.max(relevance.get(tag.asset) ?? 0, tag.relevance));
  }
  return [...relevance].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([asset]) => asset);
}

function meanOf(reports: readonly ArticleRowDto[]): SentimentDto | null {
  const scored = (report: ArticleRowDto) => report.sentiment ?? [];
  const own = reports.filter(({ repeats }) => repeats === null).flatMap(scored);
  const all = own.length > 0 ? own : reports.flatMap(scored);
  if (all.length === 0) return null;
  const mean = (part: (sentiment: SentimentDto) => number) =>
    all.reduce((sum, sentiment) => sum + part(sentiment), 0) / all.length;
  const positive = mean((sentiment) => sentiment.positive);
  const negative = mean((sentiment) => sentiment.negative);
  const neutral = mean((sentiment) => sentiment.neutral);
  const most = Math.max(positive, negative, neutral);
  const tone: ToneDto = most === positive ? "positive" : most === negative ? "negative" : "neutral";
  const [only] = all;
  return all.length === 1 && only ? only : { positive, negative, neutral, score: positive - negative, tone };
}

/** The report that opens when a story is chosen: the first that was not read, else the first of all. */
export function reportToOpen({ reports, first }: Story): ArticleRowDto {
  return reports.find((report) => !report.read && report.repeats === null) ?? first;
}
