// A few indicators of the in-memory program. The real ones are computed by the program, never by the window.
import type { IndicatorDto, IndicatorLineDto, IndicatorRequest } from "../bindings";
import type { Columns } from "./candles";

const length = (initial: number) => [{ name: "length", default: initial, min: 1, max: 500 }];

export const INDICATORS: readonly IndicatorDto[] = [
  {
    id: "sma",
    title: "Simple moving average",
    about: "The mean of the last closes.",
    pane: "overlay",
    params: length(20),
  },
  {
    id: "ema",
    title: "Exponential moving average",
    about: "A mean that weighs later closes more.",
    pane: "overlay",
    params: length(20),
  },
  {
    id: "rsi",
    title: "Relative strength index",
    about: "How much of the recent movement was upward, 0 to 100.",
    pane: "own",
    params: length(14),
  },
];

export function sma(values: readonly number[], bars: number): (number | null)[] {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (index >= bars ? (values[index - bars] ?? 0) : 0);
    return index >= bars - 1 ? sum / bars : null;
  });
}

function ema(values: readonly number[], bars: number): (number | null)[] {
  const weight = 2 / (bars + 1);
  let state: number | undefined;
  return values.map((value, index) => {
    state = state === undefined ? value : state + weight * (value - state);
    return index >= bars - 1 ? state : null;
  });
}

function rsi(values: readonly number[], bars: number): (number | null)[] {
  let up = 0;
  let down = 0;
  return values.map((value, index) => {
    const change = value - (values[index - 1] ?? value);
    up = (up * (bars - 1) + Math.max(change, 0)) / bars;
    down = (down * (bars - 1) + Math.max(-change, 0)) / bars;
    return index >= bars ? 100 - 100 / (1 + up / (down || 1e-9)) : null;
  });
}

export function indicatorLine(
  request: IndicatorRequest,
  columns: Columns,
  start: number,
  end: number,
): IndicatorLineDto[] {
  const about = INDICATORS.find((known) => known.id === request.id);
  if (!about) return [];
  const bars = request.params[0] ?? about.params[0]?.default ?? 20;
  const compute = { sma, ema, rsi }[request.id] ?? sma;
  const values = compute(columns.close, bars).slice(start, end);
  return [{ id: about.id, name: `${about.id.toUpperCase()} ${bars}`, pane: about.pane, values }];
}
