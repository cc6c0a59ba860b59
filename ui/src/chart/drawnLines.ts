// Whose line is whose, in which pane and colour each is drawn. Pure.
import type { IndicatorLineDto, IndicatorRequest, ShapeDto } from "../backend/bindings";

/** The pane of the candles. */
export const PRICE_PANE = "price";
/** The pane of the news sentiment. */
export const SENTIMENT_PANE = "sentiment";
/** So many panes of their own leave the candles enough room. */
export const MOST_OWN = 3;

/** What the drawing knows of an indicator on the chart. */
export interface Owner {
  id: string;
  hidden: boolean;
  /** The pane it shares; its own when null. */
  pane: string | null;
}

export interface DrawnLine {
  /** Place of its indicator among those chosen. */
  owner: number;
  output: string;
  name: string;
  pane: string;
  shape: ShapeDto;
  /** Which of the colours of lines. */
  colour: number;
  hidden: boolean;
  values: readonly (number | null)[];
}

const same = (a: IndicatorRequest, b: IndicatorRequest) =>
  a.id === b.id &&
  a.other === b.other &&
  a.params.length === b.params.length &&
  a.params.every((v, i) => v === b.params[i]);

/**
 * Which of the requests made now each of those belongs to that the loaded lines were asked with; null for one that is no
 * longer wanted. While only a parameter changes, the old line stands for the new one.
 */
export function matchAsked(asked: readonly IndicatorRequest[], now: readonly IndicatorRequest[]): (number | null)[] {
  const onlyChanged = asked.length === now.length && asked.every((one, at) => one.id === now[at]?.id);
  if (onlyChanged) return asked.map((_, at) => at);
  const taken = new Set<number>();
  return asked.map((one) => {
    const at = now.findIndex((other, place) => !taken.has(place) && same(one, other));
    if (at < 0) return null;
    taken.add(at);
    return at;
  });
}

/** The pane of an indicator that has one of its own: several of the same kind share a scale, so they share a pane. */
export function paneOf(owner: Owner): string {
  return owner.pane ?? owner.id;
}

/** Names of outputs that are two edges of one band: they have one colour. */
const EDGES: readonly string[] = ["upper", "lower"];

/** Places and colours of the lines. `owners` are the indicators chosen, `ownerOf` the owner of each indicator asked for. */
export function drawnLines(
  lines: readonly IndicatorLineDto[],
  owners: readonly Owner[],
  ownerOf: readonly (number | null)[],
): DrawnLine[] {
  const next = new Map<string, number>();
  const edges = new Map<number, number>();
  return lines.flatMap((line) => {
    const owner = ownerOf[line.drawn] ?? null;
    const about = owner === null ? undefined : owners[owner];
    if (owner === null || about === undefined) return [];
    const pane = line.pane === "own" ? paneOf(about) : PRICE_PANE;
    const isEdge = EDGES.includes(line.output);
    let colour = isEdge ? edges.get(owner) : undefined;
    if (colour === undefined) {
      colour = next.get(pane) ?? 0;
      next.set(pane, colour + 1);
      if (isEdge) edges.set(owner, colour);
    }
    const { output, name, shape, values } = line;
    return [{ owner, output, name, pane, shape, colour, hidden: about.hidden, values }];
  });
}

/** Decimals that tell the last values of a line in a pane of its own apart. */
export function ownDecimals(values: readonly (number | null)[]): number {
  let greatest = 0;
  for (const value of values.slice(-200)) greatest = Math.max(greatest, Math.abs(value ?? 0));
  if (greatest === 0 || greatest >= 1) return greatest >= 10_000 ? 0 : 2;
  return Math.min(8, 2 - Math.floor(Math.log10(greatest)));
}
