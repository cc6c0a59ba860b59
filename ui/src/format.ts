// The one formatter of numbers and times. Digits are grouped by locale, minus is the true sign, times are ISO in the
// chosen zone.
import type { ZoneDto } from "./backend/bindings";

/** Shown where a figure is not defined. */
export const NONE = "–";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface Format {
  readonly locale: string;
  readonly zone: ZoneDto;
  /** With exactly so many decimals. */
  number(value: number | null, decimals: number): string;
  /** With its sign, also when positive. */
  signed(value: number | null, decimals: number): string;
  /** A ratio as a signed percentage: 0.0142 is "+1.42%". */
  change(ratio: number | null, decimals?: number): string;
  /** A ratio as a percentage. */
  percent(ratio: number | null, decimals?: number): string;
  /** A whole number. */
  count(value: number): string;
  /** Volumes and the like: about four significant digits, "1.2M". */
  amount(value: number | null): string;
  /** So many a second: whole from ten on. */
  rate(value: number): string;
  /** Sentiment in [-1, 1]: "+0.71". */
  score(value: number | null): string;
  bytes(value: number): string;
  /** "2024-01-26" */
  date(at: number | null): string;
  /** "2024-01-26 14:36" */
  dateTime(at: number | null): string;
  /** "14:36:46" */
  time(at: number): string;
  /** Time left or taken: "0:41", "3:07:12", "2 d 3 h". */
  duration(ms: number): string;
  /** "UTC" or the local offset, "UTC+2". */
  zoneName(at: number): string;
}

function trueMinus(text: string): string {
  return text.replace(/^-/, "−").replace(/^(\p{Sc}?)-/u, "$1−");
}

const two = (value: number) => String(value).padStart(2, "0");

interface Parts {
  date: string;
  hour: string;
  minute: string;
  second: string;
}

function partsOf(at: number, zone: ZoneDto): Parts {
  // Shifted by the zone's offset the UTC getters give local parts; one code path for both zones.
  const moment = new Date(at);
  const shifted = zone === "utc" ? moment : new Date(at - moment.getTimezoneOffset() * MINUTE);
  return {
    date: shifted.toISOString().slice(0, 10),
    hour: two(shifted.getUTCHours()),
    minute: two(shifted.getUTCMinutes()),
    second: two(shifted.getUTCSeconds()),
  };
}

export function createFormat(locale: string, zone: ZoneDto): Format {
  const cache = new Map<string, Intl.NumberFormat>();
  const intl = (key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const known = cache.get(key);
    if (known) return known;
    const made = new Intl.NumberFormat(locale, options);
    cache.set(key, made);
    return made;
  };
  const finite = (value: number | null): value is number => value !== null && Number.isFinite(value);
  const fixed = (value: number, decimals: number, sign: "auto" | "exceptZero") =>
    trueMinus(
      intl(`${sign}${decimals}`, {
        minimumFractionDigits: decimals,
        maximumFractionDigits: decimals,
        signDisplay: sign === "auto" ? "negative" : sign,
      }).format(value),
    );
  const format: Format = {
    locale,
    zone,
    number: (value, decimals) => (finite(value) ? fixed(value, decimals, "auto") : NONE),
    signed: (value, decimals) => (finite(value) ? fixed(value, decimals, "exceptZero") : NONE),
    change: (ratio, decimals = 2) => (finite(ratio) ? `${fixed(ratio * 100, decimals, "exceptZero")}%` : NONE),
    percent: (ratio, decimals = 1) => (finite(ratio) ? `${fixed(ratio * 100, decimals, "auto")}%` : NONE),
    count: (value) => fixed(value, 0, "auto"),
    amount: (value) => {
      if (!finite(value)) return NONE;
      if (Math.abs(value) >= 100_000) {
        return trueMinus(intl("compact", { notation: "compact", maximumSignificantDigits: 4 }).format(value));
      }
      return trueMinus(intl("amount", { maximumSignificantDigits: Math.abs(value) >= 1_000 ? 5 : 4 }).format(value));
    },
    rate: (value) => fixed(value, Math.abs(value) < 10 ? 1 : 0, "auto"),
    score: (value) => (finite(value) ? fixed(value, 2, "exceptZero") : NONE),
    bytes: (value) => {
      const units = ["B", "kB", "MB", "GB", "TB"];
      let unit = 0;
      let size = value;
      while (size >= 1_000 && unit < units.length - 1) {
        size /= 1_000;
        unit += 1;
      }
      return `${fixed(size, unit > 0 && size < 10 ? 1 : 0, "auto")} ${units[unit] ?? "B"}`;
    },
    date: (at) => (at === null ? NONE : partsOf(at, zone).date),
    dateTime: (at) => {
      if (at === null) return NONE;
      const parts = partsOf(at, zone);
      return `${parts.date} ${parts.hour}:${parts.minute}`;
    },
    time: (at) => {
      const parts = partsOf(at, zone);
      return `${parts.hour}:${parts.minute}:${parts.second}`;
    },
    duration: (ms) => {
      const left = Math.max(0, ms);
      if (left >= DAY) return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
      const hours = Math.floor(left / HOUR);
      const minutes = Math.floor((left % HOUR) / MINUTE);
      const seconds = two(Math.floor((left % MINUTE) / 1_000));
      return hours > 0 ? `${hours}:${two(minutes)}:${seconds}` : `${minutes}:${seconds}`;
    },
    zoneName: (at) => {
      const offset = zone === "utc" ? 0 : -new Date(at).getTimezoneOffset();
      if (offset === 0) return "UTC";
      const minutes = Math.abs(offset) % 60;
      const hours = Math.floor(Math.abs(offset) / 60);
      return `UTC${offset < 0 ? "−" : "+"}${hours}${minutes ? `:${two(minutes)}` : ""}`;
    },
  };
  return format;
}
