// How a source does. Pure.
import type { SourceDto } from "../../backend/bindings";

export type Health = "ok" | "failing" | "paused" | "waiting";

export function healthOf(source: SourceDto): Health {
  if (!source.enabled) return "paused";
  if (source.failures > 0) return "failing";
  return source.lastFetch === null ? "waiting" : "ok";
}

/** What the last answer of a source means for people. */
export type Reason =
  | "fresh"
  | "unchanged"
  | "slow"
  | "refused"
  | "missing"
  | "gone"
  | "broken"
  | "other"
  | "unreachable";

/** Null for a source that was not asked yet. */
export function reasonOf({ lastFetch, lastStatus, failures }: SourceDto): Reason | null {
  if (lastStatus === null) return failures > 0 ? "unreachable" : lastFetch === null ? null : "fresh";
  if (lastStatus === 304) return "unchanged";
  // An answer that came well and could not be read is a failure too.
  if (lastStatus < 300) return failures > 0 ? "other" : "fresh";
  if (lastStatus === 429) return "slow";
  if (lastStatus === 401 || lastStatus === 403 || lastStatus === 451) return "refused";
  if (lastStatus === 404) return "missing";
  if (lastStatus === 410) return "gone";
  return lastStatus >= 500 ? "broken" : "other";
}

/** What is wrong with an address before the program is asked; null where nothing is. A site's name will do. */
export function addressFault(url: string): "empty" | "shape" | null {
  const typed = url.trim();
  if (typed === "") return "empty";
  const shape = /^(https?:\/\/[^\s/]+|[^\s/:]+\.[^\s/:.]{2,}(:\d+)?(\/|$))/i;
  return shape.test(typed) ? null : "shape";
}
