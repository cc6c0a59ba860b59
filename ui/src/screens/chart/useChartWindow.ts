// Which bars of a series are loaded: the newest, and more as the view nears an end of them.
import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { IndicatorRequest, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { MOST_BARS } from "../../chart/points";
import { intervalMs } from "../../shell/paletteItems";

const FIRST = 1_500;
const MORE = 3_000;

interface Window {
  key: string;
  /** Bars open before; the newest when null. */
  before: number | null;
  limit: number;
}

/** The window that shows a time in its middle, or the newest bars. */
function windowAt(key: string, series: SeriesDto, at: number | null): Window {
  const step = intervalMs(series.interval);
  const end = at === null ? null : at + (FIRST / 2) * step;
  return { key, before: end !== null && series.last !== null && end < series.last ? end : null, limit: FIRST };
}

export function useChartWindow(series: SeriesDto, at: number | null, indicators: IndicatorRequest[]) {
  const key = `${series.id}:${at ?? ""}`;
  const [stored, setWindow] = useState(() => windowAt(key, series, at));
  // Another series or another time begins with its own window; the old one is not shown for even one frame.
  const window = stored.key === key ? stored : windowAt(key, series, at);
  const query = useQuery({
    ...queries.chart({ seriesId: series.id, before: window.before, limit: window.limit, indicators }),
    placeholderData: (previous) => (previous?.seriesId === series.id ? previous : undefined),
  });
  const { data, isPlaceholderData, isFetching } = query;

  const onEdge = useCallback(
    (side: "older" | "newer") => {
      if (!data || isPlaceholderData || isFetching) return;
      if (side === "older" && data.hasOlder && window.limit < MOST_BARS) {
        setWindow({ ...window, limit: Math.min(MOST_BARS, window.limit + MORE) });
      }
      if (side === "newer" && window.before !== null) {
        const end = window.before + MORE * intervalMs(series.interval);
        const reachesNewest = series.last === null || end > series.last;
        setWindow({ ...window, before: reachesNewest ? null : end, limit: Math.min(MOST_BARS, window.limit + MORE) });
      }
    },
    [data, isPlaceholderData, isFetching, window, series],
  );
  return {
    query,
    onEdge,
    /** Whether the newest bars are among those that are loaded. */
    atNewest: window.before === null,
    full: window.limit >= MOST_BARS && data?.hasOlder === true,
  };
}
