// Which series the table lists, and how much of their span is stored.
import type { SeriesDto } from "../../backend/bindings";
import { intervalMs } from "../../shell/paletteItems";

export const FILTERS = ["all", "exchange", "simulated", "imported", "gaps"] as const;
export type Filter = (typeof FILTERS)[number];

export function matches(series: SeriesDto, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "exchange":
      return series.venue === "binance";
    case "simulated":
      return series.simulated;
    case "imported":
      return series.venue !== "binance" && !series.simulated;
    case "gaps":
      return series.gaps > 0;
  }
}

/** The stored share of the candles between the first and the last, in [0, 1]; null while it cannot be told. */
export function coverageOf(series: SeriesDto): number | null {
  if (series.first === null || series.last === null) return null;
  // Months have no fixed length: only their holes tell.
  if (series.interval.endsWith("M")) return series.gaps === 0 ? 1 : null;
  const expected = Math.round((series.last - series.first) / intervalMs(series.interval)) + 1;
  return expected > 0 ? Math.min(1, series.rows / expected) : null;
}

/** Candles that are missing between the first and the last. */
export function missingOf(series: SeriesDto): number | null {
  const covered = coverageOf(series);
  return covered === null ? null : Math.round(series.rows / covered) - series.rows;
}
