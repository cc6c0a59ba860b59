import { describe, expect, it } from "vitest";
import type { ArticleRowDto, CalibrationBinDto, MoodStudyDto, ResponseDto, ToneDto } from "../../backend/bindings";
import { createArticles } from "../../backend/fake/articles";
import { blocksOf } from "../../widgets/markdown";
import { leaning, marksOf } from "./reliability";
import { STEPS, spreadOf } from "./scores";
import { apartOf, pictureOf, standsApart } from "./study";

const bin = (confidence: number, accuracy: number, texts: number): CalibrationBinDto => ({
  from: 0,
  to: 1,
  texts,
  confidence,
  accuracy,
});

const response = (change: Partial<ResponseDto>): ResponseDto => ({
  bars: 1,
  events: 3,
  days: 3,
  mean: 0.01,
  low: 0.005,
  high: 0.015,
  usual: 0.001,
  ...change,
});

const study = (positive: ResponseDto[], negative: ResponseDto[]): MoodStudyDto => ({
  asset: "BTC",
  articles: 5,
  bars: 100,
  positive,
  negative,
});

const [first] = createArticles();
if (!first) throw new Error("the in-memory program has articles");
const blankRow: ArticleRowDto = first.row;

describe("reliability", () => {
  it("puts marks at how sure and how often right, the area by texts", () => {
    const [small, large] = marksOf([bin(0.5, 0.25, 25), bin(1, 1, 100)], 200);
    expect([small?.x, small?.y]).toEqual([100, 150]);
    expect([large?.x, large?.y]).toEqual([200, 0]);
    expect(small?.radius).toBeCloseTo(3 + 10 * 0.5);
    expect(large?.radius).toBe(13);
    expect(marksOf([], 200)).toEqual([]);
  });

  it("says to which side it leans, by texts", () => {
    expect(leaning([bin(0.9, 0.7, 10), bin(0.6, 0.65, 10)])).toBe("over");
    expect(leaning([bin(0.9, 0.7, 1), bin(0.6, 0.75, 10)])).toBe("under");
    expect(leaning([bin(0.8, 0.81, 10)])).toBe("even");
    expect(leaning([])).toBe("even");
  });
});

describe("study", () => {
  it("keeps every end of a band and zero inside of the box", () => {
    const picture = pictureOf(
      study([response({}), response({ bars: 4, mean: 0.04, low: -0.02, high: 0.1 })], [response({ mean: null })]),
      400,
      200,
    );
    expect(picture?.marks).toHaveLength(2);
    expect(picture?.groups.map(({ x }) => x)).toEqual([100, 300]);
    const heights = picture?.marks.flatMap(({ y, band }) => [y, band?.top ?? 0, band?.bottom ?? 0]) ?? [];
    expect(Math.min(...heights)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...heights, picture?.zero ?? 201)).toBeLessThanOrEqual(200);
    // Good news stand at the left of their group.
    expect(picture?.marks[0]?.x).toBeLessThan(100);
  });

  it("has no picture without events", () => {
    expect(pictureOf(study([response({ mean: null })], [response({ mean: null })]), 400, 200)).toBeNull();
    expect(pictureOf(study([], []), 400, 200)).toBeNull();
  });

  it("calls apart only what lies outside of its band", () => {
    expect(standsApart(response({}))).toBe(true);
    expect(standsApart(response({ usual: 0.01 }))).toBe(false);
    expect(standsApart(response({ low: null, high: null }))).toBeNull();
    const counted = apartOf(study([response({}), response({ usual: 0.01 })], [response({ high: null })]));
    expect(counted).toEqual({ apart: 1, judged: 2 });
  });
});

describe("scores", () => {
  const row = (score: number | null, tone: ToneDto = "neutral") => ({
    ...blankRow,
    sentiment: score === null ? null : { positive: 0, negative: 0, neutral: 0, score, tone },
  });

  it("are counted by step and by tone, the ends and the middle too", () => {
    const spread = spreadOf([row(-1, "negative"), row(0), row(1, "positive"), row(0.99, "positive"), row(null)]);
    expect(spread.counts).toHaveLength(STEPS);
    expect([spread.counts[0], spread.counts[10], spread.counts[20]]).toEqual([1, 1, 2]);
    expect(spread).toMatchObject({ positive: 2, neutral: 1, negative: 1, scored: 4 });
    expect(spreadOf([]).scored).toBe(0);
  });
});

describe("tables of cards", () => {
  it("are read with their header and their rows", () => {
    const text = "Before\n\n| set | rows |\n|---|---:|\n| A | 1,000 |\n| `B` | 2 |\n\nAfter";
    expect(blocksOf(text)).toEqual([
      { kind: "paragraph", text: "Before" },
      {
        kind: "table",
        header: ["set", "rows"],
        rows: [
          ["A", "1,000"],
          ["`B`", "2"],
        ],
      },
      { kind: "paragraph", text: "After" },
    ]);
  });

  it("are no tables without the line below the header", () => {
    expect(blocksOf("| a | b |\nmore")).toEqual([{ kind: "paragraph", text: "| a | b | more" }]);
  });
});
