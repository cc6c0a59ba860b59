// Indicators of the in-memory program: the real catalogue, with lines that only look like the real ones. Those are computed
// by the program, never by the window.
import type { IndicatorDto, IndicatorLineDto, IndicatorRequest } from "../bindings";
import type { Columns } from "./candles";
import catalogue from "./indicators.json?raw";

let known: IndicatorDto[] | undefined;

/** The catalogue, a copy that a test of the program keeps true. Read when it is first asked for: it is big. */
export function indicators(): IndicatorDto[] {
  known ??= readCatalogue();
  return known;
}

function readCatalogue(): IndicatorDto[] {
  return JSON.parse(catalogue);
}

type Column = (number | null)[];

export function sma(values: readonly number[], bars: number): Column {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (index >= bars ? (values[index - bars] ?? 0) : 0);
    return index >= bars - 1 ? sum / bars : null;
  });
}

function ema(values: readonly number[], bars: number): Column {
  const weight = 2 / (bars + 1);
  let state: number | undefined;
  return values.map((value, index) => {
    state = state === undefined ? value : state + weight * (value - state);
    return index >= bars - 1 ? state : null;
  });
}

function rsi(values: readonly number[], bars: number): Column {
  let up = 0;
  let down = 0;
  return values.map((value, index) => {
    const change = value - (values[index - 1] ?? value);
    up = (up * (bars - 1) + Math.max(change, 0)) / bars;
    down = (down * (bars - 1) + Math.max(-change, 0)) / bars;
    return index >= bars ? 100 - 100 / (1 + up / (down || 1e-9)) : null;
  });
}

/** The middle, moved by so many mean changes of a bar. */
function band(close: readonly number[], bars: number, widths: number): Column {
  const changes = close.map((value, index) => Math.abs(value - (close[index - 1] ?? value)));
  const mean = sma(changes, bars);
  return sma(close, bars).map((middle, index) => (middle === null ? null : middle + widths * 3 * (mean[index] ?? 0)));
}

function difference(close: readonly number[], fast: number, slow: number): Column {
  const slower = ema(close, slow);
  return ema(close, fast).map((value, index) => {
    const other = slower[index] ?? null;
    return value === null || other === null ? null : value - other;
  });
}

/** How much two columns move along, over so many bars. */
function correlation(a: readonly number[], b: readonly (number | undefined)[], bars: number): Column {
  return a.map((_, end) => {
    if (end < bars - 1) return null;
    const pairs: [number, number][] = [];
    for (let at = end - bars + 1; at <= end; at += 1) {
      const [one, other] = [a[at], b[at]];
      if (one === undefined || other === undefined) return null;
      pairs.push([one, other]);
    }
    const mean = (pick: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[pick], 0) / bars;
    const [meanA, meanB] = [mean(0), mean(1)];
    const sum = (term: (x: number, y: number) => number) =>
      pairs.reduce((total, [x, y]) => total + term(x - meanA, y - meanB), 0);
    const spread = Math.sqrt(sum((x) => x * x) * sum((_x, y) => y * y));
    return spread === 0 ? null : sum((x, y) => x * y) / spread;
  });
}

function column(
  about: IndicatorDto,
  output: number,
  params: readonly number[],
  columns: Columns,
  other?: Columns,
): Column {
  const { close } = columns;
  const bars = Math.max(2, params[0] ?? 14);
  const id = about.outputs[output]?.id ?? "value";
  const width = params[1] ?? 2;
  if (about.input === "other") {
    const at = new Map(other?.time.map((time, index) => [time, other.close[index]]));
    return correlation(
      close,
      columns.time.map((time) => at.get(time)),
      bars,
    );
  }
  if (id === "upper" || id === "lower") return band(close, bars, id === "upper" ? width : -width);
  if (id === "histogram" || id === "signal" || about.id === "macd") {
    const main = difference(close, bars, params[1] ?? bars * 2);
    const signal = ema(
      main.map((value) => value ?? 0),
      params[2] ?? 9,
    );
    if (id === "signal") return signal;
    return id === "histogram"
      ? main.map((value, index) => (value === null ? null : value - (signal[index] ?? 0)))
      : main;
  }
  if (about.pane === "own") return rsi(close, Math.round(bars) + output * 7);
  return (about.id === "ema" ? ema : sma)(close, Math.round(bars) + output * 12);
}

/** The lines of one indicator asked for, at place `drawn`. `otherOf` finds the second series. */
export function indicatorLines(
  request: IndicatorRequest,
  drawn: number,
  columns: Columns,
  start: number,
  end: number,
  otherOf: (id: number) => Columns | undefined,
): IndicatorLineDto[] {
  const about = indicators().find((one) => one.id === request.id);
  if (!about) return [];
  const params = about.params.map((param, at) => request.params[at] ?? param.default);
  const shown = about.outputs.filter((output) => output.shape !== "hidden");
  const label = [about.id.toUpperCase(), ...params].join(" ");
  return about.outputs.flatMap(({ id, shape }, at) => {
    if (shape === "hidden") return [];
    const other = request.other === null ? undefined : otherOf(request.other);
    const values = column(about, at, params, columns, other).slice(start, end);
    const name = shown.length > 1 ? `${label} ${id}` : label;
    return [{ drawn, id: about.id, output: id, name, pane: about.pane, shape, values }];
  });
}
