import { describe, expect, it } from "vitest";
import { runOn, USUAL_TERMS } from "../../backend/fake/backtests";
import { createBooks } from "../../backend/fake/candles";
import { hasStop, rulesOf, withoutComments } from "./scriptRules";
import { changedFields, checkTerms, DEFAULT_TERMS, type Terms, termsOfRun } from "./terms";

const books = createBooks();
const series = books.map((book) => book.series);
const [btc] = series;
const minutes = series.find((one) => one.interval === "1m");
const [book] = books;
if (!btc || !minutes || !book) throw new Error("the in-memory program has no series");

const check = (change: Partial<Terms>, surroundings = {}) =>
  checkTerms({ ...DEFAULT_TERMS, ...change }, [], { series: btc, minutes, hasStop: true, ...surroundings });

describe("terms", () => {
  it("are the engine's own where nothing was entered", () => {
    expect(check({})).toEqual({ faults: {}, terms: USUAL_TERMS });
  });

  it("say everything that was entered", () => {
    const { terms, faults } = check({
      feePercent: "0,04",
      makerPercent: "−0.01",
      slippageBps: "1.5",
      spreadBps: "2",
      impactBps: "0.5",
      size: "risk",
      sizeAmount: "1.5",
      side: "both",
      fills: "minute",
      tick: "0.01",
      lot: "0.001",
      minNotional: "5",
      margin: true,
      leverage: "10",
      maintenancePercent: "0.4",
      funding: "/rates.csv",
      daysPerYear: "252",
      cash: "2 500",
    });
    expect(faults).toEqual({});
    expect(terms).toEqual({
      params: [],
      fee: 0.0004,
      makerFee: -0.0001,
      slippageBps: 1.5,
      spreadBps: 2,
      impactBps: 0.5,
      cash: 2_500,
      size: "risk:1.5",
      side: "both",
      leverage: 10,
      maintenance: 0.004,
      tick: 0.01,
      lot: 0.001,
      minNotional: 5,
      daysPerYear: 252,
      fills: "minute",
      funding: "/rates.csv",
    });
  });

  it.each([
    [{ feePercent: "50.1" }, "feePercent", "above"],
    [{ makerPercent: "-2" }, "makerPercent", "below"],
    [{ makerPercent: "x" }, "makerPercent", "number"],
    [{ spreadBps: "-1" }, "spreadBps", "below"],
    [{ impactBps: "50" }, "impactBps", "above"],
    [{ tick: "-0.1" }, "tick", "below"],
    [{ minNotional: "" }, "minNotional", "number"],
    [{ daysPerYear: "0" }, "daysPerYear", "positive"],
    [{ daysPerYear: "367" }, "daysPerYear", "above"],
    [{ margin: true, leverage: "126" }, "leverage", "above"],
    [{ margin: true, leverage: "0.5" }, "leverage", "below"],
    [{ margin: true, leverage: "10", maintenancePercent: "10" }, "maintenancePercent", "notBelow"],
    [{ size: "vol", sizeAmount: "1001" }, "sizeAmount", "above"],
    [{ size: "risk", sizeAmount: "0" }, "sizeAmount", "positive"],
  ] as const)("%o is refused at %s: %s", (change, field, kind) => {
    expect(check(change).faults[field]?.kind).toBe(kind);
  });

  it("leave a margin account that is off alone", () => {
    const { terms, faults } = check({ margin: false, leverage: "x", maintenancePercent: "900" });
    expect(faults).toEqual({});
    expect([terms.leverage, terms.maintenance]).toEqual([null, null]);
  });

  it.each([
    [{ size: "risk" }, { hasStop: false }, { size: { kind: "noStop" } }],
    [{ fills: "minute" }, { minutes: null }, { fills: { kind: "noMinutes" } }],
    [{ fills: "minute" }, { series: minutes }, { fills: { kind: "isMinutes" } }],
    [{ fills: null }, { minutes: null }, {}],
  ] as const)("%o with %o gives %o", (change, surroundings, faults) => {
    expect(check(change, surroundings).faults).toEqual(faults);
  });

  it("of a run can be entered again, and ask for the same", () => {
    const asked = { ...USUAL_TERMS, fee: 0.0007, makerFee: 0, leverage: 5, size: "percent:12.5", tick: 1e-8 };
    const report = runOn(
      book,
      { strategy: "sma-cross", seriesId: 1, otherIds: [], from: null, to: null, terms: asked },
      1,
    );
    const { terms, faults } = check(termsOfRun(report));
    expect(faults).toEqual({});
    expect(terms).toEqual(report.terms);
  });
});

describe("a closed group", () => {
  it.each([
    [{}, "costs", []],
    [{ feePercent: "0.10" }, "costs", []],
    [{ feePercent: "0.2", makerPercent: "0" }, "costs", ["feePercent", "makerPercent"]],
    [{ side: "both", tick: "0.01" }, "orders", ["side", "tick"]],
    [{ leverage: "9" }, "leverage", []],
    [{ margin: true, funding: "/a.csv" }, "leverage", ["leverage", "funding"]],
    [{ margin: true, maintenancePercent: "1" }, "leverage", ["leverage", "maintenancePercent"]],
    [{ daysPerYear: "252" }, "rules", ["daysPerYear"]],
  ] as const)("%o in %s shows %j", (change, group, fields) => {
    expect(changedFields({ ...DEFAULT_TERMS, ...change }, group)).toEqual(fields);
  });
});

describe("a script's own rules", () => {
  const script = `//! pyramiding(9) in the head counts for nothing
let stop = stop_loss(percent(5)); // cooldown(1)
/* bracket(percent(1), percent(2)) */
pyramiding( 2 );
enter_long(close > 1.0 & in_session("08:00-16:30", "mon-fri"), limit_order(close - distance(2 * atr(14)), 3));
my_every(1); pyramiding( 2 );`;

  it("are its calls, without comments, each once", () => {
    expect(rulesOf(script)).toEqual([
      { name: "limit_order", call: "limit_order(close - distance(2 * atr(14)), 3)" },
      { name: "stop_loss", call: "stop_loss(percent(5))" },
      { name: "pyramiding", call: "pyramiding( 2 )" },
      { name: "in_session", call: 'in_session("08:00-16:30", "mon-fri")' },
    ]);
    expect(hasStop(rulesOf(script))).toBe(true);
    expect(hasStop(rulesOf("enter_long(true); take_profit(percent(1));"))).toBe(false);
    expect(rulesOf("pyramiding(2")).toEqual([]);
  });

  it("keep what only looks like a comment", () => {
    expect(withoutComments('let a = "http://x"; // b')).toBe('let a = "http://x";  ');
  });
});
