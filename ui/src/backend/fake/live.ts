// The live stream of the in-memory program: four small steps of the newest candle a second.
import type { Channel } from "@tauri-apps/api/core";
import type { LiveCandleDto } from "../bindings";
import type { Book } from "./candles";
import { fakeNow } from "./clock";
import { gaussian, seeded } from "./random";

/** Sends the open candle of a book every quarter of a second; returns how to stop. */
export function follow(book: Book, isLive: () => boolean, channel: Channel<LiveCandleDto[]>): () => void {
  const normal = gaussian(seeded(4_242));
  const openAt = Math.floor(fakeNow() / book.stepMs) * book.stepMs;
  const start = book.columns.close.at(-1) ?? 1;
  const candle = { open: start, high: start, low: start, close: start, volume: 0 };
  const timer = setInterval(() => {
    if (!isLive()) return;
    candle.close = Number((candle.close * (1 + normal() * 0.0004)).toFixed(book.series.priceDecimals));
    candle.high = Math.max(candle.high, candle.close);
    candle.low = Math.min(candle.low, candle.close);
    candle.volume += Math.abs(normal()) * 3;
    channel.onmessage([
      { seriesId: book.series.id, time: openAt, ...candle, closed: false, nextOpen: openAt + book.stepMs },
    ]);
  }, 250);
  return () => clearInterval(timer);
}
