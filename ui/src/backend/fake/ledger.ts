// The ledgers of the in-memory program: what is there, what the exchange does not have, what was not asked for.
import type { CandleSourceDto, EvidenceDto, GapDto, JournalRowDto, LedgerDto, StripCellDto } from "../bindings";
import { type Book, lowerBound } from "./candles";
import { DAY, HOUR, START_MS } from "./clock";

export interface AbsentSpan {
  from: number;
  to: number;
  evidence: EvidenceDto;
}

export type JournalPage = JournalRowDto;

const HOSTS: Record<string, string> = {
  binance: "api.binance.com",
  "binance-us": "api.binance.us",
  coinbase: "api.exchange.coinbase.com",
  simulated: "market simulator",
};

const BYTES_A_ROW = 54;

/** Every second hole is the exchange's, the others were never asked for; a simulated market and a file have only their own. */
export function plannedAbsence(time: readonly number[], stepMs: number, venue: string): AbsentSpan[] {
  const asked = venue !== "simulated" && venue !== "csv";
  return holes(time, stepMs).flatMap((hole, index) => {
    if (asked && index % 2 === 1) return [];
    const evidence: EvidenceDto = {
      source: asked ? "rest" : venue === "csv" ? "import" : "simulation",
      name: HOSTS[venue] ?? "candles.csv",
      firstAsked: START_MS - 9 * DAY,
      lastAsked: START_MS - (2 + index) * DAY,
      times: asked ? 2 + index : 1,
    };
    return [{ ...hole, evidence }];
  });
}

function holes(time: readonly number[], stepMs: number): { from: number; to: number }[] {
  const found: { from: number; to: number }[] = [];
  for (let bar = 1; bar < time.length; bar += 1) {
    const before = time[bar - 1];
    const at = time[bar];
    if (before !== undefined && at !== undefined && at - before > stepMs) found.push({ from: before + stepMs, to: at });
  }
  return found;
}

export function gapsOf(book: Book): GapDto[] {
  const { stepMs } = book;
  return holes(book.columns.time, stepMs).map(({ from, to }) => {
    const known = book.absent.find((span) => span.from <= from && to <= span.to);
    return {
      from,
      to,
      missing: Math.round((to - from) / stepMs),
      reason: known ? "exchangeAbsent" : "pending",
      evidence: known?.evidence ?? null,
    };
  });
}

/** From the first that is stored or wanted to after the last. */
function extent(book: Book): { from: number; to: number } | null {
  const first = book.columns.time[0];
  const last = book.columns.time.at(-1);
  if (first === undefined || last === undefined) return book.wanted;
  return { from: Math.min(first, book.wanted?.from ?? first), to: last + book.stepMs };
}

/** One cell: openings on the grid of the series in [from, to). */
function cell(book: Book, from: number, to: number): StripCellDto {
  const { stepMs, columns } = book;
  const openings = (start: number, end: number) =>
    Math.max(0, Math.ceil((end - grid(book)) / stepMs) - Math.ceil((start - grid(book)) / stepMs));
  const present = lowerBound(columns.time, to) - lowerBound(columns.time, from);
  const absent = book.absent.reduce((sum, span) => sum + openings(Math.max(from, span.from), Math.min(to, span.to)), 0);
  return { from, to, present, absent, pending: Math.max(0, openings(from, to) - present - absent) };
}

const grid = (book: Book) => book.columns.time[0] ?? 0;

export function stripOf(book: Book, from: number | null, to: number | null, buckets: number): StripCellDto[] {
  const all = extent(book);
  if (!all) return [];
  const start = from ?? all.from;
  const end = to ?? all.to;
  const openings = Math.max(1, Math.ceil((end - start) / book.stepMs));
  const count = Math.max(1, Math.min(buckets, openings));
  const edge = (index: number) => start + Math.floor((openings * index) / count) * book.stepMs;
  return Array.from({ length: count }, (_, index) =>
    cell(book, edge(index), index === count - 1 ? end : edge(index + 1)),
  );
}

export function ledgerFigures(book: Book): { gaps: number; absent: number; pending: number } {
  const [whole] = stripOf(book, null, null, 1);
  return {
    gaps: holes(book.columns.time, book.stepMs).length,
    absent: whole?.absent ?? 0,
    pending: whole?.pending ?? 0,
  };
}

export function ledgerOf(book: Book, buckets: number): LedgerDto {
  const all = extent(book);
  const { absent, pending } = ledgerFigures(book);
  return {
    from: all?.from ?? null,
    to: all?.to ?? null,
    strip: stripOf(book, null, null, buckets),
    present: book.columns.time.length,
    absent,
    pending,
    bytes: book.columns.time.length * BYTES_A_ROW + 4_096,
    corrections: book.series.corrections,
    wantedFrom: book.wanted?.from ?? null,
    wantedTo: book.wanted?.to ?? null,
    journal: book.journal,
  };
}

/** The pages that would have filled a series: archives first, the rest by REST, some of it from the stream. */
export function firstJournal(book: Book): JournalPage[] {
  const { venue, symbol, interval } = book.series;
  const { time } = book.columns;
  const page = venue === "csv" || venue === "simulated" ? time.length : 1_000;
  const rows: JournalPage[] = [];
  for (let start = 0; start < time.length; start += page) {
    const from = time[start];
    const end = Math.min(time.length, start + page);
    const to = time[end - 1];
    if (from === undefined || to === undefined) continue;
    const newest = end === time.length;
    const month = new Date(from).toISOString().slice(0, 7);
    const [source, name]: [CandleSourceDto, string] =
      venue === "simulated"
        ? ["simulation", "market simulator"]
        : venue === "csv"
          ? ["import", `${symbol.toLowerCase()}_${interval}.csv`]
          : venue === "binance" && !newest
            ? ["archive", `${symbol}-${interval}-${month}.zip`]
            : ["rest", HOSTS[venue] ?? venue];
    rows.unshift({
      id: rows.length + 1,
      source,
      name,
      from,
      to: to + book.stepMs,
      rows: end - start,
      inserted: end - start,
      corrected: newest ? book.series.corrections : 0,
      at: START_MS - 3 * HOUR + rows.length * 4_000,
    });
  }
  return rows;
}

/** Writes a page down, the newest first. */
export function note(book: Book, page: Omit<JournalPage, "id">): void {
  book.journal = [{ ...page, id: (book.journal[0]?.id ?? 0) + 1 }, ...book.journal];
}
