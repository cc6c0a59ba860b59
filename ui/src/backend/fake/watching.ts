// The watchlist of the in-memory program: prices take a small step every second while the connection is live.
import type { WatchRowDto, WatchSymbolDto } from "../bindings";
import type { Book } from "./candles";
import { fakeNow, HOUR, START_MS } from "./clock";
import { gaussian, seeded } from "./random";
import { symbolsOf } from "./venues";
import { announce, type World } from "./world";

const keyOf = (one: WatchSymbolDto) => `${one.venue}:${one.symbol}`;

/** Every stored symbol, and two that are not stored. */
export function firstWatchlist(books: readonly Book[]): WatchSymbolDto[] {
  const stored = books.map(({ series: { venue, symbol } }) => ({ venue, symbol }));
  const more = books.length > 0 ? [{ venue: "binance", symbol: "DOTUSDT" }] : [];
  return [...new Map([...stored, ...more].map((one) => [keyOf(one), one])).values()];
}

/** The prices that a world begins with. */
export function firstPrices(): Map<string, number> {
  const prices = new Map<string, number>();
  for (const venue of ["binance", "binance-us", "coinbase"]) {
    for (const { symbol, price } of symbolsOf(venue)) prices.set(keyOf({ venue, symbol }), price);
  }
  return prices;
}

export function rowsOf(world: World): WatchRowDto[] {
  return world.watchlist.map((one) => rowOf(world, one));
}

function rowOf(world: World, { venue, symbol }: WatchSymbolDto): WatchRowDto {
  const books = world.books.filter(({ series }) => series.venue === venue && series.symbol === symbol);
  const lead = books.find(({ series }) => series.interval === "1h") ?? books[0];
  const fromStream = venue !== "simulated" && venue !== "csv";
  const price = fromStream ? world.prices.get(keyOf({ venue, symbol })) : undefined;
  const live = fromStream && world.tickedAt !== null && symbol !== "LTCUSDT";
  const last = live ? (price ?? null) : (lead?.series.lastPrice ?? null);
  const dayBefore =
    lead?.series.lastPrice && lead.series.change24h !== null
      ? lead.series.lastPrice / (1 + lead.series.change24h)
      : (price ?? 1) / 1.0127;
  const range = (last ?? 0) * 0.021;
  return {
    venue,
    symbol,
    seriesIds: books.map(({ series }) => series.id),
    last,
    priceDecimals: lead?.series.priceDecimals ?? decimalsOf(price ?? 1),
    change24h: last === null ? null : last / dayBefore - 1,
    high24h: last === null ? null : Math.max(last, dayBefore) + range / 3,
    low24h: last === null ? null : Math.min(last, dayBefore) - range / 4,
    quoteVolume24h: last === null ? null : 18_400_000 * (1 + symbol.length),
    at: live ? world.tickedAt : (lead?.series.last ?? null),
    state: live ? "live" : fromStream && symbol === "LTCUSDT" && world.tickedAt !== null ? "stale" : "stored",
    sentiment24h: lead?.series.sentiment24h ?? null,
  };
}

const decimalsOf = (price: number) => (price < 0.001 ? 8 : price < 1 ? 5 : price < 100 ? 3 : 2);

const normal = gaussian(seeded(777));

/** One step of every price. */
function tick(world: World): void {
  world.tickedAt = fakeNow();
  for (const [key, price] of world.prices) world.prices.set(key, price * (1 + normal() * 0.000_4));
  announce(world, { type: "watchlistChanged" });
}

/** Starts and stops the ticker with the connection. */
export function watch(world: World): void {
  const running = world.live.state === "live";
  if (running && world.ticker === undefined) {
    tick(world);
    world.ticker = setInterval(() => tick(world), 1_000);
  }
  if (!running && world.ticker !== undefined) {
    clearInterval(world.ticker);
    world.ticker = undefined;
    world.tickedAt = null;
    announce(world, { type: "watchlistChanged" });
  }
}

/** Since when a connection is as it is. */
export const STATE_SINCE = START_MS - HOUR / 4;
