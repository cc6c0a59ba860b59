import { StringStream } from "@codemirror/language";
import { Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { runOn, USUAL_TERMS } from "../../backend/fake/backtests";
import { createBooks } from "../../backend/fake/candles";
import { createFormat } from "../../format";
import { en } from "../../i18n/en";
import { targetOf } from "../../widgets/VirtualList";
import { placeOf } from "./codeEditor";
import { curvePoints } from "./equityChart";
import { figureOf, kpisOf, wantsLog } from "./figures";
import { heatShare, heatYears } from "./heat";
import { token } from "./rhai";

const [book] = createBooks();
if (!book) throw new Error("the in-memory program has no series");
const report = runOn(
  book,
  { strategy: "sma-cross", seriesId: 1, otherIds: [], from: null, to: null, terms: USUAL_TERMS },
  1,
);
const format = createFormat("en-GB", "utc");

describe("key figures", () => {
  const shown = (change: Partial<typeof report>) =>
    Object.fromEntries(kpisOf({ ...report, ...change }, format, en.backtest.report).map((kpi) => [kpi.id, kpi]));

  it("stand with what they rest on", () => {
    const run = { ...report.run, totalReturn: 6.4640421, benchmarkReturn: 14.11, trades: 1179, maxDrawdown: -0.6654 };
    const metrics = [
      { id: "longest_drawdown_ms", value: 412 * 86_400_000 },
      { id: "profit_factor", value: 1.0912 },
      { id: "fees_paid", value: 8912.4 },
    ];
    const kpis = shown({ run, metrics });
    expect(kpis.return).toMatchObject({ value: "+646.4%", note: "held +1,411%", tone: "gain" });
    expect(kpis.drawdown).toMatchObject({ value: "−66.5%", note: "412 d under water", tone: null });
    expect(kpis.winRate).toMatchObject({ value: "–", note: "1,179 trades" });
    expect(kpis.profitFactor).toMatchObject({ value: "1.09", note: "fees 8,912" });
  });

  it("lose their colour to nobody but the return", () => {
    const coloured = kpisOf(report, format, en.backtest.report).filter((kpi) => kpi.tone !== null);
    expect(coloured.map((kpi) => kpi.id)).toEqual(["return"]);
  });

  it("are missing rather than wrong", () => {
    expect(figureOf(report.metrics, "no_such")).toBeNull();
    expect(shown({ metrics: [], benchmark: [] }).annual?.value).toBe("–");
  });
});

describe("curves", () => {
  it("rise in time and keep to numbers", () => {
    expect(curvePoints([1_000, 1_000, 500, 2_000, 3_000], [1, 2, 3, Number.NaN, 4])).toEqual([
      { time: 1, value: 1 },
      { time: 3, value: 4 },
    ]);
    expect(curvePoints([1_000, 2_000], [0, 5], true)).toEqual([{ time: 2, value: 5 }]);
  });

  it.each([
    [[1, 2, 3], false],
    [[1, 5], true],
    [[0, 5], false],
    [[], false],
  ])("%j wants a logarithm: %s", (values, wanted) => {
    expect(wantsLog(values)).toBe(wanted);
  });
});

describe("monthly returns", () => {
  it("lie in their years, compounded", () => {
    const [first, second, ...rest] = heatYears([
      { year: 2024, month: 1, totalReturn: 0.5 },
      { year: 2023, month: 11, totalReturn: 0.1 },
      { year: 2023, month: 12, totalReturn: -0.1 },
    ]);
    expect(rest).toEqual([]);
    expect(first?.year).toBe(2023);
    expect(first?.months[10]).toBe(0.1);
    expect(first?.months[0]).toBeNull();
    expect(first?.total).toBeCloseTo(-0.01, 12);
    expect(second).toMatchObject({ year: 2024, total: 0.5 });
  });

  it("take more colour the further they are from nothing", () => {
    expect([0, 0.05, -0.1, 0.2, -3].map(heatShare)).toEqual([8, 21, 34, 60, 60]);
  });
});

describe("the editor", () => {
  const doc = Text.of(["let a = sma(close, 10);", "", "enter(b)"]);

  it.each([
    [1, 9, "sma"],
    [3, 7, "b"],
    [1, 24, ";"],
    [2, 5, ""],
    [0, 0, "let"],
    [99, 99, ")"],
  ])("finds line %i, column %i: %j", (line, column, expected) => {
    const { from, to } = placeOf(doc, line, column);
    expect(doc.sliceString(from, to)).toBe(expected);
  });

  it.each([
    ['let fast = param("fast", 1_0.5e3);', ["keyword", "variableName", "function", "string", "number"]],
    ["sma(close, n) // mean", ["function", "atom", "variableName", "comment"]],
    ["close(1)", ["function", "number"]],
    ["a /* b /* c */ d */ e", ["variableName", "comment", "variableName"]],
  ])("colours %s", (line, expected) => {
    const stream = new StringStream(line, 4, 4);
    const state = { depth: 0 };
    const styles: string[] = [];
    while (!stream.eol()) {
      stream.start = stream.pos;
      const style = token(stream, state);
      if (style !== null) styles.push(style);
    }
    expect(styles).toEqual(expected);
  });
});

describe("keys of long lists", () => {
  it.each([
    ["ArrowDown", 0, 1],
    ["j", 4, 4],
    ["k", 0, 0],
    ["ArrowUp", -1, 0],
    ["PageDown", 0, 3],
    ["End", 0, 4],
    ["Home", 4, 0],
    ["x", 0, null],
  ])("%s at %i leads to %s", (key, current, target) => {
    expect(targetOf(key, current, 3, 5)).toBe(target);
    expect(targetOf(key, current, 3, 0)).toBeNull();
  });
});
