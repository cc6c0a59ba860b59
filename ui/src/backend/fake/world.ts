// The state of the in-memory program and its bus.
import type { Channel } from "@tauri-apps/api/core";
import type {
  ArticleDto,
  EvaluationDto,
  EventDto,
  JobDto,
  LiveStateDto,
  ModelLineDto,
  RunReportDto,
  SessionDto,
  SettingsDto,
  SourceDto,
  StrategyDto,
  SweepReportDto,
  WatchSymbolDto,
} from "../bindings";
import { createArticles, createSources } from "./articles";
import { runOn, USUAL_TERMS } from "./backtests";
import { type Book, createBooks } from "./candles";
import { fakeNow, MINUTE, START_MS } from "./clock";
import { createModels } from "./models";
import { rotateOn } from "./rotations";
import { createStrategies } from "./strategies";
import { firstPrices, firstWatchlist } from "./watching";

export interface World {
  flags: URLSearchParams;
  books: Book[];
  articles: ArticleDto[];
  sources: SourceDto[];
  strategies: StrategyDto[];
  runs: RunReportDto[];
  sweeps: SweepReportDto[];
  evaluations: EvaluationDto[];
  models: ModelLineDto[];
  jobs: JobDto[];
  settings: SettingsDto;
  session: SessionDto;
  live: LiveStateDto;
  watchlist: WatchSymbolDto[];
  /** Prices of the exchanges' symbols, by venue and symbol. */
  prices: Map<string, number>;
  /** When the ticker last told something; null while it stands. */
  tickedAt: number | null;
  ticker: ReturnType<typeof setInterval> | undefined;
  startedAt: number;
  /** A connection was tried at once, which went well. */
  tried: boolean;
  listeners: Channel<EventDto[]>[];
}

/**
 * What the browser remembers as `promptpal.fake` chooses a state, as tests need it: `empty` starts without any data,
 * `account` with an issuer, `signed-in` with a session, `offline` without a network, `live` with a running stream,
 * `connection=banned` with that state of the first venue, `rotation` with a run over several symbols, `foreign` with a
 * file whose columns must be chosen, `failing` with ledgers, symbols and a watchlist that cannot be read, `slow` with
 * answers that never come, `no-model` without a sentiment model.
 */
export function createWorld(flags: URLSearchParams): World {
  const empty = flags.has("empty");
  const books = empty ? [] : createBooks();
  const world: World = {
    flags,
    books,
    articles: empty ? [] : createArticles(),
    sources: empty ? [] : createSources(),
    strategies: createStrategies(),
    runs: [],
    sweeps: [],
    evaluations: [],
    models: createModels(),
    jobs: empty ? [] : startJobs(),
    settings: {
      theme: "system",
      zone: "utc",
      candleColours: "greenUp",
      restUrl: null,
      streamUrl: null,
      crawlMinutes: 15,
      scoreAutomatically: true,
      engine: "exact",
      issuerUrl: flags.has("account") || flags.has("signed-in") ? "https://id.example.org" : null,
      clientId: "promptpal-desktop",
    },
    session: sessionOf(flags),
    live: flags.has("live") ? { state: "live", seriesIds: [6] } : { state: "off" },
    watchlist: firstWatchlist(books),
    prices: firstPrices(),
    tickedAt: null,
    ticker: undefined,
    startedAt: fakeNow(),
    tried: false,
    listeners: [],
  };
  const first = books[0];
  if (first) {
    for (const [fast, slow] of [
      [24, 168],
      [10, 30],
      [5, 50],
    ] as const) {
      const params = [
        { name: "fast", value: fast },
        { name: "slow", value: slow },
      ];
      const request = {
        strategy: "sma-cross",
        seriesId: 1,
        otherIds: [],
        from: null,
        to: null,
        terms: { ...USUAL_TERMS, params },
      };
      world.runs.unshift(runOn(first, request, world.runs.length + 1));
    }
    if (flags.has("rotation")) {
      const others = books.filter(({ series }) => series.venue === "simulated" && [4, 5].includes(series.id));
      const request = {
        strategy: "momentum-rotation",
        seriesId: 1,
        otherIds: others.map(({ series }) => series.id),
        from: null,
        to: null,
        terms: {
          ...USUAL_TERMS,
          params: [
            { name: "length", value: 168 },
            { name: "hold", value: 2 },
            { name: "days", value: 3 },
          ],
        },
      };
      world.runs.unshift(rotateOn([first, ...others], request, world.runs.length + 1));
    }
  }
  return world;
}

function sessionOf(flags: URLSearchParams): SessionDto {
  if (flags.has("signed-in")) {
    return {
      state: "signedIn",
      profile: { subject: "1001", name: "Ada Byron", email: "ada@example.org" },
      offlineSince: null,
    };
  }
  return flags.has("account") ? { state: "signedOut" } : { state: "notConfigured" };
}

export function announce(world: World, ...events: EventDto[]): void {
  for (const listener of world.listeners) listener.onmessage(events);
}

/** What the program says in English and the window must never show: it has its own words for the codes. */
const ENGLISH = "(English of the program)";

export function blankJob(id: string, task: JobDto["task"], subject: string | null): JobDto {
  return {
    id,
    kind: task === "downloadModel" || task === "importModel" ? "model" : task,
    title: ENGLISH,
    task,
    subject,
    state: "running",
    phase: ENGLISH,
    now: null,
    done: 0,
    total: null,
    unit: ENGLISH,
    counts: null,
    rate: null,
    etaMs: null,
    started: START_MS,
    finished: null,
    error: null,
    log: [],
    seriesId: null,
    seriesKey: null,
    resultId: null,
    changes: null,
  };
}

function startJobs(): JobDto[] {
  return [
    {
      ...blankJob("j3", "fetch", "ETHUSDT 1m"),
      seriesKey: { venue: "binance", symbol: "ETHUSDT", interval: "1m" },
      now: { step: "fetching", of: ["ETHUSDT 1m"] },
      done: 10_080,
      total: 24_480,
      counts: "candles",
      rate: 938,
      etaMs: 15_000,
      started: START_MS - MINUTE,
      log: ["asked for 2024-01-09 to 2024-01-26", "page 10 of 25"],
    },
    {
      ...blankJob("j2", "import", "BTCEUR 1d"),
      state: "interrupted",
      done: 412,
      total: 730,
      started: START_MS - 42 * MINUTE,
      log: ["the program ended while this job ran; retrying asks the store what is missing"],
    },
    {
      ...blankJob("j1", "sample", null),
      state: "succeeded",
      done: 3,
      total: 3,
      started: START_MS - 44 * MINUTE,
      finished: START_MS - 43 * MINUTE,
      log: ["3 symbols, 24 articles, everything is simulated"],
    },
  ];
}
