import { describe, expect, it } from "vitest";
import type { SeriesDto } from "../backend/bindings";
import { groupBySymbol, intervalMs, matchScore, preferredSeries } from "./paletteItems";

function series(id: number, venue: string, symbol: string, interval: string): SeriesDto {
  return {
    id,
    venue,
    symbol,
    interval,
    asset: null,
    simulated: false,
    priceDecimals: 2,
    rows: 0,
    first: null,
    last: null,
    gaps: 0,
    absent: 0,
    pending: 0,
    corrections: 0,
    wantedFrom: null,
    lastPrice: null,
    change24h: null,
    sentiment24h: null,
  };
}

describe("matchScore", () => {
  const entries = [
    "BTCUSDT binance",
    "ETHUSDT binance",
    "Fetch history from the exchange",
    "Settings",
    "1h Interval 1h",
  ];
  const best = (typed: string) =>
    entries
      .filter((entry) => matchScore(entry, typed) > 0)
      .toSorted((a, b) => matchScore(b, typed) - matchScore(a, typed));

  it.each([
    ["eth", ["ETHUSDT binance"]],
    ["bus", ["BTCUSDT binance"]],
    ["hist", ["Fetch history from the exchange"]],
    ["1h", ["1h Interval 1h"]],
    ["SET", ["Settings"]],
    ["zzz", []],
  ])("%s finds %j", (typed, expected) => expect(best(typed)).toEqual(expected));

  it("prefers beginnings", () => {
    expect(matchScore("Settings", "se")).toBeGreaterThan(matchScore("Open settings", "se"));
    expect(matchScore("Open settings", "se")).toBeGreaterThan(matchScore("Close", "se"));
  });

  it("lists everything while nothing is typed", () => expect(best("")).toHaveLength(entries.length));
});

describe("groups", () => {
  const groups = groupBySymbol([
    series(1, "binance", "BTCUSDT", "1d"),
    series(2, "binance", "BTCUSDT", "15m"),
    series(3, "csv", "BTCUSDT", "1h"),
    series(4, "binance", "BTCUSDT", "1h"),
  ]);

  it("keeps venues apart and sorts intervals by length", () => {
    expect(groups.map((group) => group.key)).toEqual(["binance:BTCUSDT", "csv:BTCUSDT"]);
    expect(groups[0]?.series.map((one) => one.interval)).toEqual(["15m", "1h", "1d"]);
  });

  it.each([
    ["1d", 1],
    ["4h", 4],
    [undefined, 4],
  ])("opens interval %s as series %i", (interval, id) => {
    const [group] = groups;
    expect(group && preferredSeries(group, interval)?.id).toBe(id);
  });
});

describe("intervalMs", () => {
  it.each([
    ["1s", 1_000],
    ["1m", 60_000],
    ["1h", 3_600_000],
    ["1M", 2_592_000_000],
    ["1x", Number.NaN],
  ])("%s", (interval, expected) => expect(intervalMs(interval)).toBe(expected));
});
