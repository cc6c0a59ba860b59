// Runs of the in-memory program: crossing averages over its candles, long only.
import type {
  BacktestRequest,
  MetricDto,
  MonthDto,
  RollingDto,
  RunDto,
  RunReportDto,
  SpreadDto,
  TermsDto,
  TradeDto,
} from "../bindings";
import type { Book } from "./candles";
import { fakeNow } from "./clock";
import { sma } from "./indicators";

/** What a run is made by where nothing else is said. */
export const USUAL_TERMS: TermsDto = {
  params: [],
  fee: 0.001,
  makerFee: null,
  slippageBps: 0,
  spreadBps: 0,
  impactBps: 0,
  cash: 10_000,
  size: "all",
  side: null,
  leverage: null,
  maintenance: null,
  tick: 0,
  lot: 0,
  minNotional: 0,
  daysPerYear: 365,
  fills: null,
  funding: null,
};

/** Runs a request over a book. The first figure that is not finite stays out of the report. */
export function runOn(book: Book, request: BacktestRequest, id: number): RunReportDto {
  const terms = resolved(request.terms);
  const from = request.from ?? book.columns.time[0] ?? 0;
  const to = request.to ?? (book.columns.time.at(-1) ?? 0) + book.stepMs;
  const picked = book.columns.time.map((at, bar) => ({ at, bar })).filter(({ at }) => at >= from && at < to);
  const close = picked.map(({ bar }) => book.columns.close[bar] ?? 0);
  const open = picked.map(({ bar }) => book.columns.open[bar] ?? 0);
  const time = picked.map(({ at }) => at);
  const param = (name: string, initial: number) => terms.params.find((given) => given.name === name)?.value ?? initial;
  const slow = sma(close, param("slow", 30));
  const fast = sma(close, param("fast", request.strategy === "sma-cross" ? 10 : 1));
  const hold = request.strategy === "buy-and-hold";
  const wanted = close.map(
    (_, bar) => hold || ((fast[bar] ?? 0) > (slow[bar] ?? Number.MAX_VALUE) && slow[bar] !== null),
  );
  const cost = terms.fee + (terms.slippageBps + terms.spreadBps / 2) / 10_000;

  const trades: TradeDto[] = [];
  const equity: number[] = [];
  let cash = terms.cash;
  let units = 0;
  let entry: { at: number; price: number } | null = null;
  for (let bar = 0; bar < close.length; bar += 1) {
    const price = open[bar] ?? 0;
    const signal = bar > 0 && wanted[bar - 1] === true;
    if (signal && !entry) {
      units = cash / (price * (1 + cost));
      cash = 0;
      entry = { at: time[bar] ?? 0, price };
    } else if (!signal && entry && !hold) {
      cash = units * price * (1 - cost);
      const paid = units * entry.price * (1 + cost);
      trades.push({
        symbol: null,
        short: false,
        entryTime: entry.at,
        exitTime: time[bar] ?? 0,
        entryPrice: entry.price,
        exitPrice: price,
        size: units,
        pnl: cash - paid,
        returnPct: cash / paid - 1,
        reason: "signal",
      });
      units = 0;
      entry = null;
    }
    equity.push(cash + units * (close[bar] ?? 0));
  }
  const first = close[0] ?? 1;
  return reported(id, request, [book], {
    from,
    to,
    time,
    equity,
    benchmark: close.map((price) => (terms.cash * price) / first),
    trades,
    openPositions: entry ? [{ symbol: null, entryTime: entry.at, entryPrice: entry.price, size: units }] : [],
  });
}

/** What came of a run, before its figures. */
export interface Outcome extends Pick<RunReportDto, "trades" | "openPositions"> {
  from: number;
  to: number;
  time: number[];
  equity: number[];
  benchmark: number[];
}

/** The report on an outcome; the first of the books is the run's own series. */
export function reported(
  id: number,
  request: BacktestRequest,
  [book, ...others]: readonly [Book, ...Book[]],
  { from, to, time, equity, benchmark, trades, openPositions }: Outcome,
): RunReportDto {
  const terms = resolved(request.terms);
  const drawdown = fallOf(equity);
  const run: RunDto = {
    id,
    strategy: request.strategy,
    seriesId: book.series.id,
    venue: book.series.venue,
    symbol: book.series.symbol,
    others: others.map(({ series }) => ({ symbol: series.symbol, seriesId: series.id })),
    interval: book.series.interval,
    from,
    to,
    params: terms.params,
    finished: fakeNow(),
    bars: time.length,
    gaps: [book, ...others].reduce((sum, { series }) => sum + series.gaps, 0),
    trades: trades.length,
    totalReturn: (equity.at(-1) ?? terms.cash) / terms.cash - 1,
    benchmarkReturn: (benchmark.at(-1) ?? terms.cash) / terms.cash - 1,
    sharpe: sharpeOf(equity, 8_760),
    maxDrawdown: Math.min(0, ...drawdown),
    hash: hashOf({ ...request, from, to, terms, paid: request.terms.funding }),
    note: "",
  };
  const report = {
    run,
    terms,
    engine: "2",
    fineShare: null,
    metrics: metricsOf(run, trades, equity, request.terms.funding === null ? 0 : 12.5),
    benchmark: [
      { id: "total_return", value: run.benchmarkReturn },
      { id: "max_drawdown", value: Math.min(0, ...fallOf(benchmark)) },
      { id: "bar_sharpe_ddof1", value: sharpeOf(benchmark, 8_760) },
    ],
    equity: { time, equity, benchmark, drawdown },
    rolling: rollingOf(time, equity),
    spread: spreadOf(trades.map((trade) => trade.returnPct)),
    months: monthsOf(time, equity, terms.cash),
    trades,
    openPositions,
    warnings: book.series.simulated ? ["The series is simulated: the figures say nothing about a market."] : [],
  };
  // A stored report says neither its number nor when it was made.
  return { ...report, digest: hashOf({ ...report, run: { ...run, id: 0, finished: 0 } }) };
}

/** What the script and the data decide where the form leaves it open. */
function resolved(terms: TermsDto): TermsDto {
  const maintenance = terms.leverage === null ? null : (terms.maintenance ?? 0.005);
  return { ...terms, side: terms.side ?? "long", fills: terms.fills ?? "r1", maintenance, funding: null };
}

/** The same inputs give the same (FNV-1a, repeated to the usual length). */
function hashOf(inputs: object): string {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify(inputs)) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0").repeat(8);
}

/** A ratio every ten days, over the 30 before. */
function rollingOf(time: readonly number[], equity: readonly number[]): RollingDto {
  const rolling: RollingDto = { window: 30, time: [], sharpe: [] };
  for (let end = 720; end < equity.length; end += 240) {
    rolling.time.push(time[end] ?? 0);
    rolling.sharpe.push(sharpeOf(equity.slice(end - 720, end), 8_760) ?? 0);
  }
  return rolling;
}

function spreadOf(returns: readonly number[]): SpreadDto {
  const sorted = [...returns].sort((one, other) => one - other);
  const width = 0.01;
  const from = Math.floor((sorted[0] ?? 0) / width) * width;
  const counts = Array.from({ length: 20 }, (_, index) => {
    const low = from + index * width;
    return sorted.filter((value) => value >= low && (value < low + width || index === 19)).length;
  });
  const at = (part: number) => sorted[Math.round(part * (sorted.length - 1))] ?? 0;
  return { from, width, counts, quantiles: sorted.length === 0 ? [] : [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1].map(at) };
}

function fallOf(equity: readonly number[]): number[] {
  let peak = Number.NEGATIVE_INFINITY;
  return equity.map((value) => {
    peak = Math.max(peak, value);
    return value / peak - 1;
  });
}

function sharpeOf(equity: readonly number[], perYear: number): number | null {
  const returns = equity.slice(1).map((value, bar) => value / (equity[bar] ?? value) - 1);
  const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
  const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (returns.length - 1);
  return variance > 0 ? (mean / Math.sqrt(variance)) * Math.sqrt(perYear) : null;
}

function metricsOf(run: RunDto, trades: readonly TradeDto[], equity: readonly number[], funding: number): MetricDto[] {
  const won = trades.filter((trade) => trade.pnl > 0);
  const gain = won.reduce((sum, trade) => sum + trade.pnl, 0);
  const loss = trades.reduce((sum, trade) => sum + Math.min(0, trade.pnl), 0);
  const years = (run.to - run.from) / (365 * 86_400_000);
  return [
    { id: "final_equity", value: equity.at(-1) ?? null },
    { id: "total_return", value: run.totalReturn },
    { id: "n_closed_trades", value: trades.length },
    { id: "bar_annual_return", value: (1 + run.totalReturn) ** (1 / years) - 1 },
    { id: "max_drawdown", value: run.maxDrawdown },
    { id: "longest_drawdown_ms", value: longestFall(equity) * ((run.to - run.from) / Math.max(1, run.bars)) },
    { id: "bar_sharpe_ddof1", value: run.sharpe },
    { id: "bar_sortino", value: run.sharpe === null ? null : run.sharpe * 1.42 },
    { id: "win_rate", value: trades.length ? won.length / trades.length : null },
    { id: "profit_factor", value: loss < 0 ? gain / -loss : null },
    { id: "fees_paid", value: trades.reduce((sum, trade) => sum + trade.size * trade.entryPrice * 0.002, 0) },
    { id: "exposure_bars", value: 0.53 },
    { id: "funding_paid", value: funding },
    { id: "bar_calmar", value: run.maxDrawdown < 0 ? (1 + run.totalReturn) ** (1 / years) / -run.maxDrawdown : null },
    { id: "best_trade", value: Math.max(0, ...trades.map((trade) => trade.returnPct)) },
    { id: "worst_trade", value: Math.min(0, ...trades.map((trade) => trade.returnPct)) },
    { id: "ambiguous_fills", value: 0 },
    { id: "margin_calls", value: 0 },
    { id: "liquidations", value: 0 },
    { id: "refused_entries", value: 0 },
  ];
}

/** Bars of the longest time below a peak. */
function longestFall(equity: readonly number[]): number {
  let peak = Number.NEGATIVE_INFINITY;
  let since = 0;
  return equity.reduce((longest, value, bar) => {
    if (value >= peak) {
      peak = value;
      since = bar;
    }
    return Math.max(longest, bar - since);
  }, 0);
}

function monthsOf(time: readonly number[], equity: readonly number[], cash: number): MonthDto[] {
  const ends = new Map<string, { year: number; month: number; end: number }>();
  time.forEach((at, bar) => {
    const day = new Date(at);
    const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + 1];
    ends.set(`${year}-${month}`, { year, month, end: equity[bar] ?? cash });
  });
  let before = cash;
  return [...ends.values()].map(({ year, month, end }) => {
    const totalReturn = end / before - 1;
    before = end;
    return { year, month, totalReturn };
  });
}
