import { describe, expect, it } from "vitest";
import { parseDate, spanOf } from "./span";

const NOW = Date.UTC(2024, 0, 31);
const DAY = 86_400_000;

describe("parseDate", () => {
  it.each([
    ["2024-01-31", NOW],
    [" 2024-01-31 ", NOW],
    ["2024-02-30", null],
    ["31.01.2024", null],
    ["", null],
  ])("%j", (text, expected) => expect(parseDate(text)).toBe(expected));
});

describe("spanOf", () => {
  it.each([
    ["month", "", "", { from: NOW - 30 * DAY, to: null }],
    ["custom", "2024-01-01", "", { from: NOW - 30 * DAY, to: null }],
    ["custom", "2024-01-01", "2024-01-31", { from: NOW - 30 * DAY, to: NOW }],
    ["custom", "2024-01-31", "2024-01-01", null],
    ["custom", "nonsense", "", null],
    ["custom", "2024-01-01", "nonsense", null],
  ] as const)("%s from %j to %j", (choice, from, to, expected) =>
    expect(spanOf(choice, NOW, from, to)).toEqual(expected),
  );
});
