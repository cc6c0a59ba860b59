// Monthly returns as a table of years. Pure.
import type { MonthDto } from "../../backend/bindings";

export interface HeatYear {
  year: number;
  /** January first; null where the run has no bars. */
  months: readonly (number | null)[];
  /** The months compounded. */
  total: number;
}

export function heatYears(months: readonly MonthDto[]): HeatYear[] {
  const byYear = new Map<number, (number | null)[]>();
  for (const { year, month, totalReturn } of months) {
    const row = byYear.get(year) ?? Array.from({ length: 12 }, () => null);
    row[month - 1] = totalReturn;
    byYear.set(year, row);
  }
  return [...byYear]
    .sort(([a], [b]) => a - b)
    .map(([year, row]) => ({
      year,
      months: row,
      total: row.reduce<number>((sum, one) => sum * (1 + (one ?? 0)), 1) - 1,
    }));
}

/** How much of the colour a month gets, in percent: 8 at nothing, full at a fifth of the equity. */
export function heatShare(value: number): number {
  return Math.round(8 + Math.min(1, Math.abs(value) / 0.2) * 52);
}
