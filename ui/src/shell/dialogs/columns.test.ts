import { describe, expect, it } from "vitest";
import type { CandleFieldDto, ColumnChoiceDto } from "../../backend/bindings";
import { previewOf } from "../../backend/fake/files";
import { choose } from "./columns";

describe("choose", () => {
  const before: ColumnChoiceDto[] = [{ field: "open", column: "A" }];
  it.each<[string, CandleFieldDto | null, ColumnChoiceDto[]]>([
    ["B", "high", [...before, { field: "high", column: "B" }]],
    ["B", "open", [{ field: "open", column: "B" }]],
    ["A", "close", [{ field: "close", column: "A" }]],
    ["A", null, [{ field: null, column: "A" }]],
    ["B", null, [...before, { field: null, column: "B" }]],
  ])("%s as %s", (column, field, expected) => expect(choose(before, column, field)).toEqual(expected));
});

describe("a column whose name tells its meaning", () => {
  it("can be left alone, and taken again", () => {
    const left = choose([], "volume", null);
    expect(previewOf("f.csv", false, left).missing).toEqual(["volume"]);
    expect(previewOf("f.csv", false, choose(left, "volume", "volume")).missing).toEqual([]);
    expect(previewOf("f.csv", false, choose(left, "trades", "volume")).missing).toEqual([]);
  });
});

describe("a file in another language", () => {
  it("can be read once each needed column is named", () => {
    const fields: CandleFieldDto[] = ["openTime", "open", "high", "low", "close", "volume"];
    let choices: ColumnChoiceDto[] = [];
    for (const [index, field] of fields.entries()) {
      const preview = previewOf("f.csv", true, choices);
      expect(preview.missing).toEqual(fields.slice(index));
      expect(preview.candles).toBe(0);
      choices = choose(choices, preview.columns[index]?.name ?? "", field);
    }
    const preview = previewOf("f.csv", true, choices);
    expect(preview.missing).toEqual([]);
    expect(preview.candles).toBeGreaterThan(0);
  });
});
