import { describe, expect, it } from "vitest";
import type { IndicatorLineDto, IndicatorRequest, SeriesDto } from "../../backend/bindings";
import { createBooks } from "../../backend/fake/candles";
import { indicatorLines, indicators } from "../../backend/fake/indicators";
import { drawnLines, matchAsked, ownDecimals } from "../../chart/drawnLines";
import { type ChosenIndicator, migrate } from "../../preferences";
import { findIndicators, GROUPS, matchRank } from "./findIndicators";
import { nameOf } from "./IndicatorRow";
import { stepOf } from "./IndicatorSettings";
import { ALIASES } from "./indicatorAliases";
import { wordsOf } from "./savePicture";
import { askedOf, freshIndicator } from "./useIndicators";
import { ownPanes, possibleOthers } from "./usePlacing";

const known = indicators();
const of = (id: string) => {
  const found = known.find((one) => one.id === id);
  if (!found) throw new Error(`the catalogue has no ${id}`);
  return found;
};
const chosen = (id: string, change: Partial<ChosenIndicator> = {}): ChosenIndicator => ({
  ...freshIndicator(of(id)),
  ...change,
});
const ids = (
  shelf: Parameters<typeof findIndicators>[1],
  query: string,
  favourites: string[] = [],
  recent: string[] = [],
) =>
  findIndicators(known, shelf, query, favourites, recent).flatMap(({ indicators }) => indicators.map(({ id }) => id));

describe("the catalogue", () => {
  it("has every indicator on one shelf", () => {
    expect(known.length).toBeGreaterThan(100);
    expect(ids("all", "")).toHaveLength(known.length);
    expect(GROUPS.flatMap((group) => ids(group, ""))).toEqual(ids("all", ""));
  });

  it("is known by other names, each of an indicator that is there", () => {
    expect(Object.keys(ALIASES).filter((id) => !known.some((one) => one.id === id))).toEqual([]);
  });

  it.each([
    ["rsi", "rsi"],
    ["RSI", "rsi"],
    ["bb", "bollinger"],
    ["psar", "sar"],
    ["hv", "hist_vol"],
    ["relative strength", "rsi"],
    ["bollinger", "bollinger"],
    ["stoch rsi", "stochrsi"],
    ["%b", "bollinger_percent"],
    ["wilder's", "rma"],
    ["pearson", "correlation"],
    ["stop and reverse", "sar"],
  ])("%j finds %s first", (query, first) => {
    expect(ids("all", query)[0]).toBe(first);
  });

  it("finds by what an indicator tells, after what it is called", () => {
    expect(matchRank(of("mfi"), "volume 100")).toBe(2);
    expect(ids("all", "volume").indexOf("obv")).toBeGreaterThanOrEqual(0);
    expect(ids("all", "no such thing")).toEqual([]);
  });

  it("is narrowed to a shelf, to favourites and to what was added last", () => {
    expect(ids("volatility", "range")).toEqual(expect.arrayContaining(["atr", "tr"]));
    expect(ids("volatility", "macd")).toEqual([]);
    expect(ids("favourites", "", ["macd", "gone", "atr"])).toEqual(["macd", "atr"]);
    expect(ids("recent", "", [], ["obv"])).toEqual(["obv"]);
    const sections = findIndicators(known, "all", "", ["macd"], ["obv"]).map(({ group }) => group);
    expect(sections.slice(0, 3)).toEqual(["favourites", "recent", "averages"]);
  });
});

describe("what is chosen", () => {
  const [btc] = createBooks().map((book) => book.series);
  if (!btc) throw new Error("the in-memory program has no series");
  const other = (id: number, symbol: string, interval: string): SeriesDto => ({ ...btc, id, symbol, interval });
  const eth = other(20, "ETHUSDT", "1h");
  const all = [btc, other(21, "ETHUSDT", "4h"), other(22, "BTCUSDT", "4h"), eth];
  const against = { venue: btc.venue, symbol: "ETHUSDT" };

  it("is asked for with the second series of the chart's interval", () => {
    const two = [chosen("sma"), chosen("correlation", { other: against })];
    expect(askedOf(two, btc, all)[1]).toEqual({ owner: 1, request: { id: "correlation", params: [30], other: 20 } });
    expect(askedOf(two, other(22, "BTCUSDT", "4h"), all)[1]?.request.other).toBe(21);
  });

  it("waits where that is not stored", () => {
    expect(askedOf([chosen("correlation", { other: against }), chosen("sma")], btc, [btc])).toEqual([
      { owner: 1, request: { id: "sma", params: [20], other: null } },
    ]);
  });

  it("can be held against other symbols with candles of the same length", () => {
    expect(possibleOthers(btc, all)).toEqual([eth]);
  });

  it("shares panes by kind, or by choice", () => {
    const panes = ownPanes([chosen("rsi"), chosen("sma"), chosen("rsi"), chosen("mfi", { pane: "rsi" })], known);
    expect(panes).toEqual([{ pane: "rsi", titles: [of("rsi").title, of("rsi").title, of("mfi").title] }]);
  });

  it("has a short name", () => {
    expect(nameOf(chosen("bollinger"))).toBe("BOLLINGER 20 2");
    expect(nameOf(chosen("correlation", { other: against }))).toBe("CORRELATION 30 ETHUSDT");
    expect(nameOf(chosen("hist_vol"))).toMatch(/^HIST VOL /);
  });

  it("moves by a whole bar or by the last digit of the usual value", () => {
    const steps = of("sar").params.map(stepOf);
    expect(steps).toEqual([0.01, 0.1]);
    expect(of("bollinger").params.map(stepOf)).toEqual([1, 0.1]);
  });

  it("is taken over from a window of before", () => {
    const old = { logScale: true, indicators: [{ id: "rsi", params: [14] }] };
    expect(migrate(old)).toEqual({ logScale: true, indicators: [chosen("rsi")] });
    expect(migrate({ welcomeDismissed: true })).toEqual({ welcomeDismissed: true });
    expect(migrate(null)).toEqual({});
  });
});

describe("lines", () => {
  const [book] = createBooks();
  if (!book) throw new Error("the in-memory program has no series");
  const linesOf = (...list: ChosenIndicator[]): IndicatorLineDto[] =>
    list.flatMap(({ id, params }, drawn) =>
      indicatorLines({ id, params, other: null }, drawn, book.columns, 0, 300, () => undefined),
    );
  const draw = (...list: ChosenIndicator[]) =>
    drawnLines(
      linesOf(...list),
      list,
      list.map((_, at) => at),
    ).map(({ output, pane, shape, colour, hidden }) => [output, pane, shape, colour, hidden]);

  it("of one indicator stand in one pane, each in its colour and shape", () => {
    expect(draw(chosen("macd"))).toEqual([
      ["macd", "macd", "line", 0, false],
      ["signal", "macd", "line", 1, false],
      ["histogram", "macd", "histogram", 2, false],
    ]);
  });

  it("of a band have one colour for its edges, and the candles count colours on", () => {
    expect(draw(chosen("sma"), chosen("bollinger", { hidden: true }))).toEqual([
      ["value", "price", "line", 0, false],
      ["upper", "price", "line", 1, true],
      ["mid", "price", "line", 2, true],
      ["lower", "price", "line", 1, true],
    ]);
  });

  it("of the same kind share a pane, others where they are told to", () => {
    const panes = draw(chosen("rsi"), chosen("rsi"), chosen("mfi", { pane: "rsi" }), chosen("cci"));
    expect(panes.map(([, pane, , colour]) => [pane, colour])).toEqual([
      ["rsi", 0],
      ["rsi", 1],
      ["rsi", 2],
      ["cci", 0],
    ]);
  });

  it("that nobody wants any more are not drawn", () => {
    const list = [chosen("rsi"), chosen("sma")];
    expect(drawnLines(linesOf(...list), list, [null, 1]).map(({ pane }) => pane)).toEqual(["price"]);
  });

  const ask = (id: string, ...params: number[]): IndicatorRequest => ({ id, params, other: null });
  it.each([
    [[ask("sma", 20)], [ask("sma", 50)], [0]],
    [[ask("sma", 20), ask("rsi", 14)], [ask("rsi", 14)], [null, 0]],
    [[ask("sma", 20), ask("sma", 20)], [ask("sma", 20)], [0, null]],
    [[ask("rsi", 14)], [ask("sma", 20), ask("rsi", 14)], [1]],
    [[], [ask("sma", 20)], []],
  ])("asked as %o belong to %o at %o", (asked, now, places) => {
    expect(matchAsked(asked, now)).toEqual(places);
  });

  it.each([
    [[50.123], 2],
    [[250_000], 0],
    [[0.0123], 4],
    [[0.5, null], 3],
    [[null, 0], 2],
    [[1e-9], 8],
  ])("with %o need %i decimals", (values, decimals) => {
    expect(ownDecimals(values)).toBe(decimals);
  });

  it("are named in pictures at the top of their panes, but not the hidden ones", () => {
    const list = [chosen("sma"), chosen("rsi"), chosen("ema", { hidden: true })];
    const lines = drawnLines(linesOf(...list), list, [0, 1, 2]);
    const panes = [
      { pane: "price", top: 0, height: 400 },
      { pane: "rsi", top: 401, height: 90 },
    ];
    expect(wordsOf(lines, panes, (index) => `c${index}`)).toEqual([
      { text: "SMA 20", colour: "c0", top: 12 },
      { text: "RSI 14", colour: "c0", top: 413 },
    ]);
  });
});
