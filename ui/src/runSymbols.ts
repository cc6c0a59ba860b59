// On which symbols a run is, and which series each of them is stored as. Pure.
import type { RunDto, RunReportDto, SeriesDto, TradeDto } from "./backend/bindings";

type OnSymbols = Pick<RunDto, "symbol" | "others">;
type OnSeries = OnSymbols & Pick<RunDto, "seriesId">;

/** Every symbol, in the order of the run. */
export const symbolsOf = (run: OnSymbols): string[] => [run.symbol, ...run.others.map(({ symbol }) => symbol)];

/** "BTCUSDT, ETHUSDT": every symbol, for where there is room. */
export const symbolsInFull = (run: OnSymbols): string => symbolsOf(run).join(", ");

/** "BTCUSDT", or "BTCUSDT +3" for a run on four. */
export function symbolsInShort(run: OnSymbols): string {
  return run.others.length === 0 ? run.symbol : `${run.symbol} +${run.others.length}`;
}

/** The series of a symbol of the run; without a symbol, its first. Null where it is not stored any more. */
export function seriesOfSymbol(run: OnSeries, symbol: string | null): number | null {
  if (symbol === null || symbol === run.symbol) return run.seriesId;
  return run.others.find((other) => other.symbol === symbol)?.seriesId ?? null;
}

/** The numbers of the run's other series; null where one of them is not stored any more. */
export function otherSeriesOf(run: Pick<RunDto, "others">): number[] | null {
  const ids = run.others.flatMap(({ seriesId }) => (seriesId === null ? [] : [seriesId]));
  return ids.length === run.others.length ? ids : null;
}

/** Decimals of the prices of each symbol of the run. */
export function decimalsOf(run: OnSeries, stored: readonly SeriesDto[]): (symbol: string | null) => number {
  const byId = new Map(stored.map((series) => [series.id, series.priceDecimals]));
  const bySymbol = new Map(symbolsOf(run).map((symbol) => [symbol, byId.get(seriesOfSymbol(run, symbol) ?? -1)]));
  return (symbol) => bySymbol.get(symbol ?? run.symbol) ?? 2;
}

/** The trades of a run that were made on one series. */
export function tradesOn({ run, trades }: Pick<RunReportDto, "run" | "trades">, series: number): readonly TradeDto[] {
  return trades.filter(({ symbol }) => seriesOfSymbol(run, symbol) === series);
}
