import { describe, expect, it } from "vitest";
import type { BacktestRequest, ParamDto, SweepRequest } from "../../backend/bindings";
import { runOn, USUAL_TERMS } from "../../backend/fake/backtests";
import { createBooks } from "../../backend/fake/candles";
import { createStrategies } from "../../backend/fake/strategies";
import { sweepOn } from "../../backend/fake/sweeps";
import { axesOf, checkAxis, checkSweep, MOST_RUNS, requestOfRow, usualAxis } from "./sweep";
import { bestRow, heatColour, heatLook, heatMapOf, heatScale, heatStep, heatValue } from "./sweepHeat";
import { paramsOfRow, ranked } from "./sweepRows";

const [book] = createBooks();
const strategy = createStrategies().find(({ id }) => id === "sma-cross");
if (!book || !strategy) throw new Error("the in-memory program has no series or no strategy");

const length: ParamDto = { name: "fast", about: "", default: 10, min: 2, max: 60, step: 1 };
const percent: ParamDto = { name: "stop", about: "", default: 2, min: 0.5, max: null, step: 0.5 };
const base: BacktestRequest = {
  strategy: "sma-cross",
  seriesId: 1,
  otherIds: [],
  from: null,
  to: null,
  terms: {
    ...USUAL_TERMS,
    params: [
      { name: "fast", value: 10 },
      { name: "slow", value: 30 },
    ],
  },
};

describe("an axis", () => {
  it.each([
    [length, "2", "10", "2", 5],
    [length, "2", "9", "2", 4],
    [length, "3", "3", "1", 1],
    [percent, "0,5", "1.5", "0.1", 11],
  ] as const)("of %o from %s to %s by %s has %i values", (param, from, to, step, count) => {
    const checked = checkAxis(param, { name: param.name, from, to, step });
    expect(checked).toMatchObject({ count, faults: {} });
    expect(checked.axis?.name).toBe(param.name);
  });

  it.each([
    [length, "1", "10", "1", "from", "below"],
    [length, "2", "99", "1", "to", "above"],
    [length, "20", "10", "1", "to", "order"],
    [length, "2", "10", "0", "step", "positive"],
    [length, "2", "10", "x", "step", "number"],
    [length, "2", "10", "0.5", "step", "whole"],
    [length, "", "10", "1", "from", "number"],
    [length, "2.5", "10", "1", "from", "whole"],
    [percent, "1", "5", "-1", "step", "positive"],
  ] as const)("of %o from %s to %s by %s is wrong at %s: %s", (param, from, to, step, field, kind) => {
    const checked = checkAxis(param, { name: param.name, from, to, step });
    expect(checked.faults[field]?.kind).toBe(kind);
    expect(checked).toMatchObject({ axis: null, count: 0 });
  });

  it("is offered over all that the parameter takes, in about ten steps", () => {
    expect(usualAxis(length)).toEqual({ name: "fast", from: "2", to: "60", step: "6" });
    expect(checkAxis(percent, usualAxis(percent)).count).toBeGreaterThan(1);
    for (const param of strategy.params) expect(checkAxis(param, usualAxis(param)).faults).toEqual({});
  });
});

describe("a sweep", () => {
  const axis = (name: string, from: number, to: number) => ({ name, from: String(from), to: String(to), step: "1" });

  it("counts its runs and asks for them", () => {
    const checked = checkSweep(strategy, [axis("fast", 5, 9), axis("slow", 20, 25)], base);
    expect(checked.runs).toBe(30);
    expect(checked.request?.axes).toEqual([
      { name: "fast", from: 5, to: 9, step: 1 },
      { name: "slow", from: 20, to: 25, step: 1 },
    ]);
  });

  it("is refused with too many runs, a fault, or a form at fault", () => {
    const most = checkSweep(strategy, [axis("fast", 2, 60), axis("slow", 5, 240)], base);
    expect(most.runs).toBeGreaterThan(MOST_RUNS);
    expect(most.request).toBeNull();
    expect(checkSweep(strategy, [axis("fast", 9, 5)], base)).toMatchObject({ runs: 0, request: null });
    expect(checkSweep(strategy, [axis("fast", 5, 9)], null)).toMatchObject({ runs: 5, request: null });
    expect(checkSweep(strategy, [], base)).toMatchObject({ runs: 0, request: null });
  });

  it("forgets parameters that the script has no more", () => {
    expect(axesOf(strategy, [axis("gone", 1, 2), axis("slow", 20, 25)])).toEqual([axis("slow", 20, 25)]);
    expect(axesOf(strategy, [axis("gone", 1, 2)]).map(({ name }) => name)).toEqual(["fast", "slow"]);
    expect(axesOf(strategy, undefined)).toHaveLength(2);
  });
});

describe("its result", () => {
  const request: SweepRequest = {
    run: base,
    axes: [
      { name: "slow", from: 20, to: 30, step: 10 },
      { name: "fast", from: 5, to: 9, step: 2 },
    ],
  };
  const report = sweepOn(book, request, 1);

  it("has rows that are what the runs alone give", () => {
    const row = report.rows[4];
    expect(row?.values).toEqual([30, 7]);
    const alone = runOn(book, requestOfRow(request, row?.values ?? []), 1);
    expect(row?.figures).toMatchObject({ totalReturn: alone.run.totalReturn, trades: alone.run.trades });
    expect(alone.run.params).toEqual([
      { name: "slow", value: 30 },
      { name: "fast", value: 7 },
    ]);
  });

  it("is a map of two parameters, a line of one, and nothing of three", () => {
    const map = heatMapOf(report);
    expect(map).toMatchObject({ down: "slow", across: "fast", rows: [20, 30], columns: [5, 7, 9] });
    expect(map?.cells).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    const one = sweepOn(book, { run: base, axes: request.axes.slice(1) }, 2);
    expect(heatMapOf(one)).toMatchObject({ down: null, across: "fast", rows: [null], cells: [[0, 1, 2]] });
    expect(heatMapOf({ sweep: { ...report.sweep, axes: ["a", "b", "c"] }, rows: [] })).toBeNull();
  });

  it("drops figures where there is no room, and still shows all of itself", () => {
    const map = heatMapOf(report);
    if (!map) throw new Error("no map");
    expect(heatLook(map)).toMatchObject({ figures: true, cell: 24, columnsNamed: 1, linesNamed: 1 });
    const many = Array.from({ length: 40 }, (_, at) => at);
    const dense = heatLook({ ...map, rows: many, columns: many });
    expect(dense).toMatchObject({ figures: false, columnsNamed: 3 });
    expect((dense.cell + dense.gap) * many.length).toBeLessThanOrEqual(200);
    expect(dense.linesNamed).toBeGreaterThan(1);
  });

  it("is coloured by how far from zero, each sign in its own colour", () => {
    const [first] = report.rows;
    if (!first?.figures) throw new Error("no rows");
    const figures = first.figures;
    const rowsOf = (values: readonly (number | null)[]) =>
      values.map((sharpe) => ({ ...first, figures: { ...figures, sharpe } }));
    const mixed = rowsOf([-1, 0.5, 2, null]);
    expect(heatScale(mixed, "sharpe")).toEqual({ low: 0, high: 2 });
    expect(heatScale(rowsOf([1, 3]), "sharpe")).toEqual({ low: 1, high: 3 });
    expect(heatScale(rowsOf([-3, -1]), "sharpe")).toEqual({ low: 1, high: 3 });
    expect(heatScale([], "sharpe")).toEqual({ low: 0, high: 0 });
    expect(heatColour(2, { low: 0, high: 2 }, "sharpe")).toContain("--color-gain) 60%");
    expect(heatColour(-1, { low: 0, high: 2 }, "sharpe")).toContain("--color-loss) 34%");
    expect(heatColour(5, { low: 5, high: 5 }, "trades")).toContain("--color-accent) 34%");
    expect(bestRow(mixed, "sharpe")).toBe(2);
    expect(bestRow(rowsOf([null, null]), "sharpe")).toBeNull();
    expect(heatValue({ ...first, figures: null, problem: "a fault" }, "trades")).toBeNull();
  });

  it.each([
    ["ArrowRight", 0, 1],
    ["ArrowRight", 2, null],
    ["ArrowLeft", 3, null],
    ["ArrowLeft", 4, 3],
    ["ArrowDown", 1, 4],
    ["ArrowDown", 4, null],
    ["ArrowUp", 4, 1],
    ["ArrowUp", 1, null],
    ["Home", 1, null],
  ] as const)("moves by %s from %i to %s", (key, from, to) => {
    expect(heatStep(key, from, 3, 6)).toBe(to);
  });

  it("is ranked by the Sharpe ratio, those without it last", () => {
    const [first] = report.rows;
    if (!first?.figures) throw new Error("no rows");
    const none = { ...first, figures: null, problem: "a fault" };
    const order = ranked([none, ...report.rows, none]);
    const ratios = order.map(({ row }) => row.figures?.sharpe ?? Number.NEGATIVE_INFINITY);
    expect(ratios).toEqual(ratios.toSorted((a, b) => b - a));
    expect(order.at(-2)?.index).toBe(0);
    expect(paramsOfRow(report.sweep.axes, first)).toBe("slow 20, fast 5");
  });
});
