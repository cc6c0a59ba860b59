// The rows of a sweep as they stand in its table. Pure.
import type { SweepRowDto } from "../../backend/bindings";

export interface IndexedRow {
  index: number;
  row: SweepRowDto;
}

/** "fast 10, slow 30" */
export function paramsOfRow(axes: readonly string[], row: SweepRowDto): string {
  return axes.map((name, at) => `${name} ${row.values[at] ?? ""}`).join(", ");
}

/** The rows with the largest Sharpe ratio first; those without one come last, in their order. */
export function ranked(rows: readonly SweepRowDto[]): IndexedRow[] {
  const sharpe = ({ row }: IndexedRow) => row.figures?.sharpe ?? Number.NEGATIVE_INFINITY;
  return rows.map((row, index) => ({ index, row })).toSorted((a, b) => compare(sharpe(b), sharpe(a)));
}

const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
