import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { ChartDto, LiveCandleDto, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { pictureBlob, saveBlob } from "../../chart/picture";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { intervalMs } from "../../shell/paletteItems";
import { openPalette, setScreenActions } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { showDone } from "../../widgets/toast";
import { ChartTable } from "./ChartTable";
import { ChartTools } from "./ChartTools";
import { IndicatorLegend, Legend, legendBar, legendText } from "./Legend";
import { MarkTooltip } from "./MarkTooltip";
import { useDrawing } from "./useDrawing";

const HOUR = 3_600_000;
const NO_MARKERS: never[] = [];

interface ChartCanvasProps {
  series: SeriesDto;
  chart: ChartDto;
  live: LiveCandleDto | null;
  run: number | null;
  at: number | null;
  atNewest: boolean;
  notice: string | null;
  onEdge: (side: "older" | "newer") => void;
  onArticle: (id: number) => void;
  onNewest: () => void;
}

/** The drawing with its legend and its tools. */
export function ChartCanvas({
  series,
  chart,
  live,
  run,
  at,
  atNewest,
  notice,
  onEdge,
  onArticle,
  onNewest,
}: ChartCanvasProps) {
  const text = useText().chart;
  const format = useFormat();
  const log = usePreferences((state) => state.logScale);
  const [table, setTable] = useState(false);
  const step = intervalMs(series.interval);
  const from = chart.time[0] ?? 0;
  const to = (chart.time.at(-1) ?? 0) + step;
  const windowMs = Math.max(6 * HOUR, step);
  const sentiment = useQuery({
    ...queries.sentiment({ seriesId: series.id, from, to, windowMs }),
    placeholderData: (previous) => previous,
  });
  const news = useQuery({ ...queries.markers(series.id, from, to), placeholderData: (previous) => previous });
  const report = useQuery({ ...queries.run(run ?? 0), enabled: run !== null });
  const trades = run !== null && report.data?.run.seriesId === series.id ? report.data.trades : NO_MARKERS;
  const stories = news.data ?? NO_MARKERS;
  const drawing = useDrawing({
    series,
    chart,
    live,
    sentiment: sentiment.data ?? null,
    sentimentTitle: text.sentimentPane(Math.round(windowMs / HOUR)),
    news: stories,
    trades,
    at,
    log,
    format,
    onEdge,
    onMark: (mark) => {
      const story = drawing.newsGroups.find((group) => group.id === mark)?.stories[0];
      if (story) onArticle(story.articleId);
    },
  });
  const { api } = drawing;
  const hoverAt = drawing.hover?.at ?? null;
  const bar = legendBar(chart, live, hoverAt);

  useEffect(() => {
    const fitChart = () => api.current?.fit();
    setScreenActions([{ id: "fit", label: text.fit, keys: "Alt+R", run: fitChart }]);
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.altKey && event.code === "KeyR") {
        event.preventDefault();
        fitChart();
      }
    };
    window.addEventListener("keydown", onKey);
    return () => {
      setScreenActions([]);
      window.removeEventListener("keydown", onKey);
    };
  }, [api, text]);

  const savePicture = () => {
    const canvas = api.current?.picture();
    if (!canvas) return;
    void pictureBlob(canvas, legendText(series, bar, format)).then((blob) => {
      if (!blob) return;
      saveBlob(blob, `${series.symbol}_${series.interval}.png`);
      showDone(text.pictureSaved);
    });
  };
  const typeAhead = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[a-z0-9]$/i.test(event.key)) return;
    event.preventDefault();
    openPalette(event.key);
  };

  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-2 border-line border-b pr-3 pl-3">
        <Legend series={series} chart={chart} live={live} at={hoverAt} />
        <ChartTools
          table={table}
          onTable={setTable}
          onNewest={atNewest ? null : onNewest}
          onFit={() => api.current?.fit()}
          onPicture={savePicture}
        />
      </div>
      <div className="relative min-h-0 flex-1" hidden={table}>
        <div
          ref={drawing.element}
          data-testid="chart-canvas"
          data-bars={chart.time.length}
          data-trades={trades.length}
          data-last-close={live?.close ?? chart.close.at(-1)}
          role="group"
          aria-label={text.canvas(series.symbol, series.interval)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: typing on the chart finds symbols and intervals
          tabIndex={0}
          onKeyDown={typeAhead}
          onDoubleClick={() => api.current?.fit()}
          className="absolute inset-0 cursor-crosshair focus-visible:-outline-offset-2"
        />
        <IndicatorLegend series={series} chart={chart} at={hoverAt} />
        {drawing.hover && (
          <MarkTooltip hover={drawing.hover} series={series} groups={drawing.newsGroups} trades={trades} />
        )}
        {notice !== null && (
          <p role="status" className="absolute top-7 left-3 z-10 rounded-sm bg-raised px-2 py-0.5 text-11 text-muted">
            {notice}
          </p>
        )}
      </div>
      {table && <ChartTable series={series} chart={chart} />}
    </>
  );
}
