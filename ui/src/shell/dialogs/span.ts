// Spans of history as a person names them.

export type SpanChoice = "month" | "year" | "all" | "custom";

const DAY = 86_400_000;
/** Before the first candle of any exchange we know. */
const BEGINNING = Date.UTC(2017, 0, 1);

/** "2024-01-31" in UTC as milliseconds; null for what is no date. */
export function parseDate(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text.trim())) return null;
  const at = Date.parse(`${text.trim()}T00:00:00Z`);
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text.trim() ? null : at;
}

/** The times to ask for; `null` for "custom" dates that cannot be read. The end is null where it is now. */
export function spanOf(
  choice: SpanChoice,
  now: number,
  from: string,
  to: string,
): { from: number; to: number | null } | null {
  switch (choice) {
    case "month":
      return { from: now - 30 * DAY, to: null };
    case "year":
      return { from: now - 365 * DAY, to: null };
    case "all":
      return { from: BEGINNING, to: null };
    case "custom": {
      const start = parseDate(from);
      const end = to.trim() === "" ? null : parseDate(to);
      if (start === null || (to.trim() !== "" && end === null)) return null;
      return end !== null && end <= start ? null : { from: start, to: end };
    }
  }
}
