// The rows of a sweep as a map of two parameters. Pure.
import type { SweepReportDto, SweepRowDto } from "../../backend/bindings";

export const HEAT_FIGURES = ["return", "sharpe", "drawdown", "trades"] as const;
export type HeatFigure = (typeof HEAT_FIGURES)[number];

export interface HeatMap {
  /** The parameter that goes down; null where only one is tried. */
  down: string | null;
  across: string;
  /** Values that go down; one empty row where only one parameter is tried. */
  rows: readonly (number | null)[];
  columns: readonly number[];
  /** Numbers of the sweep's rows, line by line. */
  cells: readonly (readonly number[])[];
}

/** The map of a sweep of one or two parameters; null for more. Rows come with the last parameter changing fastest. */
export function heatMapOf({ sweep, rows }: Pick<SweepReportDto, "sweep" | "rows">): HeatMap | null {
  const [first, second] = sweep.axes;
  if (first === undefined || sweep.axes.length > 2) return null;
  const across = second === undefined ? 0 : 1;
  const columns = distinct(rows, across);
  const down = second === undefined ? [null] : distinct(rows, 0);
  return {
    down: second === undefined ? null : first,
    across: second ?? first,
    rows: down,
    columns,
    cells: down.map((_, line) => columns.map((_, column) => line * columns.length + column)),
  };
}

function distinct(rows: readonly SweepRowDto[], axis: number): number[] {
  return [...new Set(rows.flatMap(({ values }) => values[axis] ?? []))];
}

export function heatValue(row: SweepRowDto | undefined, figure: HeatFigure): number | null {
  const figures = row?.figures;
  if (!figures) return null;
  switch (figure) {
    case "return":
      return figures.totalReturn;
    case "sharpe":
      return figures.sharpe;
    case "drawdown":
      return figures.maxDrawdown;
    case "trades":
      return figures.trades;
  }
}

/** The smallest and the largest distance from zero; the smallest is zero where the values lie on both sides of it. */
export interface HeatScale {
  low: number;
  high: number;
}

export function heatScale(rows: readonly SweepRowDto[], figure: HeatFigure): HeatScale {
  const values = rows.flatMap((row) => heatValue(row, figure) ?? []);
  if (values.length === 0) return { low: 0, high: 0 };
  // Not spread into Math.min: there may be ten thousand.
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  const ends = [Math.abs(least), Math.abs(most)] as const;
  return { low: least < 0 && most > 0 ? 0 : Math.min(...ends), high: Math.max(...ends) };
}

/** Profit and loss have their colours; how many trades there were is neither. The further from zero, the more of it. */
export function heatColour(value: number, { low, high }: HeatScale, figure: HeatFigure): string {
  const token = figure === "trades" ? "accent" : value < 0 ? "loss" : "gain";
  const part = high > low ? (Math.abs(value) - low) / (high - low) : 0.5;
  return `color-mix(in srgb, var(--color-${token}) ${Math.round(8 + part * 52)}%, var(--color-panel))`;
}

/** More columns leave no room for figures: then colour and the line below the map tell. */
const MOST_LABELLED = 14;
/** Pixels that the cells of a map without figures may take together, so that all of it is seen at once. */
const HEIGHT = 200;

export interface HeatLook {
  /** Whether the cells hold figures. */
  figures: boolean;
  /** Height of a cell in pixels. */
  cell: number;
  /** Pixels between two cells. */
  gap: number;
  /** Every so many columns and lines are named. */
  columnsNamed: number;
  linesNamed: number;
}

export function heatLook({ rows, columns }: HeatMap): HeatLook {
  if (columns.length <= MOST_LABELLED) return { figures: true, cell: 24, gap: 2, columnsNamed: 1, linesNamed: 1 };
  const gap = 1;
  const cell = Math.min(16, Math.max(4, Math.floor(HEIGHT / rows.length) - gap));
  return {
    figures: false,
    cell,
    gap,
    columnsNamed: Math.ceil(columns.length / MOST_LABELLED),
    linesNamed: Math.ceil(14 / (cell + gap)),
  };
}

/** The row with the best of a figure, the first of several; the least trades are no merit. */
export function bestRow(rows: readonly SweepRowDto[], figure: HeatFigure): number | null {
  let best: number | null = null;
  rows.forEach((row, index) => {
    const value = heatValue(row, figure);
    const so = best === null ? null : heatValue(rows[best], figure);
    if (value !== null && (so === null || value > so)) best = index;
  });
  return best;
}

/** Where an arrow key leads from a cell; null where it leads nowhere. */
export function heatStep(key: string, from: number, columns: number, count: number): number | null {
  const column = from % columns;
  const targets: Record<string, number | null> = {
    ArrowRight: column === columns - 1 ? null : from + 1,
    ArrowLeft: column === 0 ? null : from - 1,
    ArrowDown: from + columns,
    ArrowUp: from - columns,
  };
  const target = targets[key] ?? null;
  return target !== null && target >= 0 && target < count ? target : null;
}
