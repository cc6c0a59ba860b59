import { describe, expect, it } from "vitest";
import { rollingPath } from "./rolling";

describe("rollingPath", () => {
  it("spreads a curve over its box with zero in sight", () => {
    const path = rollingPath([0, 10, 20], [1, 3, 2], 100, 32);
    expect(path).toEqual({ d: "M0.0 21.0L50.0 1.0L100.0 11.0", zero: 31, low: 0, high: 3 });
  });
  it("has nothing to draw without a point", () => {
    expect(rollingPath([], [], 100, 32)).toBeNull();
  });
});
