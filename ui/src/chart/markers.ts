// News and trades as marks on the candles. Pure; colours are given, so that the theme stays outside.
import type { SeriesMarker, Time } from "lightweight-charts";
import type { NewsMarkerDto, TradeDto } from "../backend/bindings";
import { barAtOrBefore, toTime } from "./points";

/** The stories of one bar under one mark. */
export interface NewsGroup {
  id: string;
  /** Open time of the bar. */
  at: number;
  stories: NewsMarkerDto[];
  /** Mean of the scored ones; null where none is. */
  score: number | null;
}

/** Stories gathered by the bar in which they could first be known. Stories before the first bar are left out. */
export function groupNews(markers: readonly NewsMarkerDto[], time: readonly number[]): NewsGroup[] {
  const groups = new Map<number, NewsMarkerDto[]>();
  for (const marker of markers) {
    const at = time[barAtOrBefore(time, marker.time)];
    if (at === undefined) continue;
    groups.set(at, [...(groups.get(at) ?? []), marker]);
  }
  return [...groups].map(([at, stories]) => {
    const scores = stories.map((story) => story.score).filter((score) => score !== null);
    const score = scores.length > 0 ? scores.reduce((sum, one) => sum + one, 0) / scores.length : null;
    return { id: `news:${at}`, at, stories, score };
  });
}

export function newsMark(group: NewsGroup, colour: (score: number) => string): SeriesMarker<Time> {
  return {
    id: group.id,
    time: toTime(group.at),
    position: "aboveBar",
    // Bad news is square: shape says what colour says.
    shape: group.score !== null && group.score < 0 ? "square" : "circle",
    color: colour(group.score ?? 0),
    size: 0.6 + Math.min(3, group.stories.length) * 0.15,
    ...(group.stories.length > 1 ? { text: String(group.stories.length) } : {}),
  };
}

/** Entry and exit of each trade that lies within the bars. */
export function tradeMarks(
  trades: readonly TradeDto[],
  time: readonly number[],
  colours: { entry: string; gain: string; loss: string },
): SeriesMarker<Time>[] {
  const first = time[0];
  const last = time.at(-1);
  if (first === undefined || last === undefined) return [];
  const inside = (at: number) => at >= first && at <= last;
  return trades.flatMap((trade, index) => {
    const marks: SeriesMarker<Time>[] = [];
    const enter = trade.short ? ("aboveBar" as const) : ("belowBar" as const);
    const leave = trade.short ? ("belowBar" as const) : ("aboveBar" as const);
    if (inside(trade.entryTime)) {
      marks.push({
        id: `trade:${index}:entry`,
        time: toTime(trade.entryTime),
        position: enter,
        shape: trade.short ? "arrowDown" : "arrowUp",
        color: colours.entry,
        size: 1,
      });
    }
    if (inside(trade.exitTime)) {
      marks.push({
        id: `trade:${index}:exit`,
        time: toTime(trade.exitTime),
        position: leave,
        shape: trade.short ? "arrowUp" : "arrowDown",
        color: trade.pnl >= 0 ? colours.gain : colours.loss,
        size: 1,
      });
    }
    return marks;
  });
}

/** Marks in the order of time, as the drawing wants them. */
export function inOrder(marks: readonly SeriesMarker<Time>[]): SeriesMarker<Time>[] {
  return marks.toSorted((a, b) => Number(a.time) - Number(b.time));
}
