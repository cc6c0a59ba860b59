// Which series the table lists, and how much of what is wanted is stored.
import type { SeriesDto } from "../../backend/bindings";

export const FILTERS = ["all", "exchange", "simulated", "imported", "gaps", "pending"] as const;
export type Filter = (typeof FILTERS)[number];

/** Venues that candles are fetched from; every other name was given to an imported file. */
const EXCHANGES: readonly string[] = ["binance", "binance-us", "coinbase"];

export function matches(series: SeriesDto, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "exchange":
      return EXCHANGES.includes(series.venue);
    case "simulated":
      return series.simulated;
    case "imported":
      return !EXCHANGES.includes(series.venue) && !series.simulated;
    case "gaps":
      return series.gaps > 0;
    case "pending":
      return series.pending > 0;
  }
}

/** The stored share of what was ever wanted, in [0, 1]. */
export function storedShare(series: SeriesDto): number {
  const all = series.rows + series.absent + series.pending;
  return all === 0 ? 0 : series.rows / all;
}
