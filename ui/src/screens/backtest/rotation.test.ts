import { describe, expect, it } from "vitest";
import type { RunReportDto, SeriesDto } from "../../backend/bindings";
import { USUAL_TERMS } from "../../backend/fake/backtests";
import { type Book, createBooks } from "../../backend/fake/candles";
import { rotateOn } from "../../backend/fake/rotations";
import { createStrategies } from "../../backend/fake/strategies";
import { createFormat } from "../../format";
import { de } from "../../i18n/de";
import { en } from "../../i18n/en";
import { decimalsOf, otherSeriesOf, seriesOfSymbol, symbolsInFull, symbolsInShort, tradesOn } from "../../runSymbols";
import { inputRows } from "./compare";
import type { Fault } from "./faults";
import { faultText } from "./faultText";
import { checkForm, defaultTexts } from "./form";
import { requestOfRun } from "./rerun";
import { chosenOthers, MOST_SYMBOLS, matching, othersFault, possibleOthers, toggled } from "./rotation";
import { DEFAULT_TERMS, type Terms, termsOfRun } from "./terms";
import { seriesTerms } from "./useBacktest";

const books = createBooks();
const stored = books.map(({ series }) => series);
const strategies = createStrategies();
const rotation = strategies.find(({ rotates }) => rotates);
const plain = strategies.find(({ rotates }) => !rotates);
const [btc, , , eth, sol, bnb] = stored;
const [btcBook, , , ethBook, solBook] = books;
if (!rotation || !plain || !btc || !eth || !sol || !bnb || !btcBook || !ethBook || !solBook) {
  throw new Error("the in-memory program has no rotation or too few series");
}
const on: readonly [Book, ...Book[]] = [btcBook, ethBook, solBook];
const params = [
  { name: "length", value: 168 },
  { name: "hold", value: 2 },
  { name: "days", value: 3 },
];
const otherIds = [eth.id, sol.id];
const report = rotateOn(
  on,
  { strategy: rotation.id, seriesId: btc.id, otherIds, from: null, to: null, terms: { ...USUAL_TERMS, params } },
  7,
);
const check = (change: Partial<Terms>, strategy = rotation) =>
  checkForm(strategy, defaultTexts(strategy), { ...DEFAULT_TERMS, ...change }, btc, stored);

describe("the other symbols", () => {
  it("are of the same venue and interval, and not the first itself", () => {
    expect(possibleOthers(btc, stored).map(({ symbol }) => symbol)).toEqual(["ETHUSDT", "SOLUSDT"]);
    expect(possibleOthers(bnb, stored).every((one) => one.venue === "binance" && one.interval === "1h")).toBe(true);
    expect(possibleOthers(btc, [btc, { ...eth, rows: 0 }])).toEqual([]);
    expect(possibleOthers(null, stored)).toEqual([]);
  });

  it("keep the order they were chosen in, each once, and only where they are possible", () => {
    const possible = possibleOthers(btc, stored);
    expect(chosenOthers([sol.id, bnb.id, eth.id, sol.id], possible)).toEqual([sol, eth]);
    expect(chosenOthers(null, possible)).toEqual([]);
    expect(toggled(toggled([sol.id, eth.id], sol.id), sol.id)).toEqual([eth.id, sol.id]);
  });

  it.each([
    ["", ["ETHUSDT", "SOLUSDT", "WETHUSDT"]],
    [" eth ", ["ETHUSDT", "WETHUSDT"]],
    ["xyz", []],
  ])("are found by %j", (text, symbols) => {
    const wrapped: SeriesDto = { ...eth, id: 99, symbol: "WETHUSDT" };
    const possible = [wrapped, eth, sol];
    const found = matching(possible, text).map(({ symbol }) => symbol);
    expect([...found].sort()).toEqual(symbols);
    if (text.trim() === "eth") expect(found[0]).toBe("ETHUSDT");
    expect(possible[0]).toBe(wrapped);
  });

  const many = Array.from({ length: MOST_SYMBOLS }, (_, at) => ({ ...eth, id: 1_000 + at }));
  const [first, last] = [eth.first ?? 0, eth.last ?? 0];
  it.each<[string, readonly SeriesDto[], { from: number | null; to: number | null }, Fault | null]>([
    ["none", [], { from: null, to: null }, { kind: "fewSymbols" }],
    ["one", [eth], { from: null, to: null }, null],
    ["499", many.slice(1), { from: null, to: null }, null],
    ["500", many, { from: null, to: null }, { kind: "manySymbols", limit: 500 }],
    ["one that begins later", [sol, eth], { from: null, to: first }, { kind: "noBars", symbol: "SOLUSDT" }],
    ["one that ended before", [eth], { from: last + 1, to: null }, { kind: "noBars", symbol: "ETHUSDT" }],
    ["one at its last bar", [eth], { from: last, to: null }, null],
  ])("%s: what keeps them from running", (_, others, span, fault) => {
    expect(othersFault(others, span)).toEqual(fault);
  });

  it("have their faults in both languages", () => {
    const format = createFormat("en-GB", "utc");
    const faults: Fault[] = [
      { kind: "fewSymbols" },
      { kind: "manySymbols", limit: 500 },
      { kind: "noBars", symbol: "SOLUSDT" },
    ];
    const said = faults.map((fault) => faultText(fault, en.backtest.faults, format));
    expect(said).toEqual([
      "Choose at least one more: a rotation needs two symbols or more",
      "A rotation takes at most 500 symbols",
      "SOLUSDT has no candles in that time",
    ]);
    for (const [at, fault] of faults.entries()) expect(faultText(fault, de.backtest.faults, format)).not.toBe(said[at]);
  });
});

describe("the request of a rotation", () => {
  it("names the others in their order and leaves out what a rotation does not take", () => {
    const { request } = check({
      otherIds: [sol.id, eth.id],
      size: "percent",
      sizeAmount: "no number",
      side: "both",
      fills: "minute",
      margin: true,
      leverage: "999",
      funding: "/rates.csv",
      feePercent: "0.2",
    });
    expect(request?.otherIds).toEqual([sol.id, eth.id]);
    expect(request?.terms).toEqual({ ...USUAL_TERMS, fee: 0.002, params: expect.any(Array) });
  });

  it("needs two symbols, at the field", () => {
    expect(check({}).faults).toEqual({ others: { kind: "fewSymbols" } });
    expect(check({ otherIds: [bnb.id] }).faults).toEqual({ others: { kind: "fewSymbols" } });
  });

  it("of another strategy names no others", () => {
    expect(check({ otherIds: [eth.id] }, plain).request?.otherIds).toEqual([]);
  });
});

describe("a run on several symbols", () => {
  it("is told in short and in full", () => {
    expect(symbolsInShort(report.run)).toBe("BTCUSDT +2");
    expect(symbolsInFull(report.run)).toBe("BTCUSDT, ETHUSDT, SOLUSDT");
    expect(symbolsInShort({ symbol: "BTCUSDT", others: [] })).toBe("BTCUSDT");
  });

  it("leads from each trade to its own series", () => {
    expect([null, "BTCUSDT", "SOLUSDT", "XRPUSDT"].map((symbol) => seriesOfSymbol(report.run, symbol))).toEqual([
      btc.id,
      btc.id,
      sol.id,
      null,
    ]);
    const parts = [btc, eth, sol].map(({ id }) => tradesOn(report, id));
    expect(parts.every((trades) => trades.length > 0)).toBe(true);
    expect(parts.flat().length).toBe(report.trades.length);
    expect(new Set(tradesOn(report, sol.id).map(({ symbol }) => symbol))).toEqual(new Set(["SOLUSDT"]));
    expect(tradesOn(report, bnb.id)).toEqual([]);
  });

  it("has the decimals of each symbol, two where they are not known", () => {
    const decimals = decimalsOf(report.run, [btc, sol]);
    expect([null, "SOLUSDT", "ETHUSDT"].map(decimals)).toEqual([2, 3, 2]);
  });

  it("is made again with the same others, or not at all where one is gone", () => {
    expect(requestOfRun(report, null)).toMatchObject({ seriesId: btc.id, otherIds });
    const gone = report.run.others.map((other, at) => (at === 0 ? { ...other, seriesId: null } : other));
    const less: RunReportDto = { ...report, run: { ...report.run, others: gone } };
    expect(otherSeriesOf(less.run)).toBeNull();
    expect(requestOfRun(less, null)).toBeNull();
    expect(termsOfRun(less).otherIds).toEqual([sol.id]);
  });

  it("fills the form, also before anything was chosen", () => {
    expect(termsOfRun(report)).toMatchObject({ seriesId: btc.id, otherIds });
    expect(seriesTerms(DEFAULT_TERMS, rotation, report.run)).toMatchObject({ seriesId: btc.id, otherIds });
    expect(seriesTerms({ ...DEFAULT_TERMS, otherIds: [] }, rotation, report.run).otherIds).toEqual([]);
    expect(seriesTerms(DEFAULT_TERMS, plain, report.run)).toBe(DEFAULT_TERMS);
  });

  it("keeps the others of the form when a run on one symbol is taken", () => {
    expect(termsOfRun({ ...report, run: { ...report.run, others: [] } })).not.toHaveProperty("otherIds");
  });

  it("is compared by all of its symbols, with the first four shown", () => {
    const format = createFormat("en-GB", "utc");
    const named = (last: string): RunReportDto => {
      const others = ["B", "C", "D", "E", last].map((symbol) => ({ symbol, seriesId: null }));
      return { ...report, run: { ...report.run, symbol: "A", others } };
    };
    const row = inputRows([named("F"), named("G")], format, en.backtest, (id) => id).find(
      ({ label }) => label === en.backtest.form.series,
    );
    expect(row).toEqual({
      label: "Series",
      values: ["A, B, C, D +2 1h", "A, B, C, D +2 1h"],
      full: ["A, B, C, D, E, F 1h", "A, B, C, D, E, G 1h"],
      differs: true,
    });
  });

  it("shares the account: never more positions than it holds at once", () => {
    expect(report.openPositions.length).toBeLessThanOrEqual(2);
    for (const { entryTime } of report.trades) {
      const held = report.trades.filter((trade) => trade.entryTime <= entryTime && trade.exitTime > entryTime);
      expect(held.length).toBeLessThanOrEqual(2);
    }
  });
});
