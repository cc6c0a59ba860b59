import { describe, expect, it } from "vitest";
import { moved, placeOf } from "./order";

describe("moved", () => {
  it.each([
    [0, 2, "bcad"],
    [3, 0, "dabc"],
    [1, 1, "abcd"],
    [2, 9, "abdc"],
    [2, -4, "cabd"],
    [7, 0, "abcd"],
  ])("from %i to %i", (from, to, expected) => expect(moved([..."abcd"], from, to).join("")).toBe(expected));
});

describe("placeOf", () => {
  it.each([
    [2, 0, 2],
    [2, 13, 2],
    [2, 15, 3],
    [2, -29, 1],
    [2, -900, 0],
    [2, 900, 4],
  ])("row %i dragged by %i is over %i", (from, dy, expected) => expect(placeOf(from, dy, 28, 5)).toBe(expected));
});
