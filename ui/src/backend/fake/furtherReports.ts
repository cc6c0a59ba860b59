// Further reports of the sample's stories, and articles that could not be read whole.
import type { ArticleDto } from "../bindings";
import { MINUTE } from "./clock";

interface Further {
  /** The article whose story is reported again. */
  of: number;
  source: string;
  /** Null for the same text under the same headline. */
  title: string | null;
  minutesLater: number;
}

const FURTHER: readonly Further[] = [
  { of: 1, source: "Chain reporter (sample)", title: null, minutesLater: 3 },
  {
    of: 1,
    source: "Policy watch (sample)",
    title: "Bitcoin funds take in most money since early January",
    minutesLater: 9,
  },
  { of: 3, source: "Market desk (sample)", title: "Solana is back after five hours without blocks", minutesLater: 21 },
];

/** The articles with what was reported again, and with some that were found in other states. */
export function withFurtherReports(articles: readonly ArticleDto[]): ArticleDto[] {
  const further = FURTHER.flatMap((report, index): ArticleDto[] => {
    const first = articles.find(({ row }) => row.id === report.of);
    if (!first) return [];
    const later = (at: number) => at + report.minutesLater * MINUTE;
    const id = articles.length + index + 1;
    const { row } = first;
    return [
      {
        ...first,
        author: null,
        firstSeen: later(first.firstSeen),
        dated: first.dated && { ...first.dated, at: later(first.dated.at) },
        row: {
          ...row,
          id,
          source: report.source,
          url: `https://sample.invalid/story/${id}`,
          title: report.title ?? row.title,
          published: row.published === null ? null : later(row.published),
          availableAt: later(row.availableAt),
          repeats: report.title === null ? row.id : null,
        },
      },
    ];
  });
  return [...articles.map(inItsState), ...further];
}

/** A paywall, a refusal, a date without a time, and a find from the past. */
function inItsState(article: ArticleDto): ArticleDto {
  const { row, dated } = article;
  switch (row.id) {
    case 8:
      return { ...article, row: { ...row, status: "paywalled" } };
    case 11:
      return {
        ...article,
        row: { ...row, status: "blocked" },
        fault: "robots.txt of sample.invalid does not allow /story/11",
        paragraphs: [],
      };
    case 13:
      return { ...article, dated: dated && { ...dated, exactness: "day", origin: "address" } };
    case 20:
      return { ...article, row: { ...row, backfilled: true } };
    default:
      return article;
  }
}

/** An article with the other reports of its story, the first one first. */
export function withStory(article: ArticleDto, articles: readonly ArticleDto[]): ArticleDto {
  const story = articles
    .map(({ row }) => row)
    .filter((row) => row.storyId === article.row.storyId && row.id !== article.row.id)
    .sort((a, b) => a.availableAt - b.availableAt || a.id - b.id);
  return { ...article, story };
}
