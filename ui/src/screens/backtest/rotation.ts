// What the form knows of strategies that rotate over several symbols on one account. Pure.
import type { SeriesDto } from "../../backend/bindings";
import type { Fault } from "./faults";
import type { Terms } from "./terms";

/** Most symbols of a rotation, as the engine has it. */
export const MOST_SYMBOLS = 500;

/** The terms with what a rotation does not take left as it must be. */
export function termsOfRotation(terms: Terms): Terms {
  return { ...terms, size: "all", side: null, fills: null, margin: false, funding: null };
}

/** The series that can be on one account with the first: of its venue, its interval, and with bars. */
export function possibleOthers(series: SeriesDto | null, all: readonly SeriesDto[]): SeriesDto[] {
  if (!series) return [];
  const { id, venue, symbol, interval } = series;
  return all.filter(
    (one) => one.id !== id && one.venue === venue && one.interval === interval && one.symbol !== symbol && one.rows > 0,
  );
}

/** The chosen ones among the possible, in the order they were chosen: it decides between equal scores. */
export function chosenOthers(chosen: readonly number[] | null, possible: readonly SeriesDto[]): SeriesDto[] {
  return [...new Set(chosen ?? [])].flatMap((id) => possible.find((one) => one.id === id) ?? []);
}

/** What keeps these from being run together over a span; null bounds are those of each series. */
export function othersFault(
  others: readonly SeriesDto[],
  { from, to }: { from: number | null; to: number | null },
): Fault | null {
  if (others.length === 0) return { kind: "fewSymbols" };
  if (others.length >= MOST_SYMBOLS) return { kind: "manySymbols", limit: MOST_SYMBOLS };
  const empty = others.find(
    ({ first, last }) =>
      first !== null && last !== null && ((from !== null && from > last) || (to !== null && to <= first)),
  );
  return empty ? { kind: "noBars", symbol: empty.symbol } : null;
}

/** The choice with one series more, or one less. */
export function toggled(chosen: readonly number[], id: number): number[] {
  return chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id];
}

/** The possible ones whose symbol holds the text, those that begin with it first. */
export function matching(possible: readonly SeriesDto[], text: string): SeriesDto[] {
  const wanted = text.trim().toUpperCase();
  const found = possible.filter(({ symbol }) => symbol.toUpperCase().includes(wanted));
  const begins = ({ symbol }: SeriesDto) => (symbol.toUpperCase().startsWith(wanted) ? 0 : 1);
  return found.sort((one, other) => begins(one) - begins(other));
}
