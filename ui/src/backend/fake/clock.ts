// The in-memory program's clock: starts at a fixed moment and runs on.

/** Friday, 26 January 2024, 14:36:46 UTC. */
export const START_MS = Date.UTC(2024, 0, 26, 14, 36, 46);

export function fakeNow(): number {
  return START_MS + Math.round(performance.now());
}

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
