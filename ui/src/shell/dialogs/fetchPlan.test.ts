import { describe, expect, it } from "vitest";
import { aligned, planOf } from "./fetchPlan";

const HOUR = 3_600_000;
const NOW = Date.UTC(2024, 0, 26, 14, 36, 46);

describe("aligned", () => {
  it.each([
    ["1h", { from: NOW - 3 * HOUR, to: null }, "2024-01-26T12:00", "2024-01-26T14:00"],
    ["1d", { from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 3) }, "2024-01-01T00:00", "2024-01-03T00:00"],
    ["1m", { from: NOW - 60_000, to: null }, "2024-01-26T14:36", "2024-01-26T14:36"],
  ])("%s", (interval, span, from, to) => {
    const found = aligned(interval, span, NOW);
    const shown = [found.from, found.to].map((at) => new Date(at).toISOString().slice(0, 16));
    expect(shown).toEqual([from, to]);
  });
});

describe("planOf", () => {
  const span = { from: 0, to: 10 * HOUR };
  it.each([
    ["nothing is stored", null, { all: 10, present: 0, absent: 0, ask: 10 }],
    ["a part", [{ from: 0, to: 1, present: 6, absent: 1, pending: 3 }], { all: 10, present: 6, absent: 1, ask: 3 }],
    [
      "all of it",
      [{ from: 0, to: 1, present: 10, absent: 0, pending: 0 }],
      { all: 10, present: 10, absent: 0, ask: 0 },
    ],
    [
      "two cells",
      [
        { from: 0, to: 1, present: 5, absent: 0, pending: 0 },
        { from: 1, to: 2, present: 1, absent: 0, pending: 4 },
      ],
      { all: 10, present: 6, absent: 0, ask: 4 },
    ],
  ])("%s", (_, stored, expected) => expect(planOf("1h", span, stored)).toEqual(expected));
});
