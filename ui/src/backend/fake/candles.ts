// Candles of the in-memory program: a random walk with clustered volatility, and holes where an exchange would be down.
import type { ChartDto, ChartRequest, GapDto, IndicatorLineDto, SeriesDto } from "../bindings";
import { DAY, HOUR, MINUTE, START_MS } from "./clock";
import { indicatorLine } from "./indicators";
import { gaussian, seeded } from "./random";

export const INTERVAL_MS: Record<string, number> = {
  "1m": MINUTE,
  "15m": 15 * MINUTE,
  "1h": HOUR,
  "4h": 4 * HOUR,
  "1d": DAY,
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
}

interface Plan {
  venue: string;
  symbol: string;
  asset: string;
  interval: string;
  rows: number;
  price: number;
  decimals: number;
  gaps: number;
}

const PLANS: readonly Plan[] = [
  {
    venue: "simulated",
    symbol: "BTCUSDT",
    asset: "BTC",
    interval: "1h",
    rows: 4_320,
    price: 41_844.26,
    decimals: 2,
    gaps: 3,
  },
  {
    venue: "simulated",
    symbol: "BTCUSDT",
    asset: "BTC",
    interval: "15m",
    rows: 2_880,
    price: 41_844.26,
    decimals: 2,
    gaps: 1,
  },
  {
    venue: "simulated",
    symbol: "BTCUSDT",
    asset: "BTC",
    interval: "1d",
    rows: 1_120,
    price: 41_844.26,
    decimals: 2,
    gaps: 0,
  },
  {
    venue: "simulated",
    symbol: "ETHUSDT",
    asset: "ETH",
    interval: "1h",
    rows: 4_320,
    price: 2_211.08,
    decimals: 2,
    gaps: 2,
  },
  {
    venue: "simulated",
    symbol: "SOLUSDT",
    asset: "SOL",
    interval: "1h",
    rows: 4_320,
    price: 98.41,
    decimals: 3,
    gaps: 4,
  },
  {
    venue: "binance",
    symbol: "BNBUSDT",
    asset: "BNB",
    interval: "1h",
    rows: 2_160,
    price: 301.5,
    decimals: 1,
    gaps: 0,
  },
  {
    venue: "binance",
    symbol: "XRPUSDT",
    asset: "XRP",
    interval: "1h",
    rows: 2_160,
    price: 0.5142,
    decimals: 4,
    gaps: 1,
  },
  {
    venue: "binance",
    symbol: "ADAUSDT",
    asset: "ADA",
    interval: "1h",
    rows: 2_160,
    price: 0.4871,
    decimals: 4,
    gaps: 0,
  },
  {
    venue: "binance",
    symbol: "DOGEUSDT",
    asset: "DOGE",
    interval: "4h",
    rows: 2_160,
    price: 0.07962,
    decimals: 5,
    gaps: 0,
  },
  {
    venue: "binance",
    symbol: "AVAXUSDT",
    asset: "AVAX",
    interval: "1h",
    rows: 1_440,
    price: 33.12,
    decimals: 2,
    gaps: 2,
  },
  {
    venue: "binance",
    symbol: "LINKUSDT",
    asset: "LINK",
    interval: "1h",
    rows: 1_440,
    price: 14.27,
    decimals: 3,
    gaps: 0,
  },
  { venue: "binance", symbol: "LTCUSDT", asset: "LTC", interval: "1d", rows: 900, price: 67.3, decimals: 2, gaps: 0 },
  { venue: "csv", symbol: "BTCEUR", asset: "BTC", interval: "1d", rows: 730, price: 38_420.5, decimals: 1, gaps: 1 },
];

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
  return PLANS.map((plan, index) => createBook(plan, index));
}

function createBook(plan: Plan, index: number): Book {
  const stepMs = INTERVAL_MS[plan.interval] ?? HOUR;
  const columns = walk(plan, stepMs, 977 + index * 131);
  const last = columns.time.at(-1) ?? null;
  const lastPrice = columns.close.at(-1) ?? null;
  const dayBack = columns.close.at(-1 - Math.max(1, Math.round(DAY / stepMs)));
  return {
    stepMs,
    columns,
    series: {
      id: index + 1,
      venue: plan.venue,
      symbol: plan.symbol,
      interval: plan.interval,
      asset: plan.asset,
      simulated: plan.venue === "simulated",
      priceDecimals: plan.decimals,
      rows: columns.time.length,
      first: columns.time[0] ?? null,
      last,
      gaps: findGaps(columns.time, stepMs).length,
      lastPrice,
      change24h: lastPrice !== null && dayBack !== undefined ? lastPrice / dayBack - 1 : null,
      sentiment24h: SENTIMENT[index] ?? null,
    },
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

export function findGaps(time: readonly number[], stepMs: number): GapDto[] {
  const gaps: GapDto[] = [];
  for (let bar = 1; bar < time.length; bar += 1) {
    const before = time[bar - 1];
    const at = time[bar];
    if (before === undefined || at === undefined || at - before <= stepMs) continue;
    const from = before + stepMs;
    const reason = gaps.length % 2 === 0 ? "exchangeAbsent" : "pending";
    gaps.push({ from, to: at, missing: Math.round((at - from) / stepMs), reason });
  }
  return gaps;
}

export function chartOf(book: Book, request: ChartRequest): ChartDto {
  const { columns } = book;
  const end = request.before === null ? columns.time.length : lowerBound(columns.time, request.before);
  const start = Math.max(0, end - Math.min(request.limit, 20_000));
  const lines: IndicatorLineDto[] = request.indicators.flatMap((indicator) =>
    indicatorLine(indicator, columns, start, end),
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
