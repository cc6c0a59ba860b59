import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it, vi } from "vitest";
import type { EventDto } from "./bindings";
import { touchedBy } from "./events";
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
