// What the palette offers: symbols, intervals, screens, actions. Pure, so that its order can be tested.
import type { SeriesDto } from "../backend/bindings";

/** A stored symbol of one venue with its series, the shortest interval first. */
export interface SymbolGroup {
  key: string;
  venue: string;
  symbol: string;
  series: SeriesDto[];
}

const UNIT_MS: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
};

/** The length of an interval in milliseconds; a month counts 30 days. NaN for what is no interval. */
export function intervalMs(interval: string): number {
  return Number(interval.slice(0, -1)) * (UNIT_MS[interval.slice(-1)] ?? Number.NaN);
}

/** Series by venue and symbol, in the order of their first appearance. */
export function groupBySymbol(series: readonly SeriesDto[]): SymbolGroup[] {
  const groups = new Map<string, SymbolGroup>();
  for (const one of series) {
    const key = `${one.venue}:${one.symbol}`;
    const group = groups.get(key) ?? { key, venue: one.venue, symbol: one.symbol, series: [] };
    group.series.push(one);
    groups.set(key, group);
  }
  for (const group of groups.values()) group.series.sort((a, b) => intervalMs(a.interval) - intervalMs(b.interval));
  return [...groups.values()];
}

/** The series of a group to open first: the wished interval, else an hour, else the shortest. */
export function preferredSeries(group: SymbolGroup, interval?: string): SeriesDto | undefined {
  return (
    group.series.find((one) => one.interval === interval) ??
    group.series.find((one) => one.interval === "1h") ??
    group.series[0]
  );
}

/**
 * How well an entry fits what was typed: 1 the same, above 0 it fits, 0 it does not. Beginnings beat word beginnings,
 * those beat what is inside a word, and that beats letters in order from the beginning of a word ("bus": BTCUSDT).
 */
export function matchScore(entry: string, typed: string): number {
  const text = entry.toLowerCase();
  const wanted = typed.trim().toLowerCase();
  if (wanted === "" || text === wanted) return 1;
  if (text.startsWith(wanted)) return 0.9;
  const words = text.split(/[\s·/]+/);
  if (words.some((word) => word.startsWith(wanted))) return 0.8;
  if (text.includes(wanted)) return 0.6;
  return words.some((word) => word[0] === wanted[0] && inOrder(word, wanted)) ? 0.3 : 0;
}

function inOrder(word: string, letters: string): boolean {
  let at = 0;
  for (const letter of letters) {
    at = word.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
