// Runs of the in-memory program over several symbols on one account: the strongest few, changed over every so many days.
import type { BacktestRequest, OpenPositionDto, RunReportDto, TradeDto } from "../bindings";
import { reported } from "./backtests";
import type { Book } from "./candles";

const DAY = 86_400_000;

/** What a book's prices are at each open time. */
interface Leg {
  symbol: string;
  barOf: Map<number, number>;
  open: readonly number[];
  close: readonly number[];
  /** The last close so far. */
  last: number;
  held: OpenPositionDto | null;
}

/** Runs a request over the books in their order. */
export function rotateOn(books: readonly [Book, ...Book[]], request: BacktestRequest, id: number): RunReportDto {
  const param = (name: string, initial: number) =>
    request.terms.params.find((given) => given.name === name)?.value ?? initial;
  const [length, hold, days] = [param("length", 30), param("hold", 3), param("days", 7)];
  const legs = books.map(
    ({ series, columns }): Leg => ({
      symbol: series.symbol,
      barOf: new Map(columns.time.map((at, bar) => [at, bar])),
      open: columns.open,
      close: columns.close,
      last: 0,
      held: null,
    }),
  );
  const ends = books.map(({ columns, stepMs }) => (columns.time.at(-1) ?? 0) + stepMs);
  const starts = books.map(({ columns }) => columns.time[0] ?? 0);
  const [from, to] = [request.from ?? Math.min(...starts), request.to ?? Math.max(...ends)];
  const opens = new Set(books.flatMap(({ columns }) => columns.time.filter((at) => at >= from && at < to)));
  const time = [...opens].sort((one, other) => one - other);
  const { fee, slippageBps } = request.terms;
  const cost = fee + slippageBps / 10_000;

  const trades: TradeDto[] = [];
  const equity: number[] = [];
  let cash = request.terms.cash;
  let wanted: readonly Leg[] | null = null;
  let decided = Number.NEGATIVE_INFINITY;
  const worth = () => legs.reduce((sum, { held, last }) => sum + (held?.size ?? 0) * last, cash);
  for (const at of time) {
    const priceOf = (leg: Leg) => leg.open[leg.barOf.get(at) ?? -1] ?? null;
    if (wanted) {
      for (const leg of legs) {
        const price = priceOf(leg);
        if (!leg.held || price === null || wanted.includes(leg)) continue;
        trades.push(sold(leg.symbol, leg.held, at, price, cost));
        cash += leg.held.size * price * (1 - cost);
        leg.held = null;
      }
      const each = worth() / hold;
      for (const leg of wanted) {
        const price = priceOf(leg);
        const spent = Math.min(cash, each);
        if (leg.held || price === null || spent <= 0) continue;
        leg.held = { symbol: leg.symbol, entryTime: at, entryPrice: price, size: spent / (price * (1 + cost)) };
        cash -= spent;
      }
      wanted = null;
    }
    for (const leg of legs) leg.last = leg.close[leg.barOf.get(at) ?? -1] ?? leg.last;
    equity.push(worth());
    if (at - decided >= days * DAY) {
      decided = at;
      const scored = legs.map((leg) => ({ leg, score: changeOf(leg, leg.barOf.get(at) ?? -1, length) }));
      const rising = scored.filter(({ score }) => score > 0).sort((one, other) => other.score - one.score);
      wanted = rising.slice(0, hold).map(({ leg }) => leg);
    }
  }
  return reported(id, request, books, {
    from,
    to,
    time,
    equity,
    benchmark: basketOf(legs, time, request.terms.cash),
    trades,
    openPositions: legs.flatMap(({ held }) => held ?? []),
  });
}

/** The change over so many bars; 0 where there are not so many. */
function changeOf(leg: Leg, bar: number, length: number): number {
  const [now, before] = [leg.close[bar], leg.close[bar - length]];
  return now === undefined || before === undefined ? 0 : now / before - 1;
}

function sold(symbol: string, held: OpenPositionDto, at: number, price: number, cost: number): TradeDto {
  const paid = held.size * held.entryPrice * (1 + cost);
  const pnl = held.size * price * (1 - cost) - paid;
  return {
    symbol,
    short: false,
    entryTime: held.entryTime,
    exitTime: at,
    entryPrice: held.entryPrice,
    exitPrice: price,
    size: held.size,
    pnl,
    returnPct: pnl / paid,
    reason: "signal",
  };
}

/** The same amount in each symbol, from its first bar on. */
function basketOf(legs: readonly Leg[], time: readonly number[], cash: number): number[] {
  const part = cash / legs.length;
  const parts = legs.map((leg): { leg: Leg; first: number | null; now: number } => ({ leg, first: null, now: part }));
  return time.map((at) => {
    for (const one of parts) {
      const price = one.leg.close[one.leg.barOf.get(at) ?? -1];
      if (price === undefined) continue;
      one.first ??= price;
      one.now = (part * price) / one.first;
    }
    return parts.reduce((sum, { now }) => sum + now, 0);
  });
}
