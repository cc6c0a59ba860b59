// Facts from the program's bus -> what has to be read again. Every fact has its line in `touchedBy`.
import type { QueryClient, QueryKey } from "@tanstack/react-query";
import type { EventDto } from "./bindings";
import { answer, commands, openChannel } from "./client";
import { keys } from "./queries";

/** The keys of everything that a fact makes stale. An empty key stands for all. */
export function touchedBy(event: EventDto): readonly QueryKey[] {
  switch (event.type) {
    case "candlesStored":
      return [
        keys.series,
        keys.status,
        keys.gapsOf(event.seriesId),
        keys.ledgerOf(event.seriesId),
        keys.stripOf(event.seriesId),
        keys.watchlist,
        keys.chartOf(event.seriesId),
        keys.sentiment,
        keys.markers,
      ];
    case "articlesStored":
      // A new report belongs to the story of one that is open.
      return [keys.articles, keys.stories, keys.article, keys.markers, keys.sources, keys.status];
    case "articlesRead":
      return [keys.stories, keys.status, ...event.ids.map((id) => keys.articleOf(id))];
    case "articlesScored":
      return [
        keys.articles,
        keys.stories,
        keys.markers,
        keys.sentiment,
        keys.series,
        keys.watchlist,
        keys.status,
        ...event.ids.map((id) => keys.articleOf(id)),
      ];
    case "sourcesChanged":
      return [keys.sources];
    case "runFinished":
      return [keys.runs, keys.runOf(event.runId)];
    case "sweepFinished":
      return [keys.sweeps, keys.sweepOf(event.sweepId)];
    case "evaluationsChanged":
      return [keys.evaluations];
    case "modelsChanged":
      // Scores are those of the current model.
      return [
        keys.models,
        keys.modelCard,
        keys.articles,
        keys.status,
        keys.study,
        keys.stories,
        keys.article,
        keys.markers,
        keys.sentiment,
        keys.series,
        keys.watchlist,
      ];
    case "jobChanged":
      return [keys.jobs];
    case "sessionChanged":
      return [keys.session];
    case "settingsChanged":
      return [keys.settings, keys.session, keys.status, keys.watchlist];
    case "statusChanged":
      return [keys.status, keys.connections];
    case "watchlistChanged":
      return [keys.watchlist];
    case "updateReady":
      return [keys.update];
    case "lagged":
      return [[]];
  }
}

/** How long facts are gathered before the screens read again. */
const GATHER_MS = 100;
/** While articles are scored by the thousand there are new scores many times a second: what they touch is read this seldom. */
const SCORES_MS = 2_000;

/** Scores wait until nothing was moved or typed for so long: reading them again would cost the person a frame. */
const REST_MS = 300;
/** Somebody who never rests sees new scores this often. */
const LONGEST_WAIT_MS = 10_000;
/** What a person does to a chart or a list. */
const AT_WORK = ["mousemove", "wheel", "keydown", "touchmove"] as const;

/** When whatever is gathered may be read, in milliseconds from now, 0 for at once. `since` is when the gathering ended. */
type Leave = (since: number) => number;

/** Leave as soon as the person rests. */
function restingHands(): { leave: Leave; stop: () => void } {
  let last = Number.NEGATIVE_INFINITY;
  const atWork = () => {
    last = performance.now();
  };
  for (const kind of AT_WORK) window.addEventListener(kind, atWork, { capture: true, passive: true });
  return {
    leave: (since) => Math.max(0, Math.min(last + REST_MS, since + LONGEST_WAIT_MS) - performance.now()),
    stop: () => {
      for (const kind of AT_WORK) window.removeEventListener(kind, atWork, { capture: true });
    },
  };
}

/** Marks what it is given as stale, gathered: soon at first, then not again before `restMs` have passed, and when `leave` lets it. */
function gathering(client: QueryClient, restMs: number, leave: Leave = () => 0) {
  const pending = new Map<string, QueryKey>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notBefore = Number.NEGATIVE_INFINITY;
  const flush = (since: number) => {
    const wait = leave(since);
    if (wait > 0) {
      timer = setTimeout(flush, wait, since);
      return;
    }
    timer = undefined;
    notBefore = performance.now() + restMs;
    const stale = [...pending.values()];
    pending.clear();
    for (const queryKey of stale) void client.invalidateQueries({ queryKey });
  };
  return {
    add(keys: readonly QueryKey[]) {
      for (const key of keys) pending.set(JSON.stringify(key), key);
      timer ??= setTimeout(() => flush(performance.now()), Math.max(GATHER_MS, notBefore - performance.now()));
    },
    stop: () => clearTimeout(timer),
  };
}

/** Listens to the bus for as long as the window lives; returns how to stop. */
export function followEvents(client: QueryClient, onEvent?: (event: EventDto) => void): () => void {
  const facts = gathering(client, 0);
  const hands = restingHands();
  const scores = gathering(client, SCORES_MS, hands.leave);
  const channel = openChannel<EventDto[]>((batch) => {
    for (const event of batch) {
      (event.type === "articlesScored" ? scores : facts).add(touchedBy(event));
      onEvent?.(event);
    }
  });
  // A window that cannot subscribe still works: every screen reads on focus, and the error boundary reports the rest.
  void answer(commands.subscribe(channel)).catch(() => client.invalidateQueries());
  return () => {
    facts.stop();
    scores.stop();
    hands.stop();
    channel.onmessage = () => undefined;
  };
}
