// Articles and sources of the in-memory program, written for it.
import type {
  ArticleDto,
  ArticleRowDto,
  ArticlesRequest,
  AssetScoreDto,
  FoundFeedDto,
  NewsMarkerDto,
  SentenceDto,
  SentimentDto,
  SourceDto,
  StoryDto,
  ToneDto,
} from "../bindings";
import { HOUR, MINUTE, START_MS } from "./clock";
import { withFurtherReports } from "./furtherReports";

export const MODEL = {
  id: "minilm-finance",
  sha256: "5f1c0a7be1f04b6f9a3be2c9a0d4d1e72b9c6de7c58a4df1be0b2f3f6f6a9d10",
};

interface Story {
  title: string;
  assets: readonly string[];
  score: number | null;
  body: readonly (readonly [number, string])[];
}

const STORIES: readonly Story[] = [
  {
    title: "Spot bitcoin funds record their strongest day in two weeks",
    assets: ["BTC"],
    score: 0.71,
    body: [
      [0.93, "Net inflows into spot bitcoin funds reached $255 million on Friday, the strongest day in two weeks."],
      [0.41, "Outflows from the largest converted trust slowed to their lowest level since launch."],
      [-0.58, "Two smaller funds still lost assets on the day."],
      [0.02, "Trading volume was little changed at $1.6 billion."],
    ],
  },
  {
    title: "Ethereum developers agree on a date for the next mainnet upgrade",
    assets: ["ETH"],
    score: 0.38,
    body: [
      [0.62, "Core developers set mid-March for an upgrade that lowers the cost of publishing data for second layers."],
      [0.05, "The last test network forks next week."],
    ],
  },
  {
    title: "Solana validators restart the network after a five-hour halt",
    assets: ["SOL"],
    score: -0.64,
    body: [
      [-0.88, "Block production stopped shortly before ten in the morning and resumed five hours later."],
      [-0.44, "Deposits at several exchanges were paused for the duration."],
      [0.21, "A patched release fixes the fault in the program cache."],
    ],
  },
  {
    title: "Central bank leaves rates unchanged and says little about March",
    assets: [],
    score: 0.02,
    body: [[0.01, "The committee kept the target range where it was for a fourth meeting."]],
  },
  {
    title: "Exchange discloses a breach of a third-party support tool, funds are safe",
    assets: ["BNB"],
    score: -0.41,
    body: [
      [-0.7, "An outside help-desk vendor exposed the e-mail addresses of some customers."],
      [0.2, "Wallets were not affected."],
    ],
  },
  {
    title: "Hash rate sets a record two months before the halving",
    assets: ["BTC"],
    score: 0.33,
    body: [
      [0.5, "The seven-day average passed 560 exahashes a second."],
      [-0.1, "Margins of older machines are shrinking."],
    ],
  },
  {
    title: "Stablecoin supply grows for a fifth straight week",
    assets: ["ETH", "SOL"],
    score: 0.27,
    body: [[0.4, "The total supply of dollar tokens rose by $1.1 billion."]],
  },
  {
    title: "Lending protocol votes to cut rewards for idle collateral",
    assets: ["ETH"],
    score: -0.06,
    body: [[-0.1, "The proposal passed with two thirds of the votes."]],
  },
  {
    title: "Large holder moves 2,000 bitcoin to an exchange after three years",
    assets: ["BTC"],
    score: -0.29,
    body: [[-0.35, "The transfer raised expectations of a sale."]],
  },
  {
    title: "Avalanche foundation sets aside grants for on-chain games",
    assets: ["AVAX"],
    score: 0.45,
    body: [[0.55, "Four studios receive grants in the first round."]],
  },
  {
    title: "Court rejects the appeal of a bankrupt lender's founder",
    assets: [],
    score: -0.36,
    body: [[-0.5, "The ruling leaves the original judgement in force."]],
  },
  {
    title: "Payment network reports record transaction counts for ripple corridors",
    assets: ["XRP"],
    score: 0.31,
    body: [[0.45, "Volumes rose by a third over the quarter."]],
  },
  {
    title: "Oracle network adds four new data providers",
    assets: ["LINK"],
    score: 0.24,
    body: [[0.3, "The feeds cover commodities and equity indices."]],
  },
  {
    title: "Dogecoin jumps as a payments rumour spreads, then gives half of it back",
    assets: ["DOGE"],
    score: 0.11,
    body: [
      [0.5, "The token rose nine percent within an hour."],
      [-0.4, "Half of the gain was gone by noon."],
    ],
  },
  {
    title: "Open interest falls as traders cut leverage before options expiry",
    assets: ["BTC", "ETH"],
    score: -0.18,
    body: [[-0.3, "Nearly $5.8 billion of options expire on Friday."]],
  },
  {
    title: "Miner sells part of its holdings to pay for new sites",
    assets: ["BTC"],
    score: -0.22,
    body: [[-0.2, "The company sold 300 coins in the first weeks of the year."]],
  },
  { title: "Regional regulator opens consultation on custody rules", assets: [], score: null, body: [] },
  {
    title: "Cardano node release speeds up synchronisation by a fifth",
    assets: ["ADA"],
    score: 0.36,
    body: [[0.52, "Operators report shorter restarts."]],
  },
  {
    title: "Fund manager trims its forecast after a weak start of the year",
    assets: ["BTC"],
    score: -0.47,
    body: [[-0.6, "The year-end target was cut by a tenth."]],
  },
  {
    title: "Layer-two fees fall to their lowest level since the summer",
    assets: ["ETH"],
    score: 0.4,
    body: [[0.48, "A transfer now costs a few cents."]],
  },
  {
    title: "Solana wallet maker raises a new round at a lower valuation",
    assets: ["SOL"],
    score: -0.12,
    body: [[-0.2, "Existing investors led the round."]],
  },
  {
    title: "Survey: a quarter of advisers plan to recommend bitcoin funds",
    assets: ["BTC"],
    score: 0.52,
    body: [[0.66, "Last year it was one in ten."]],
  },
  {
    title: "Bridge pauses withdrawals after an unusual transaction",
    assets: ["ETH", "AVAX"],
    score: -0.69,
    body: [[-0.82, "The team asked users not to interact with the contract."]],
  },
  {
    title: "Exchange token burn removes two million coins",
    assets: ["BNB"],
    score: 0.18,
    body: [[0.25, "It was the twenty-sixth quarterly burn."]],
  },
];

const SOURCES: readonly string[] = ["Market desk (sample)", "Chain reporter (sample)", "Policy watch (sample)"];

export function createSources(): SourceDto[] {
  return SOURCES.map((title, index) => ({
    id: index + 1,
    title,
    url: `https://sample.invalid/${index + 1}/feed.xml`,
    simulated: true,
    enabled: index !== 2,
    fullText: index !== 1,
    lastFetch: START_MS - (4 + index * 9) * MINUTE,
    nextFetch: START_MS + (11 - index * 3) * MINUTE,
    failures: index === 2 ? 3 : 0,
    lastError: index === 2 ? "the server answered 429 and asks to wait four minutes" : null,
    articles: 8,
    articlesADay: 1.1,
    intervalMs: 20 * MINUTE,
    lastStatus: index === 2 ? 429 : 304,
    heldUntil: index === 2 ? START_MS + 4 * MINUTE : null,
  }));
}

/** A source that was added and not asked yet. */
export function newSource(id: number, title: string, url: string, fullText: boolean): SourceDto {
  return {
    id,
    title,
    url,
    simulated: false,
    enabled: true,
    fullText,
    lastFetch: null,
    nextFetch: null,
    intervalMs: null,
    lastStatus: null,
    heldUntil: null,
    failures: 0,
    lastError: null,
    articles: 0,
    articlesADay: 0,
  };
}

/** Two feeds of a site. */
export function foundFeeds(site: URL, sources: readonly SourceDto[]): FoundFeedDto[] {
  return ["feed.xml", "markets.xml"].map((name, index) => {
    const url = new URL(`/${name}`, site).href;
    const items = STORIES.slice(index * 5, index * 5 + 5).map((story, place) => ({
      title: story.title,
      url: new URL(`/story/${index * 5 + place + 1}`, site).href,
      published: START_MS - (place + 1) * HOUR,
      summary: story.body[0]?.[1] ?? "",
    }));
    const title = index === 0 ? site.hostname : `${site.hostname}: markets`;
    return { url, title, known: sources.some((source) => source.url === url), count: 20, items };
  });
}

function toneOf(score: number): ToneDto {
  if (score > 0.15) return "positive";
  return score < -0.15 ? "negative" : "neutral";
}

function sentimentOf(score: number): SentimentDto {
  const strength = Math.abs(score);
  const weak = Math.max(0, (1 - strength) * 0.12);
  const positive = score > 0 ? strength + weak : weak;
  const negative = score > 0 ? weak : strength + weak;
  return { positive, negative, neutral: Math.max(0, 1 - positive - negative), score, tone: toneOf(score) };
}

/** What names an asset in the stories. */
const NAMES: Record<string, RegExp> = { BTC: /bitcoin|BTC/i, ETH: /ether|ETH/i, SOL: /solana|SOL/i };

/** The sentences that name the asset count for it, or else the headline. */
function scoreOf(asset: string, sentences: readonly SentenceDto[]): AssetScoreDto {
  const named = sentences.filter(({ text }) => (NAMES[asset] ?? new RegExp(asset)).test(text));
  const counted = named.length > 0 ? named : sentences.slice(0, 1);
  const sum = counted.reduce((total, { sentiment }) => total + sentiment.score, 0);
  return {
    asset,
    sentiment: sentimentOf(sum / Math.max(1, counted.length)),
    sentences: counted.map(({ position }) => position),
  };
}

export function createArticles(): ArticleDto[] {
  const articles = STORIES.map((story, index): ArticleDto => {
    const at = START_MS - Math.round((12 + index * index * 6 + index * 37) * MINUTE);
    const sentences: SentenceDto[] = [[story.score ?? 0, story.title] as const, ...story.body].map(
      ([score, text], position) => ({
        position,
        text,
        sentiment: sentimentOf(score),
      }),
    );
    const row: ArticleRowDto = {
      id: index + 1,
      source: SOURCES[index % SOURCES.length] ?? "Sample",
      url: `https://sample.invalid/story/${index + 1}`,
      title: story.title,
      published: at,
      availableAt: at + 44_000,
      status: story.body.length > 1 ? "full" : story.body.length === 1 ? "summary" : "pending",
      assets: story.assets.map((asset, place) => ({ asset, relevance: place === 0 ? 0.92 : 0.55 })),
      sentiment: story.score === null ? null : sentimentOf(story.score),
      simulated: true,
      read: index > 5,
      storyId: index + 1,
      repeats: null,
      backfilled: false,
    };
    return {
      row,
      author: index % 3 === 0 ? "A. Author" : null,
      firstSeen: at + 44_000,
      dated: { at, origin: "feed", exactness: "instant" },
      fault: null,
      story: [],
      summary: story.body[0]?.[1] ?? "",
      paragraphs: story.body.map(([, text]) => text),
      sentences: story.score === null ? [] : sentences,
      assetScores: story.score === null ? [] : story.assets.map((asset) => scoreOf(asset, sentences)),
      model: story.score === null ? null : MODEL,
    };
  });
  return withFurtherReports(articles);
}

export function filterArticles(articles: readonly ArticleDto[], request: ArticlesRequest): ArticleRowDto[] {
  const words = request.search?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const source = request.sourceId === null ? null : SOURCES[request.sourceId - 1];
  const holds = ({ row, paragraphs }: ArticleDto, word: string) =>
    [row.title, ...paragraphs].some((text) => text.toLowerCase().includes(word));
  return articles
    .filter((article) => words.every((word) => holds(article, word)))
    .map((article) => article.row)
    .filter((row) => request.asset === null || row.assets.some((tag) => tag.asset === request.asset))
    .filter((row) => request.tone === null || row.sentiment?.tone === request.tone)
    .filter((row) => source === null || row.source === source)
    .filter((row) => !(request.unread && row.read))
    .filter((row) => request.before === null || comesAfter(row, request.before, request.beforeId))
    .sort((a, b) => b.availableAt - a.availableAt || b.id - a.id)
    .slice(0, request.limit);
}

function comesAfter(row: ArticleRowDto, before: number, beforeId: number | null): boolean {
  return row.availableAt < before || (row.availableAt === before && beforeId !== null && row.id < beforeId);
}

/** Stories with a report that passes, by their newest report; all reports of such a story are given. */
export function filterStories(articles: readonly ArticleDto[], request: ArticlesRequest): StoryDto[] {
  const everything = { ...request, before: null, beforeId: null, limit: articles.length };
  const passing = new Set(filterArticles(articles, everything).map((row) => row.storyId));
  const rows = articles.map((article) => article.row).sort((a, b) => a.availableAt - b.availableAt || a.id - b.id);
  const stories = [...passing].map((id): StoryDto => {
    const reports = rows.filter((row) => row.storyId === id);
    const sources = [...new Set(reports.map((row) => row.source))];
    return { id, reports, sources, unread: reports.filter((row) => !row.read).length };
  });
  const newest = (story: StoryDto) => story.reports.at(-1);
  return stories
    .filter((story) => {
      const last = newest(story);
      return !!last && (request.before === null || comesAfter(last, request.before, request.beforeId));
    })
    .sort((a, b) => (newest(b)?.availableAt ?? 0) - (newest(a)?.availableAt ?? 0) || b.id - a.id)
    .slice(0, request.limit);
}

export function markersOf(
  articles: readonly ArticleDto[],
  asset: string | null,
  from: number,
  to: number,
): NewsMarkerDto[] {
  return articles
    .map((article) => article.row)
    .filter((row) => row.assets.some((tag) => tag.asset === asset))
    .filter((row) => row.availableAt >= from && row.availableAt < to)
    .map((row) => ({
      articleId: row.id,
      time: row.availableAt,
      title: row.title,
      source: row.source,
      score: row.sentiment?.score ?? null,
    }))
    .sort((a, b) => a.time - b.time);
}

/** Mean sentiment at the close of each bar: a slow wave, so that the pane has a shape, with silent nights. */
export function sentimentColumns(time: readonly number[], seed: number): { value: (number | null)[]; count: number[] } {
  const value = time.map((at, bar) => {
    const silent = new Date(at).getUTCHours() < 3;
    return silent ? null : Math.sin((at / HOUR + seed) / 13) * 0.42 + Math.sin(bar * 1.7) * 0.13;
  });
  return { value, count: value.map((score, bar) => (score === null ? 0 : 1 + (bar % 5))) };
}
