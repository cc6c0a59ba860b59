// Venues of the in-memory program and their symbols.
import type { SymbolDto, VenueDto } from "../bindings";

const ALL = "1s 1m 3m 5m 15m 30m 1h 2h 4h 6h 8h 12h 1d 3d 1w 1M".split(" ");

export const VENUES: readonly VenueDto[] = [
  {
    id: "binance",
    name: "Binance spot",
    example: "BTCUSDT",
    pageCandles: 1_000,
    intervals: ALL,
    stream: true,
    archive: true,
    note: "Archives go back to August 2017.",
  },
  {
    id: "binance-us",
    name: "Binance US",
    example: "BTCUSD",
    pageCandles: 1_000,
    intervals: ALL,
    stream: true,
    archive: false,
    note: "History begins in September 2019.",
  },
  {
    id: "coinbase",
    name: "Coinbase",
    example: "BTC-USD",
    pageCandles: 300,
    intervals: "1m 5m 15m 1h 6h 1d".split(" "),
    stream: false,
    archive: false,
    note: "300 candles a page: a long span takes a while. Live candles are asked for every few seconds.",
  },
];

/** Base assets with a price to begin with. */
const PRICES: Record<string, number> = {
  BTC: 41_844.26,
  ETH: 2_211.08,
  SOL: 98.41,
  BNB: 301.5,
  XRP: 0.5142,
  ADA: 0.4871,
  DOGE: 0.07962,
  AVAX: 33.12,
  LINK: 14.27,
  LTC: 67.3,
  DOT: 6.641,
  ATOM: 9.482,
  UNI: 5.905,
  NEAR: 2.988,
  AAVE: 84.1,
  ARB: 1.774,
  OP: 2.913,
  "1000SATS": 0.000_431_2,
  币安人生: 0.1242,
};

const QUOTES: Record<string, readonly string[]> = {
  binance: ["USDT", "BTC"],
  "binance-us": ["USD"],
  coinbase: ["USD"],
};

export function symbolsOf(venue: string): (SymbolDto & { price: number })[] {
  const separator = venue === "coinbase" ? "-" : "";
  return Object.entries(PRICES).flatMap(([base, price]) =>
    (QUOTES[venue] ?? []).flatMap((quote) => {
      if (base === quote || (quote === "BTC" && price < 1)) return [];
      const trading = base !== "LTC";
      const symbol = `${base}${separator}${quote}`;
      const status = trading ? "TRADING" : "BREAK";
      return [{ symbol, base, quote, trading, status, price: quote === "BTC" ? price / 41_844.26 : price }];
    }),
  );
}

/** Those whose name holds the text: the ones that begin with it first, trading ones before others. */
export function findSymbols(venue: string, typed: string): SymbolDto[] {
  const text = typed.trim().toUpperCase();
  const rank = (one: SymbolDto) => (one.symbol.startsWith(text) ? 0 : 2) + (one.trading ? 0 : 1);
  return symbolsOf(venue)
    .filter((one) => one.symbol.includes(text))
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, 50)
    .map(({ price: _, ...symbol }) => symbol);
}
