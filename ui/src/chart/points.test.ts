import { describe, expect, it } from "vitest";
import type { ChartDto, TradeDto } from "../backend/bindings";
import { shiftOf } from "./candleChart";
import { groupNews, inOrder, tradeMarks } from "./markers";
import { barAtOrBefore, candlePoints, linePoints, MOST_BARS, slotsOf, timedPoints, volumePoints } from "./points";

const MINUTE = 60_000;
const chart: ChartDto = {
  seriesId: 1,
  time: [0, MINUTE, 4 * MINUTE],
  open: [10, 11, 12],
  high: [12, 13, 14],
  low: [9, 10, 11],
  close: [11, 10, 13],
  volume: [5, 6, 7],
  indicators: [],
  hasOlder: false,
};
const slots = slotsOf(chart.time, MINUTE);

describe("slots", () => {
  it("keep a place for each missing bar", () => {
    expect(slots.map((slot) => slot.bar)).toEqual([0, 1, null, null, 2]);
    expect(slots.map((slot) => slot.at / MINUTE)).toEqual([0, 1, 2, 3, 4]);
  });

  it("have no holes where bars have no fixed length", () => {
    expect(slotsOf(chart.time, null)).toHaveLength(3);
  });

  it("bound the width of a hole and the number of all", () => {
    expect(slotsOf([0, 100_000 * MINUTE], MINUTE).length).toBeLessThan(200);
    const many = Array.from({ length: 25_000 }, (_, bar) => bar * MINUTE);
    const bounded = slotsOf(many, MINUTE);
    expect(bounded).toHaveLength(MOST_BARS);
    expect(bounded.at(-1)?.at).toBe(many.at(-1));
  });
});

describe("points", () => {
  it("are whole seconds, whitespace in holes", () => {
    expect(candlePoints(slots, chart)).toEqual([
      { time: 0, open: 10, high: 12, low: 9, close: 11 },
      { time: 60, open: 11, high: 13, low: 10, close: 10 },
      { time: 120 },
      { time: 180 },
      { time: 240, open: 12, high: 14, low: 11, close: 13 },
    ]);
  });

  it("colour volume by the candle", () => {
    const colours = volumePoints(slots, chart, "up", "down").map((point) => ("color" in point ? point.color : null));
    expect(colours).toEqual(["up", "down", null, null, "up"]);
  });

  it("leave out what is not defined yet", () => {
    expect(linePoints(slots, [null, 10.5, 11])).toEqual([
      { time: 0 },
      { time: 60, value: 10.5 },
      { time: 120 },
      { time: 180 },
      { time: 240, value: 11 },
    ]);
  });

  it("take sentiment by its own times", () => {
    const points = timedPoints(slots, [MINUTE, 4 * MINUTE], [0.5, null], (value) => (value > 0 ? "pos" : "neg"));
    expect(points).toEqual([
      { time: 0 },
      { time: 60, value: 0.5, color: "pos" },
      { time: 120 },
      { time: 180 },
      { time: 240 },
    ]);
  });

  it.each([
    [-1, -1],
    [0, 0],
    [59_999, 0],
    [3 * MINUTE, 1],
    [9 * MINUTE, 2],
  ])("the bar at or before %i is %i", (at, bar) => expect(barAtOrBefore(chart.time, at)).toBe(bar));
});

describe("marks", () => {
  it("gather stories by the bar in which they could be known", () => {
    const story = (articleId: number, time: number, score: number | null) => ({
      articleId,
      time,
      title: "",
      source: "",
      score,
    });
    const groups = groupNews(
      [story(1, 30_000, 0.5), story(2, 59_000, null), story(3, 3 * MINUTE, -0.4), story(4, -5, 1)],
      chart.time,
    );
    expect(groups.map(({ at, score, stories }) => [at, score, stories.map((one) => one.articleId)])).toEqual([
      [0, 0.5, [1, 2]],
      [MINUTE, -0.4, [3]],
    ]);
  });

  it("draw only the ends of trades that lie within the bars", () => {
    const trade = (entryTime: number, exitTime: number, pnl: number, short = false): TradeDto => ({
      symbol: null,
      short,
      entryTime,
      exitTime,
      entryPrice: 1,
      exitPrice: 2,
      size: 1,
      pnl,
      returnPct: 0,
      reason: "signal",
    });
    const marks = inOrder(
      tradeMarks([trade(MINUTE, 9 * MINUTE, 5), trade(0, 4 * MINUTE, -1, true)], chart.time, {
        entry: "accent",
        gain: "gain",
        loss: "loss",
      }),
    );
    expect(marks.map((mark) => [mark.time, mark.shape, mark.position, mark.color])).toEqual([
      [0, "arrowDown", "aboveBar", "accent"],
      [60, "arrowUp", "belowBar", "accent"],
      [240, "arrowUp", "belowBar", "loss"],
    ]);
  });
});

describe("shiftOf", () => {
  const bars = (...at: number[]) => at.map((one) => ({ at: one, bar: 0 }));
  it.each([
    [bars(3, 4), bars(1, 2, 3, 4), 2],
    [bars(1, 2, 3), bars(3, 4), -2],
    [bars(1, 2), bars(1, 2, 3), 0],
    [bars(1, 2), bars(8, 9), null],
    [[], bars(1), null],
  ])("%j to %j", (before, after, expected) => expect(shiftOf(before, after)).toBe(expected));
});
