// The newest candle of a series as the stream tells it.
import { useEffect, useRef, useState } from "react";
import type { LiveCandleDto, SeriesDto } from "../../backend/bindings";
import { answer, commands, openChannel } from "../../backend/client";
import { setNextClose } from "../../shell/windowState";

/** At most four paints a second, however fast the stream is. */
const PAINT_MS = 250;

/** Follows a series for as long as it is shown. Null until the stream says something about it. */
export function useLiveCandle(series: SeriesDto): LiveCandleDto | null {
  const [candle, setCandle] = useState<LiveCandleDto | null>(null);
  const latest = useRef<LiveCandleDto | null>(null);
  const seriesId = series.id;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let paintedAt = Number.NEGATIVE_INFINITY;
    const paint = () => {
      timer = undefined;
      paintedAt = performance.now();
      setCandle(latest.current);
      setNextClose(latest.current?.nextOpen ?? null);
    };
    const channel = openChannel<LiveCandleDto[]>((batch) => {
      const newest = batch.findLast((one) => one.seriesId === seriesId);
      if (!newest) return;
      latest.current = newest;
      timer ??= setTimeout(paint, Math.max(0, paintedAt + PAINT_MS - performance.now()));
    });
    // Without a stream the chart still shows what is stored; the live chip says what is wrong.
    void answer(commands.followSeries(seriesId, channel)).catch(() => undefined);
    return () => {
      clearTimeout(timer);
      channel.onmessage = () => undefined;
      latest.current = null;
      setCandle(null);
      setNextClose(null);
      void answer(commands.unfollowSeries()).catch(() => undefined);
    };
  }, [seriesId]);
  return candle?.seriesId === seriesId ? candle : null;
}
