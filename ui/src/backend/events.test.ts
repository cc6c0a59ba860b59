import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { EventDto } from "./bindings";
import { commands } from "./client";
import { followEvents, touchedBy } from "./events";
import { keys } from "./queries";

/** One of each kind: a new kind does not compile without a line here. */
const EVERY: { [K in EventDto["type"]]: Extract<EventDto, { type: K }> } = {
  candlesStored: { type: "candlesStored", seriesId: 7 },
  articlesStored: { type: "articlesStored", ids: [1, 2] },
  articlesRead: { type: "articlesRead", ids: [4] },
  articlesScored: { type: "articlesScored", ids: [3] },
  sourcesChanged: { type: "sourcesChanged" },
  runFinished: { type: "runFinished", runId: 5 },
  sweepFinished: { type: "sweepFinished", sweepId: 6 },
  evaluationsChanged: { type: "evaluationsChanged" },
  modelsChanged: { type: "modelsChanged" },
  jobChanged: { type: "jobChanged", id: "j1" },
  sessionChanged: { type: "sessionChanged" },
  settingsChanged: { type: "settingsChanged" },
  statusChanged: { type: "statusChanged" },
  watchlistChanged: { type: "watchlistChanged" },
  updateReady: { type: "updateReady", version: "2.0.0" },
  lagged: { type: "lagged" },
};

describe("touchedBy", () => {
  it.each(Object.values(EVERY))("names what $type makes stale", (event) => {
    expect(touchedBy(event).length).toBeGreaterThan(0);
  });

  it("touches the chart of the series that was written, and no other", () => {
    const touched = touchedBy(EVERY.candlesStored);
    expect(touched).toContainEqual(keys.chartOf(7));
    expect(touched).not.toContainEqual(keys.chart);
  });

  it("touches each scored article", () => {
    expect(touchedBy(EVERY.articlesScored)).toContainEqual(keys.articleOf(3));
    expect(touchedBy(EVERY.articlesStored)).toContainEqual(keys.article);
  });

  it("reads everything again after a lag", async () => {
    const client = new QueryClient();
    const read = vi.fn().mockResolvedValue(1);
    await client.prefetchQuery({ queryKey: keys.series, queryFn: read });
    for (const queryKey of touchedBy(EVERY.lagged)) await client.invalidateQueries({ queryKey });
    expect(client.getQueryState(keys.series)?.isInvalidated).toBe(true);
  });
});

describe("followEvents", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  /** Follows the bus; answers how to send on it, and how often a query was read again. */
  async function following(queryKey: readonly unknown[]) {
    let send: (batch: EventDto[]) => void = () => undefined;
    vi.spyOn(commands, "subscribe").mockImplementation((channel) => {
      send = (batch) => channel.onmessage(batch);
      return Promise.resolve({ status: "ok", data: null });
    });
    const client = new QueryClient();
    const read = vi.spyOn(client, "invalidateQueries");
    const stop = followEvents(client);
    const times = () =>
      read.mock.calls.filter(([filters]) => JSON.stringify(filters?.queryKey) === JSON.stringify(queryKey)).length;
    return { send, times, stop };
  }

  it("reads what scores touch again at once, and then not with every batch of them", async () => {
    const { send, times, stop } = await following(keys.sentiment);
    for (let tenth = 0; tenth < 100; tenth += 1) {
      send([{ type: "articlesScored", ids: [tenth] }]);
      vi.advanceTimersByTime(100);
      if (tenth === 1) expect(times()).toBe(1);
    }
    expect(times()).toBeGreaterThanOrEqual(5);
    expect(times()).toBeLessThanOrEqual(6);
    // The last of them are not forgotten.
    const before = times();
    send([{ type: "articlesScored", ids: [100] }]);
    vi.advanceTimersByTime(2_100);
    expect(times()).toBe(before + 1);
    stop();
  });

  it("does not let other facts wait for scores", async () => {
    const { send, times, stop } = await following(keys.gapsOf(7));
    send([{ type: "articlesScored", ids: [1] }]);
    vi.advanceTimersByTime(500);
    for (const round of [1, 2, 3]) {
      send([EVERY.candlesStored, { type: "articlesScored", ids: [2] }]);
      vi.advanceTimersByTime(100);
      expect(times()).toBe(round);
    }
    stop();
  });

  it("lets scores wait while somebody moves the chart, but not for ever", async () => {
    const { send, times, stop } = await following(keys.sentiment);
    const moving = (ms: number) => {
      for (let tenth = 0; tenth < ms / 100; tenth += 1) {
        window.dispatchEvent(new MouseEvent("mousemove"));
        send([{ type: "articlesScored", ids: [tenth] }]);
        vi.advanceTimersByTime(100);
      }
    };
    moving(5_000);
    expect(times()).toBe(0);
    vi.advanceTimersByTime(400);
    expect(times()).toBe(1);
    vi.advanceTimersByTime(2_000);
    moving(30_000);
    expect(times()).toBeGreaterThanOrEqual(3);
    expect(times()).toBeLessThanOrEqual(4);
    stop();
    window.dispatchEvent(new MouseEvent("mousemove"));
    vi.advanceTimersByTime(20_000);
    expect(times()).toBeLessThanOrEqual(4);
  });

  it("lets no other fact wait for a hand", async () => {
    const { send, times, stop } = await following(keys.gapsOf(7));
    window.dispatchEvent(new MouseEvent("mousemove"));
    send([EVERY.candlesStored]);
    vi.advanceTimersByTime(100);
    expect(times()).toBe(1);
    stop();
  });
});
