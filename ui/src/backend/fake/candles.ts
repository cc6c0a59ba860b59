// Candles of the in-memory program: a random walk with clustered volatility, and holes where an exchange would be down.
import type { ChartDto, ChartRequest, IndicatorLineDto, SeriesDto } from "../bindings";
import { DAY, HOUR, MINUTE, START_MS } from "./clock";
import { indicatorLines } from "./indicators";
import { type AbsentSpan, firstJournal, type JournalPage, ledgerFigures, plannedAbsence } from "./ledger";
import { PLANS, type Plan } from "./plans";
import { gaussian, seeded } from "./random";

export const INTERVAL_MS: Record<string, number> = {
  "1s": 1_000,
  "1m": MINUTE,
  "3m": 3 * MINUTE,
  "5m": 5 * MINUTE,
  "15m": 15 * MINUTE,
  "30m": 30 * MINUTE,
  "1h": HOUR,
  "2h": 2 * HOUR,
  "4h": 4 * HOUR,
  "6h": 6 * HOUR,
  "8h": 8 * HOUR,
  "12h": 12 * HOUR,
  "1d": DAY,
  "3d": 3 * DAY,
  "1w": 7 * DAY,
};

/** Columns of one series. */
export interface Columns {
  time: number[];
  open: number[];
  high: number[];
  low: number[];
  close: number[];
  volume: number[];
}

/** A series with its candles. */
export interface Book {
  series: SeriesDto;
  stepMs: number;
  columns: Columns;
  /** What was asked to be kept complete. */
  wanted: { from: number; to: number } | null;
  /** Where the exchange has nothing. */
  absent: AbsentSpan[];
  /** Pages that were stored, the newest first. */
  journal: JournalPage[];
}

const SENTIMENT: readonly (number | null)[] = [
  0.31,
  0.31,
  0.31,
  0.22,
  -0.38,
  0.04,
  -0.03,
  -0.27,
  0.41,
  -0.52,
  0.02,
  null,
  0.31,
];

export function createBooks(): Book[] {
  return PLANS.map((plan, index) => createBook(plan, index + 1));
}

/** A series made after a plan; `id` is its number in the store. */
export function createBook(plan: Plan, id: number): Book {
  const stepMs = INTERVAL_MS[plan.interval] ?? HOUR;
  const columns = walk(plan, stepMs, 977 + (id - 1) * 131);
  const simulated = plan.venue === "simulated";
  const first = columns.time[0] ?? null;
  const book: Book = {
    stepMs,
    columns,
    wanted: first === null ? null : { from: first - (plan.before ?? 0) * stepMs, to: START_MS },
    absent: plannedAbsence(columns.time, stepMs, plan.venue),
    journal: [],
    series: {
      id,
      venue: plan.venue,
      symbol: plan.symbol,
      interval: plan.interval,
      asset: plan.asset,
      simulated,
      priceDecimals: plan.decimals,
      rows: 0,
      first: null,
      last: null,
      gaps: 0,
      absent: 0,
      pending: 0,
      corrections: plan.corrections ?? 0,
      wantedFrom: null,
      lastPrice: null,
      change24h: null,
      sentiment24h: SENTIMENT[id - 1] ?? null,
    },
  };
  book.journal = firstJournal(book);
  restate(book);
  return book;
}

/** Brings the figures of a series in line with its candles. */
export function restate(book: Book): void {
  const { columns, stepMs } = book;
  const lastPrice = columns.close.at(-1) ?? null;
  const dayBack = columns.close.at(-1 - Math.max(1, Math.round(DAY / stepMs)));
  const figures = ledgerFigures(book);
  book.series = {
    ...book.series,
    rows: columns.time.length,
    first: columns.time[0] ?? null,
    last: columns.time.at(-1) ?? null,
    ...figures,
    wantedFrom: book.wanted?.from ?? null,
    lastPrice,
    change24h: lastPrice !== null && dayBack !== undefined ? lastPrice / dayBack - 1 : null,
  };
}

function walk(plan: Plan, stepMs: number, seed: number): Columns {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const lastOpen = Math.floor(START_MS / stepMs) * stepMs - stepMs;
  const holes = new Set<number>();
  for (let hole = 0; hole < plan.gaps; hole += 1) {
    const start = plan.rows - 40 - Math.floor(uniform() * 140) - hole * 400;
    for (let bar = 0; bar < 4 + hole * 3; bar += 1) holes.add(start + bar);
  }
  const columns: Columns = { time: [], open: [], high: [], low: [], close: [], volume: [] };
  const base = 0.0028 * Math.sqrt(stepMs / HOUR);
  let volatility = base;
  let level = 1;
  const steps: { at: number; open: number; close: number; high: number; low: number; volume: number }[] = [];
  for (let bar = 0; bar < plan.rows; bar += 1) {
    volatility = Math.sqrt(0.06 * base ** 2 + 0.82 * volatility ** 2 + 0.12 * (base * normal() * 1.6) ** 2);
    const open = level;
    level *= Math.exp(volatility * normal() + Math.sin(bar / 90) * base * 0.12);
    const spread = volatility * (0.35 + 0.5 * uniform());
    const high = Math.max(open, level) * (1 + spread * uniform());
    const low = Math.min(open, level) * (1 - spread * uniform());
    const volume = (40 + 900 * (volatility / base) ** 2 * (0.4 + uniform())) * (100 / Math.sqrt(plan.price));
    steps.push({ at: lastOpen - (plan.rows - 1 - bar) * stepMs, open, close: level, high, low, volume });
  }
  const scale = plan.price / level;
  const round = (value: number) => Number((value * scale).toFixed(plan.decimals));
  steps.forEach((step, bar) => {
    if (holes.has(bar)) return;
    columns.time.push(step.at);
    columns.open.push(round(step.open));
    columns.high.push(round(step.high));
    columns.low.push(round(step.low));
    columns.close.push(round(step.close));
    columns.volume.push(Number(step.volume.toFixed(3)));
  });
  return columns;
}

export function chartOf(book: Book, request: ChartRequest, books: readonly Book[]): ChartDto {
  const { columns } = book;
  const end = request.before === null ? columns.time.length : lowerBound(columns.time, request.before);
  const start = Math.max(0, end - Math.min(request.limit, 20_000));
  const otherOf = (id: number) => books.find((one) => one.series.id === id)?.columns;
  const lines: IndicatorLineDto[] = request.indicators.flatMap((indicator, drawn) =>
    indicatorLines(indicator, drawn, columns, start, end, otherOf),
  );
  return {
    seriesId: request.seriesId,
    time: columns.time.slice(start, end),
    open: columns.open.slice(start, end),
    high: columns.high.slice(start, end),
    low: columns.low.slice(start, end),
    close: columns.close.slice(start, end),
    volume: columns.volume.slice(start, end),
    indicators: lines,
    hasOlder: start > 0,
  };
}

export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
