// Everything the screens read, as query options. Keys are built in one place, so that `events.ts` can name them.
import { queryOptions } from "@tanstack/react-query";
import type {
  ArticlesRequest,
  ChartDto,
  ChartRequest,
  IndicatorRequest,
  MoodStudyRequest,
  SentimentSeriesRequest,
} from "./bindings";
import { answer, commands } from "./client";

/** Query keys; the first element names the thing, the rest narrow it. */
export const keys = {
  appInfo: ["appInfo"],
  status: ["status"],
  settings: ["settings"],
  jobs: ["jobs"],
  series: ["series"],
  gaps: ["gaps"],
  gapsOf: (seriesId: number) => ["gaps", seriesId],
  ledger: ["ledger"],
  ledgerOf: (seriesId: number) => ["ledger", seriesId],
  strip: ["strip"],
  stripOf: (seriesId: number) => ["strip", seriesId],
  chart: ["chart"],
  chartOf: (seriesId: number) => ["chart", seriesId],
  indicators: ["indicators"],
  venues: ["venues"],
  symbols: ["symbols"],
  connections: ["connections"],
  watchlist: ["watchlist"],
  articles: ["articles"],
  stories: ["stories"],
  article: ["article"],
  articleOf: (id: number) => ["article", id],
  sources: ["sources"],
  markers: ["markers"],
  sentiment: ["sentiment"],
  models: ["models"],
  modelCard: ["modelCard"],
  evaluations: ["evaluations"],
  study: ["study"],
  strategies: ["strategies"],
  language: ["language"],
  runs: ["runs"],
  run: ["run"],
  runOf: (id: number) => ["run", id],
  sweeps: ["sweeps"],
  sweep: ["sweep"],
  sweepOf: (id: number) => ["sweep", id],
  session: ["session"],
  update: ["update"],
} as const;

/** Bars with what was asked for with them: while others are on the way, lines are still told apart. */
export interface LoadedChart extends ChartDto {
  asked: IndicatorRequest[];
}

export const queries = {
  appInfo: () => queryOptions({ queryKey: keys.appInfo, queryFn: () => commands.appInfo(), staleTime: Infinity }),
  status: () =>
    queryOptions({ queryKey: keys.status, queryFn: () => answer(commands.status()), refetchInterval: 30_000 }),
  settings: () => queryOptions({ queryKey: keys.settings, queryFn: () => answer(commands.settings()) }),
  jobs: () => queryOptions({ queryKey: keys.jobs, queryFn: () => answer(commands.jobs()) }),
  series: () => queryOptions({ queryKey: keys.series, queryFn: () => answer(commands.listSeries()) }),
  gaps: (seriesId: number) =>
    queryOptions({ queryKey: keys.gapsOf(seriesId), queryFn: () => answer(commands.seriesGaps(seriesId)) }),
  chart: (request: ChartRequest) =>
    queryOptions({
      queryKey: [...keys.chartOf(request.seriesId), request],
      queryFn: async (): Promise<LoadedChart> => ({
        ...(await answer(commands.loadChart(request))),
        asked: request.indicators,
      }),
      // A window of bars is big: one that is no longer looked at is dropped soon.
      gcTime: 30_000,
    }),
  indicators: () =>
    queryOptions({ queryKey: keys.indicators, queryFn: () => commands.listIndicators(), staleTime: Infinity }),
  /** Coverage of a span in so many cells; of all that is stored or wanted where an end is null. */
  strip: (seriesId: number, from: number | null, to: number | null, buckets: number) =>
    queryOptions({
      queryKey: [...keys.stripOf(seriesId), from, to, buckets],
      queryFn: () => answer(commands.coverageStrip(seriesId, from, to, buckets)),
    }),
  ledger: (seriesId: number, buckets: number) =>
    queryOptions({
      queryKey: [...keys.ledgerOf(seriesId), buckets],
      queryFn: () => answer(commands.seriesLedger(seriesId, buckets)),
    }),
  venues: () =>
    queryOptions({ queryKey: keys.venues, queryFn: () => answer(commands.listVenues()), staleTime: Infinity }),
  symbols: (venue: string | null, query: string) =>
    queryOptions({
      queryKey: [...keys.symbols, venue, query],
      queryFn: () => answer(commands.searchSymbols(venue, query)),
      staleTime: 60_000,
    }),
  connections: () => queryOptions({ queryKey: keys.connections, queryFn: () => answer(commands.connections()) }),
  watchlist: () => queryOptions({ queryKey: keys.watchlist, queryFn: () => answer(commands.watchlist()) }),
  articles: (request: ArticlesRequest) =>
    queryOptions({ queryKey: [...keys.articles, request], queryFn: () => answer(commands.listArticles(request)) }),
  stories: (request: ArticlesRequest) =>
    queryOptions({ queryKey: [...keys.stories, request], queryFn: () => answer(commands.listStories(request)) }),
  article: (id: number) =>
    queryOptions({ queryKey: keys.articleOf(id), queryFn: () => answer(commands.readArticle(id)) }),
  sources: () => queryOptions({ queryKey: keys.sources, queryFn: () => answer(commands.listSources()) }),
  markers: (seriesId: number, from: number, to: number) =>
    queryOptions({
      queryKey: [...keys.markers, seriesId, from, to],
      queryFn: () => answer(commands.newsMarkers(seriesId, from, to)),
    }),
  sentiment: (request: SentimentSeriesRequest) =>
    queryOptions({
      queryKey: [...keys.sentiment, request],
      queryFn: () => answer(commands.sentimentSeries(request)),
    }),
  models: () => queryOptions({ queryKey: keys.models, queryFn: () => answer(commands.listModels()) }),
  modelCard: (id: string) =>
    queryOptions({ queryKey: [...keys.modelCard, id], queryFn: () => answer(commands.modelCard(id)) }),
  evaluations: () => queryOptions({ queryKey: keys.evaluations, queryFn: () => answer(commands.listEvaluations()) }),
  /** Reads all candles of a series: what is no longer looked at is dropped soon, and nothing is asked again by itself. */
  study: (request: MoodStudyRequest) =>
    queryOptions({
      queryKey: [...keys.study, request],
      queryFn: () => answer(commands.moodStudy(request)),
      staleTime: Infinity,
      gcTime: 60_000,
    }),
  language: () =>
    queryOptions({ queryKey: keys.language, queryFn: () => commands.strategyLanguage(), staleTime: Infinity }),
  strategies: () => queryOptions({ queryKey: keys.strategies, queryFn: () => answer(commands.listStrategies()) }),
  runs: () => queryOptions({ queryKey: keys.runs, queryFn: () => answer(commands.listRuns()) }),
  run: (id: number) => queryOptions({ queryKey: keys.runOf(id), queryFn: () => answer(commands.readRun(id)) }),
  sweeps: () => queryOptions({ queryKey: keys.sweeps, queryFn: () => answer(commands.listSweeps()) }),
  sweep: (id: number) =>
    // Thousands of rows: what is no longer looked at is dropped soon.
    queryOptions({ queryKey: keys.sweepOf(id), queryFn: () => answer(commands.readSweep(id)), gcTime: 30_000 }),
  session: () => queryOptions({ queryKey: keys.session, queryFn: () => answer(commands.session()) }),
} as const;
