// How a source does. Pure.
import type { SourceDto } from "../../backend/bindings";

export type Health = "ok" | "failing" | "paused" | "waiting";

export function healthOf(source: SourceDto): Health {
  if (!source.enabled) return "paused";
  if (source.failures > 0) return "failing";
  return source.lastFetch === null ? "waiting" : "ok";
}

/** What is wrong with an address before the program is asked; null where nothing is. */
export function addressFault(url: string): "empty" | "scheme" | null {
  const typed = url.trim();
  if (typed === "") return "empty";
  return /^https?:\/\/[^\s/]+/i.test(typed) ? null : "scheme";
}
