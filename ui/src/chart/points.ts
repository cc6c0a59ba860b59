// From the program's columns to the points of the drawing. Pure.
import type { UTCTimestamp } from "lightweight-charts";
import type { ChartDto } from "../backend/bindings";

/** More bars than this are never drawn: a live update costs time for each of them. */
export const MOST_BARS = 20_000;
/** A longer hole is drawn this wide. */
const WIDEST_GAP = 120;

/** A place on the time axis: a bar, or a hole where one is missing. */
export interface Slot {
  /** Open time in milliseconds. */
  at: number;
  /** Index into the columns; null in a hole. */
  bar: number | null;
}

function assertTime(_seconds: number): asserts _seconds is UTCTimestamp {}

/** Milliseconds as the drawing's time. */
export function toTime(ms: number): UTCTimestamp {
  const seconds = ms / 1_000;
  assertTime(seconds);
  return seconds;
}

/** The axis of some bars: holes between them stay visible. `stepMs` is null where bars have no fixed length. */
export function slotsOf(time: readonly number[], stepMs: number | null): Slot[] {
  const slots: Slot[] = [];
  time.forEach((at, bar) => {
    const before = time[bar - 1];
    if (stepMs !== null && before !== undefined) {
      const missing = Math.min(WIDEST_GAP, Math.round((at - before) / stepMs) - 1);
      for (let hole = 1; hole <= missing; hole += 1) slots.push({ at: before + hole * stepMs, bar: null });
    }
    slots.push({ at, bar });
  });
  return slots.length > MOST_BARS ? slots.slice(slots.length - MOST_BARS) : slots;
}

export type CandlePoint = { time: UTCTimestamp; open: number; high: number; low: number; close: number };
export type ValuePoint = { time: UTCTimestamp; value: number; color?: string };
export type Hole = { time: UTCTimestamp };

export function candlePoints(slots: readonly Slot[], chart: ChartDto): (CandlePoint | Hole)[] {
  return slots.map(({ at, bar }) => {
    const time = toTime(at);
    const candle = bar === null ? null : candleAt(chart, bar);
    return candle ? { time, open: candle.open, high: candle.high, low: candle.low, close: candle.close } : { time };
  });
}

export function volumePoints(slots: readonly Slot[], chart: ChartDto, up: string, down: string): (ValuePoint | Hole)[] {
  return slots.map(({ at, bar }) => {
    const time = toTime(at);
    const candle = bar === null ? null : candleAt(chart, bar);
    return candle ? { time, value: candle.volume, color: candle.close >= candle.open ? up : down } : { time };
  });
}

export function linePoints(slots: readonly Slot[], values: readonly (number | null)[]): (ValuePoint | Hole)[] {
  return slots.map(({ at, bar }) => {
    const value = bar === null ? null : (values[bar] ?? null);
    return value === null ? { time: toTime(at) } : { time: toTime(at), value };
  });
}

/** Values by their own times, such as sentiment, on the bars' axis. */
export function timedPoints(
  slots: readonly Slot[],
  time: readonly number[],
  values: readonly (number | null)[],
  colour: (value: number) => string,
): (ValuePoint | Hole)[] {
  const byTime = new Map(time.map((at, index) => [at, values[index] ?? null]));
  return slots.map(({ at }) => {
    const value = byTime.get(at) ?? null;
    return value === null ? { time: toTime(at) } : { time: toTime(at), value, color: colour(value) };
  });
}

export interface Candle {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** One bar of the columns; null beyond their ends. */
export function candleAt(chart: ChartDto, bar: number): Candle | null {
  const time = chart.time[bar];
  const open = chart.open[bar];
  const high = chart.high[bar];
  const low = chart.low[bar];
  const close = chart.close[bar];
  if (time === undefined || open === undefined || high === undefined || low === undefined || close === undefined) {
    return null;
  }
  return { time, open, high, low, close, volume: chart.volume[bar] ?? 0 };
}

/** The last bar that opens at or before a time; -1 where all are later. */
export function barAtOrBefore(time: readonly number[], at: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((time[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
