import { describe, expect, it } from "vitest";
import type { ConnectionDto, ConnectionStateDto } from "../backend/bindings";
import { byUrgency, overallState, untilRetry, usedShare } from "./connections";

function connection(state: ConnectionStateDto, change: Partial<ConnectionDto> = {}): ConnectionDto {
  return {
    venue: state,
    state,
    since: null,
    retryAt: null,
    reason: null,
    advice: null,
    alternative: null,
    pausedUntil: null,
    canTryNow: false,
    weightUsed: null,
    weightLimit: null,
    connections: 0,
    streams: 0,
    lastFrame: null,
    malformed: 0,
    ...change,
  };
}

describe("overallState", () => {
  it.each<[ConnectionStateDto[], ConnectionStateDto]>([
    [[], "off"],
    [["off", "live"], "live"],
    [["live", "reconnecting"], "reconnecting"],
    [["live", "banned", "reconnecting"], "banned"],
    [["unreachable", "restricted"], "restricted"],
  ])("%j is %s", (states, expected) =>
    expect(
      overallState(
        states.map((state) => connection(state)),
        { state: "off" },
      ),
    ).toBe(expected),
  );

  it("follows the stream where connections are not known", () => {
    expect(overallState([], { state: "live", seriesIds: [1] })).toBe("live");
    expect(overallState([], { state: "reconnecting", reason: "", waitMs: 1 })).toBe("reconnecting");
  });
});

describe("byUrgency", () => {
  it("puts what needs a person first and what is off last", () => {
    const shown = byUrgency((["off", "live", "banned"] as const).map((state) => connection(state)));
    expect(shown.map((one) => one.state)).toEqual(["banned", "live", "off"]);
  });
});

describe("figures", () => {
  it.each([
    [null, 5_000, null],
    [9_000, 5_000, 4_000],
    [4_000, 5_000, 0],
  ])("a try at %s seen at %i is %s away", (retryAt, now, expected) =>
    expect(untilRetry(connection("paused", { retryAt }), now)).toBe(expected),
  );

  it.each([
    [null, 6_000, null],
    [1_200, null, null],
    [1_200, 6_000, 0.2],
    [7_000, 6_000, 1],
  ])("%s of %s is %s", (weightUsed, weightLimit, expected) =>
    expect(usedShare(connection("live", { weightUsed, weightLimit }))).toBe(expected),
  );
});
