import { describe, expect, it } from "vitest";
import type { ParamDto, RunDto, SeriesDto } from "../../backend/bindings";
import { USUAL_TERMS } from "../../backend/fake/backtests";
import { createBooks } from "../../backend/fake/candles";
import { createStrategies } from "../../backend/fake/strategies";
import { readFigure } from "./faults";
import { checkForm, defaultTexts, isEdited, paramFault, paramsInShort, textsOfRun } from "./form";
import { freeName, nameFault } from "./scriptName";
import { DEFAULT_TERMS, type Terms } from "./terms";
import { chooseFormSeries, chooseRun } from "./useBacktest";

const strategies = createStrategies();
const [sma] = strategies;
const series = createBooks().map((book) => book.series);
const [btc] = series;
if (!sma || !btc) throw new Error("the in-memory program has no strategy or no series");

const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const stored: SeriesDto = { ...btc, first: day("2023-08-01"), last: day("2024-01-26") + 3_600_000 };
const check = (change: Partial<Terms>, texts = defaultTexts(sma)) =>
  checkForm(sma, texts, { ...DEFAULT_TERMS, ...change }, stored);

describe("figures", () => {
  it.each([
    ["10", 10],
    [" 1 000,5 ", 1000.5],
    ["−0.25", -0.25],
    ["1e3", 1000],
    ["", null],
    ["ten", null],
    ["1,000.5", null],
    ["Infinity", null],
  ])("%j is %s", (text, value) => {
    expect(readFigure(text)).toBe(value);
  });
});

describe("parameters", () => {
  const whole: ParamDto = { name: "n", about: "", default: 5, min: 2, max: 60, step: 1 };
  const free: ParamDto = { name: "x", about: "", default: 0.2, min: -1, max: 1, step: 0.05 };

  it.each([
    [whole, "5", null],
    [whole, "2", null],
    [whole, "1", { kind: "below", limit: 2 }],
    [whole, "61", { kind: "above", limit: 60 }],
    [whole, "5.5", { kind: "whole" }],
    [whole, "", { kind: "number" }],
    [free, "0.123", null],
    [free, "-1,5", { kind: "below", limit: -1 }],
  ])("%o, %j", (param, text, fault) => {
    expect(paramFault(param, text)).toEqual(fault);
  });

  it("come from a run, the rest from the defaults", () => {
    expect(textsOfRun(sma, [{ name: "fast", value: 24 }])).toEqual({ fast: "24", slow: "30" });
    expect(isEdited(sma, textsOfRun(sma, []))).toBe(false);
    expect(isEdited(sma, { fast: "24" })).toBe(true);
    expect(isEdited(sma, undefined)).toBe(false);
    expect(
      paramsInShort({
        params: [
          { name: "a", value: 10 },
          { name: "b", value: 0.5 },
        ],
      }),
    ).toBe("10/0.5");
  });
});

describe("the request", () => {
  it("is made of what is entered", () => {
    expect(check({ feePercent: "0,1", size: "percent", sizeAmount: "50", side: "both" }).request).toEqual({
      strategy: "sma-cross",
      seriesId: stored.id,
      otherIds: [],
      from: null,
      to: null,
      terms: {
        ...USUAL_TERMS,
        params: [
          { name: "fast", value: 10 },
          { name: "slow", value: 30 },
        ],
        size: "percent:50",
        side: "both",
      },
    });
  });

  it("counts the last day in", () => {
    expect(check({ span: "dates", from: "2023-09-01", to: "2023-09-30" }).request).toMatchObject({
      from: day("2023-09-01"),
      to: day("2023-10-01"),
    });
    expect(check({ span: "dates", from: "", to: "" }).request).toMatchObject({ from: null, to: null });
  });

  it.each([
    [{ cash: "0" }, "cash", "positive"],
    [{ cash: "" }, "cash", "number"],
    [{ feePercent: "-1" }, "feePercent", "below"],
    [{ slippageBps: "9999" }, "slippageBps", "above"],
    [{ size: "percent", sizeAmount: "101" }, "sizeAmount", "above"],
    [{ size: "units", sizeAmount: "0" }, "sizeAmount", "positive"],
    [{ span: "dates", from: "2023-13-01" }, "from", "date"],
    [{ span: "dates", from: "2023-09-02", to: "2023-09-01" }, "to", "order"],
    [{ span: "dates", from: "2022-01-01" }, "from", "outside"],
    [{ span: "dates", to: "2024-01-27" }, "to", "outside"],
  ] as const)("%o is refused at %s: %s", (change, field, kind) => {
    const { request, faults } = check(change);
    expect(request).toBeNull();
    expect(faults?.[field]?.kind).toBe(kind);
  });

  it("needs a series and whole parameters, and says both", () => {
    const { faults } = checkForm(sma, { fast: "x", slow: "999" }, DEFAULT_TERMS, null);
    expect(faults).toMatchObject({
      series: { kind: "noSeries" },
      "param:fast": { kind: "number" },
      "param:slow": { kind: "above", limit: 240 },
    });
  });
});

describe("what is shown", () => {
  const run = (id: number, strategy: string, finished: number): RunDto => ({
    id,
    strategy,
    finished,
    seriesId: 1,
    venue: "simulated",
    symbol: "BTCUSDT",
    others: [],
    interval: "1h",
    from: 0,
    to: 1,
    params: [],
    bars: 1,
    gaps: 0,
    trades: 0,
    totalReturn: 0,
    benchmarkReturn: 0,
    sharpe: null,
    maxDrawdown: 0,
    hash: "",
    note: "",
  });
  const runs = [run(3, "sma-cross", 30), run(2, "buy-and-hold", 20), run(1, "sma-cross", 10)];

  it.each([
    [{}, 3, "sma-cross"],
    [{ run: 1 }, 1, "sma-cross"],
    [{ strategy: "buy-and-hold" }, 2, "buy-and-hold"],
    [{ strategy: "sentiment-trend" }, undefined, "sentiment-trend"],
    [{ run: 99 }, 3, "sma-cross"],
    [{ strategy: "gone" }, undefined, "sma-cross"],
  ])("%o shows run %s of %s", (search, id, strategy) => {
    const chosen = chooseRun(strategies, runs, search);
    expect(chosen.run?.id).toBe(id);
    expect(chosen.strategy?.id).toBe(strategy);
  });

  it("is the chosen series, else the chart's, else the first", () => {
    expect(chooseFormSeries(series, 4, 2)?.id).toBe(4);
    expect(chooseFormSeries(series, 99, 2)?.id).toBe(2);
    expect(chooseFormSeries(series, null, null)?.id).toBe(btc.id);
    expect(chooseFormSeries([], 1, 1)).toBeNull();
  });
});

describe("names of own strategies", () => {
  it.each([
    ["mine", null],
    ["", "form"],
    ["My idea", "form"],
    ["a".repeat(61), "form"],
    ["sma-cross", "taken"],
  ])("%j: %s", (id, fault) => {
    expect(nameFault(id, strategies)).toBe(fault);
  });

  it("are proposed freely", () => {
    const own = { ...sma, id: "sma-cross-2", builtin: false };
    expect(freeName("sma-cross", strategies)).toBe("sma-cross-2");
    expect(freeName("sma-cross-2", [...strategies, own])).toBe("sma-cross-3");
  });
});
