import { describe, expect, it } from "vitest";
import type { RunReportDto, TermsDto } from "../../backend/bindings";
import { runOn, USUAL_TERMS } from "../../backend/fake/backtests";
import { createBooks } from "../../backend/fake/candles";
import { createFormat } from "../../format";
import { de } from "../../i18n/de";
import { en } from "../../i18n/en";
import { bestOf, COMPARED, figureRows, inputRows, normalised } from "./compare";
import { MOST_COMPARED, setCompared, toggleCompared, useForm } from "./formStore";
import { verdictOf } from "./RerunVerdict";
import { requestOfRun, spanOfRun } from "./rerun";

const [book] = createBooks();
if (!book) throw new Error("the in-memory program has no series");
const run = (terms: Partial<TermsDto>, id: number): RunReportDto =>
  runOn(
    book,
    { strategy: "sma-cross", seriesId: 1, otherIds: [], from: null, to: null, terms: { ...USUAL_TERMS, ...terms } },
    id,
  );
const format = createFormat("en-GB", "utc");
const plain = run({}, 1);
const dear = run({ fee: 0.01, cash: 5_000, params: [{ name: "fast", value: 5 }] }, 2);

describe("the best of a row", () => {
  it.each([
    [[1, 3, 2], "high", [false, true, false]],
    [[1, 3, 2], "low", [true, false, false]],
    [[3, 3, 2], "high", [true, true, false]],
    [[3, 3], "high", [false, false]],
    [[null, 3], "high", [false, false]],
    [[null, 3, 4], "low", [false, true, false]],
    [[-0.2, -0.1], "high", [false, true]],
    [[1, 2], null, [false, false]],
  ] as const)("of %o, %s is better: %o", (values, better, best) => {
    expect(bestOf(values, better)).toEqual(best);
  });
});

describe("compared runs", () => {
  it("have every figure explained in both languages", () => {
    for (const { id } of COMPARED) {
      expect(en.backtest.compare.figures[id].about.length).toBeGreaterThan(10);
      expect(de.backtest.compare.figures[id].about).not.toBe(en.backtest.compare.figures[id].about);
    }
  });

  it("mark lower fees and higher returns, and show what is not defined as nothing", () => {
    const rows = figureRows([plain, { ...dear, metrics: [{ id: "fees_paid", value: 1e6 }] }], format);
    expect(rows.find(({ id }) => id === "fees")?.best).toEqual([true, false]);
    expect(rows.find(({ id }) => id === "calmar")?.values[1]).toBe("–");
  });

  it("tell which inputs differ", () => {
    const differing = (reports: RunReportDto[]) =>
      inputRows(reports, format, en.backtest, (id) => id)
        .filter((row) => row.differs)
        .map(({ label, values }) => [label, ...values]);
    expect(differing([plain, dear])).toEqual([
      ["Parameter fast", "–", "5"],
      ["Cash", "10,000", "5,000"],
      ["Fee per fill", "0.1 %", "1 %"],
    ]);
    expect(differing([plain, plain])).toEqual([]);
    expect(differing([plain, { ...plain, engine: "3" }])).toEqual([["Rules of the engine", "2", "3"]]);
  });

  it("begin at a hundred", () => {
    expect(normalised([5_000, 6_000], 5_000)).toEqual([100, 120]);
    expect(normalised([1], 0)).toEqual([1]);
  });

  it("are two to five, each once", () => {
    setCompared([]);
    for (let id = 1; id <= MOST_COMPARED; id += 1) expect(toggleCompared(id)).toBe(true);
    expect(toggleCompared(99)).toBe(false);
    expect(toggleCompared(1)).toBe(true);
    expect(useForm.getState().compared).toEqual([2, 3, 4, 5]);
    setCompared([]);
  });
});

describe("a run made again", () => {
  it("asks for the same and is the same to the byte", () => {
    const request = requestOfRun(dear, null);
    if (!request) throw new Error("the series is stored");
    const again = runOn(book, request, 9);
    expect(again.run.hash).toBe(dear.run.hash);
    expect(verdictOf(again, dear)).toBe("same");
  });

  it("tells other inputs from other results", () => {
    expect(verdictOf(dear, plain)).toBe("otherHash");
    expect(verdictOf({ ...plain, digest: "ff" }, plain)).toBe("otherBytes");
  });

  it("cannot be asked for without its series", () => {
    expect(requestOfRun({ ...plain, run: { ...plain.run, seriesId: null } }, null)).toBeNull();
  });

  it("stands in the form as all that is stored, or as its days", () => {
    const at = (date: string) => Date.parse(date);
    expect(spanOfRun(plain.run, book.series).span).toBe("all");
    const part = { ...plain.run, from: at("2023-09-01T00:00Z"), to: at("2023-10-01T00:00Z") };
    expect(spanOfRun(part, book.series)).toEqual({ span: "dates", from: "2023-09-01", to: "2023-09-30" });
    expect(spanOfRun(part, null).span).toBe("dates");
  });
});
