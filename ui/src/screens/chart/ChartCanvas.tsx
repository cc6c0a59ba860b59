import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useMemo, useState } from "react";
import type { LiveCandleDto, SeriesDto } from "../../backend/bindings";
import { type LoadedChart, queries } from "../../backend/queries";
import { drawnLines, matchAsked } from "../../chart/drawnLines";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { tradesOn } from "../../runSymbols";
import { intervalMs } from "../../shell/paletteItems";
import { openPalette } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { ChartTable } from "./ChartTable";
import { ChartTools } from "./ChartTools";
import { IndicatorPicker } from "./IndicatorPicker";
import { Legend, legendBar } from "./Legend";
import { MarkTooltip } from "./MarkTooltip";
import { PaneLegends } from "./PaneLegends";
import { SentimentLegend } from "./SentimentLegend";
import { savePicture } from "./savePicture";
import { useChartActions } from "./useChartActions";
import { useDrawing } from "./useDrawing";
import { useIndicators } from "./useIndicators";

const HOUR = 3_600_000;
const NO_MARKERS: never[] = [];

interface ChartCanvasProps {
  series: SeriesDto;
  chart: LoadedChart;
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
  const known = useQuery(queries.indicators()).data ?? [];
  const { chosen, asked } = useIndicators(series);
  const [table, setTable] = useState(false);
  const [picking, setPicking] = useState(false);
  const lines = useMemo(() => {
    const requests = asked.map(({ request }) => request);
    const ownerOf = matchAsked(chart.asked, requests).map((at) => (at === null ? null : (asked[at]?.owner ?? null)));
    return drawnLines(chart.indicators, chosen, ownerOf);
  }, [chart, chosen, asked]);
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
  const shown = run === null ? undefined : report.data;
  const trades = useMemo(() => (shown ? tradesOn(shown, series.id) : NO_MARKERS), [shown, series.id]);
  const stories = news.data ?? NO_MARKERS;
  const drawing = useDrawing({
    series,
    chart,
    lines,
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

  const fit = () => api.current?.fit();
  useChartActions(fit, () => setPicking(true));
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
          onIndicators={() => setPicking(true)}
          onFit={fit}
          onPicture={() => savePicture(api.current, { series, bar, format, text, lines, panes: drawing.panes })}
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
          onDoubleClick={fit}
          className="absolute inset-0 cursor-crosshair focus-visible:-outline-offset-2"
        />
        <PaneLegends
          series={series}
          chart={chart}
          chosen={chosen}
          known={known}
          lines={lines}
          panes={drawing.panes}
          at={hoverAt}
        />
        <SentimentLegend sentiment={sentiment.data ?? null} panes={drawing.panes} at={hoverAt} />
        {drawing.hover && (
          <MarkTooltip hover={drawing.hover} series={series} groups={drawing.newsGroups} trades={trades} />
        )}
        {notice !== null && (
          <p role="status" className="absolute top-7 left-3 z-10 rounded-sm bg-raised px-2 py-0.5 text-11 text-muted">
            {notice}
          </p>
        )}
      </div>
      <IndicatorPicker series={series} open={picking} onClose={() => setPicking(false)} />
      {table && <ChartTable series={series} chart={chart} />}
    </>
  );
}
