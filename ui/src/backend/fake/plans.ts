// Which series the in-memory program holds at its start.

export interface Plan {
  venue: string;
  symbol: string;
  asset: string;
  interval: string;
  rows: number;
  price: number;
  decimals: number;
  /** Holes between the candles. */
  gaps: number;
  /** Candles before the first that are wanted and not fetched yet. */
  before?: number;
  corrections?: number;
}

function plan(
  venue: string,
  symbol: string,
  asset: string,
  interval: string,
  rows: number,
  price: number,
  decimals: number,
  gaps = 0,
  more: Pick<Plan, "before" | "corrections"> = {},
): Plan {
  return { venue, symbol, asset, interval, rows, price, decimals, gaps, ...more };
}

/** Their order gives them their numbers, from 1: tests name them by these. */
export const PLANS: readonly Plan[] = [
  plan("simulated", "BTCUSDT", "BTC", "1h", 4_320, 41_844.26, 2, 3),
  plan("simulated", "BTCUSDT", "BTC", "15m", 2_880, 41_844.26, 2, 1),
  plan("simulated", "BTCUSDT", "BTC", "1d", 1_120, 41_844.26, 2),
  plan("simulated", "ETHUSDT", "ETH", "1h", 4_320, 2_211.08, 2, 2),
  plan("simulated", "SOLUSDT", "SOL", "1h", 4_320, 98.41, 3, 4),
  plan("binance", "BNBUSDT", "BNB", "1h", 2_160, 301.5, 1),
  plan("binance", "XRPUSDT", "XRP", "1h", 2_160, 0.5142, 4, 1),
  plan("binance", "ADAUSDT", "ADA", "1h", 2_160, 0.4871, 4),
  plan("binance", "DOGEUSDT", "DOGE", "4h", 2_160, 0.07962, 5),
  plan("binance", "AVAXUSDT", "AVAX", "1h", 1_440, 33.12, 2, 2, { corrections: 2 }),
  plan("binance", "LINKUSDT", "LINK", "1h", 1_440, 14.27, 3),
  plan("binance", "LTCUSDT", "LTC", "1d", 900, 67.3, 2),
  plan("csv", "BTCEUR", "BTC", "1d", 730, 38_420.5, 1, 1),
  plan("binance", "ETHUSDT", "ETH", "1m", 10_080, 2_211.08, 2, 1, { before: 14_400 }),
  plan("binance", "BNBUSDT", "BNB", "1d", 1_400, 301.5, 1),
  plan("binance", "XRPUSDT", "XRP", "15m", 2_880, 0.5142, 4),
  plan("binance", "XRPUSDT", "XRP", "1d", 1_600, 0.5142, 4, 1, { corrections: 1 }),
  plan("binance", "ADAUSDT", "ADA", "4h", 1_080, 0.4871, 4),
  plan("binance", "ADAUSDT", "ADA", "1d", 1_300, 0.4871, 4),
  plan("binance", "AVAXUSDT", "AVAX", "4h", 1_080, 33.12, 2),
  plan("binance", "LINKUSDT", "LINK", "1d", 1_200, 14.27, 3),
  plan("binance", "DOGEUSDT", "DOGE", "1d", 1_200, 0.07962, 5),
  plan("binance-us", "BTCUSD", "BTC", "1h", 2_160, 41_838.11, 2, 2),
  plan("binance-us", "ETHUSD", "ETH", "1h", 2_160, 2_210.44, 2),
  plan("coinbase", "BTC-USD", "BTC", "1h", 1_200, 41_841.5, 2, 1),
  plan("coinbase", "ETH-USD", "ETH", "1h", 1_200, 2_210.9, 2, 0, { before: 600 }),
  plan("coinbase", "SOL-USD", "SOL", "1h", 1_200, 98.44, 2),
  plan("csv", "ETHEUR", "ETH", "1d", 730, 2_030.4, 2),
];
