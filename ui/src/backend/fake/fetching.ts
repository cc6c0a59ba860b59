// Fetching of the in-memory program: what is pending is made up, and the page that brought it is noted.
import type { FetchRequest } from "../bindings";
import { type Book, createBook, INTERVAL_MS, restate } from "./candles";
import { fakeNow, HOUR, START_MS } from "./clock";
import { gapsOf, note } from "./ledger";
import { gaussian, seeded } from "./random";
import type { World } from "./world";

/** More candles than this are not made for one series. */
const MOST = 20_000;

interface Made {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** Candles of [from, to) that lead from one price to another. */
function bridge(book: Book, from: number, to: number, start: number, end: number): Made[] {
  const normal = gaussian(seeded(from % 100_003));
  const count = Math.round((to - from) / book.stepMs);
  const round = (value: number) => Number(value.toFixed(book.series.priceDecimals));
  let open = start;
  return Array.from({ length: count }, (_, bar) => {
    const straight = start + ((end - start) * (bar + 1)) / count;
    const close = round(bar === count - 1 ? end : straight * (1 + normal() * 0.002));
    const made: Made = {
      time: from + bar * book.stepMs,
      open: round(open),
      high: round(Math.max(open, close) * (1 + Math.abs(normal()) * 0.001)),
      low: round(Math.min(open, close) * (1 - Math.abs(normal()) * 0.001)),
      close,
      volume: Number((100 + Math.abs(normal()) * 400).toFixed(3)),
    };
    open = close;
    return made;
  });
}

function insert(book: Book, made: readonly Made[]): void {
  const { columns } = book;
  const rows = columns.time.map((time, bar) => ({
    time,
    open: columns.open[bar] ?? 0,
    high: columns.high[bar] ?? 0,
    low: columns.low[bar] ?? 0,
    close: columns.close[bar] ?? 0,
    volume: columns.volume[bar] ?? 0,
  }));
  const all = [...rows, ...made].toSorted((a, b) => a.time - b.time);
  book.columns = {
    time: all.map((row) => row.time),
    open: all.map((row) => row.open),
    high: all.map((row) => row.high),
    low: all.map((row) => row.low),
    close: all.map((row) => row.close),
    volume: all.map((row) => row.volume),
  };
}

/** Fetches everything that is pending inside of what is wanted. */
export function fillPending(book: Book): void {
  const spans = gapsOf(book)
    .filter((gap) => gap.reason === "pending")
    .map(({ from, to }) => ({ from, to }));
  const first = book.columns.time[0];
  if (first !== undefined && book.wanted && book.wanted.from < first) spans.push({ from: book.wanted.from, to: first });
  for (const { from, to } of spans) {
    const after = book.columns.time.indexOf(to);
    const end = book.columns.open[after] ?? 1;
    const start = book.columns.close[after - 1] ?? end * 0.97;
    const made = bridge(book, from, to, start, end);
    insert(book, made);
    const page = { source: "rest" as const, name: "api.binance.com", from, to, rows: made.length };
    note(book, { ...page, inserted: made.length, corrected: 0, at: fakeNow() });
  }
  restate(book);
}

/** From when a fetch reads, how long its candles are, and how many there are. */
export function asked(request: FetchRequest): { stepMs: number; from: number; rows: number } {
  const stepMs = INTERVAL_MS[request.interval] ?? 30 * 24 * HOUR;
  const from = request.from ?? START_MS - 30 * 24 * HOUR;
  return { stepMs, from, rows: Math.max(1, Math.min(MOST, Math.floor((START_MS - from) / stepMs))) };
}

/** The series of a request, made when there is none. */
export function fetched(world: World, request: FetchRequest): Book {
  const venue = request.venue ?? "binance";
  const known = world.books.find(
    ({ series }) => series.venue === venue && series.symbol === request.symbol && series.interval === request.interval,
  );
  const { stepMs, from, rows } = asked(request);
  if (known) {
    const { wanted, columns } = known;
    const earliest = Math.max(from, (columns.time[0] ?? from) - MOST * stepMs);
    if (wanted) wanted.from = Math.min(wanted.from, Math.ceil(earliest / stepMs) * stepMs);
    fillPending(known);
    return known;
  }
  const asset = request.symbol.replace(/[-/]?(USDT|USDC|USD|EUR|BTC)$/, "");
  const id = Math.max(0, ...world.books.map((book) => book.series.id)) + 1;
  const price = world.prices.get(`${venue}:${request.symbol}`) ?? 100;
  const plan = { venue, symbol: request.symbol, asset, interval: request.interval, rows, price, gaps: 0 };
  const book = createBook({ ...plan, decimals: price < 1 ? 5 : 2 }, id);
  world.books = [...world.books, book];
  return book;
}

/** Asks again: the evidence is newer, and nothing else has changed. */
export function verified(book: Book): void {
  const now = fakeNow();
  book.absent = book.absent.map((span) => ({
    ...span,
    evidence: { ...span.evidence, lastAsked: now, times: span.evidence.times + 1 },
  }));
  const from = book.columns.time[0] ?? now;
  const to = (book.columns.time.at(-1) ?? now) + book.stepMs;
  const rows = book.columns.time.length;
  note(book, { source: "rest", name: "api.binance.com", from, to, rows, inserted: 0, corrected: 0, at: now });
  restate(book);
}
