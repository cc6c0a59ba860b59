// Keeps the drawing in step with what the screen knows.
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import type {
  ChartDto,
  LiveCandleDto,
  NewsMarkerDto,
  SentimentSeriesDto,
  SeriesDto,
  TradeDto,
} from "../../backend/bindings";
import { useSettings } from "../../backend/useSettings";
import { type CandleChart, createCandleChart, type Hover } from "../../chart/candleChart";
import { type ChartColours, chartColours } from "../../chart/chartTheme";
import type { DrawnLine } from "../../chart/drawnLines";
import { groupNews, inOrder, type NewsGroup, newsMark, tradeMarks } from "../../chart/markers";
import type { PanePlace } from "../../chart/panePlaces";
import type { Format } from "../../format";
import { intervalMs } from "../../shell/paletteItems";
import { useResolvedTheme } from "../../theme/theme";
import { toneOfScore } from "../../widgets/Pill";

export interface DrawingInput {
  series: SeriesDto;
  chart: ChartDto;
  lines: readonly DrawnLine[];
  live: LiveCandleDto | null;
  sentiment: SentimentSeriesDto | null;
  sentimentTitle: string;
  news: readonly NewsMarkerDto[];
  trades: readonly TradeDto[];
  at: number | null;
  log: boolean;
  format: Format;
  onEdge: (side: "older" | "newer") => void;
  onMark: (mark: string) => void;
}

export interface Drawing {
  element: RefObject<HTMLDivElement | null>;
  api: RefObject<CandleChart | null>;
  hover: Hover | null;
  newsGroups: readonly NewsGroup[];
  panes: readonly PanePlace[];
}

const NOWHERE: Hover = { at: null, mark: null, x: 0, y: 0 };

export function useDrawing(input: DrawingInput): Drawing {
  const { series, chart, lines, live, sentiment, sentimentTitle, news, trades, at, log, format } = input;
  const element = useRef<HTMLDivElement>(null);
  const api = useRef<CandleChart | null>(null);
  const [hover, setHover] = useState<Hover>(NOWHERE);
  const [panes, setPanes] = useState<readonly PanePlace[]>([]);
  const [colours, setColours] = useState<ChartColours>(() => chartColours());
  const theme = useResolvedTheme();
  const { candleColours } = useSettings();
  const newsGroups = useMemo(() => groupNews(news, chart.time), [news, chart.time]);

  // The drawing outlives renders: its events reach the newest handlers through this.
  const handlers = useRef(input);
  useEffect(() => {
    handlers.current = input;
  });

  useEffect(() => {
    const host = element.current;
    if (!host) return;
    const made = createCandleChart(host, handlers.current.format, {
      onHover: setHover,
      onClick: (mark) => handlers.current.onMark(mark),
      onEdge: (side) => handlers.current.onEdge(side),
      onPanes: setPanes,
    });
    api.current = made;
    return () => {
      api.current = null;
      made.remove();
    };
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the document, which follows these
  useEffect(() => {
    // The document takes the theme in an effect of the shell, after this one: wait for the frame.
    const frame = requestAnimationFrame(() => {
      const next = api.current?.restyle(format);
      if (next) setColours(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [format, theme, candleColours]);

  useEffect(() => {
    const step = series.interval.endsWith("M") ? null : intervalMs(series.interval);
    api.current?.show(chart, step, series.priceDecimals);
  }, [chart, series.interval, series.priceDecimals]);

  useEffect(() => {
    const drawing = api.current;
    if (!drawing) return;
    // The places on the axis are those of the bars that `show` was given: lines of other bars have none of their own.
    const slots = chart.time.length > 0 ? drawing.slots() : [];
    drawing.lines.showIndicators(lines, slots, colours, series.priceDecimals, format);
  }, [chart, lines, colours, series.priceDecimals, format]);

  useEffect(() => {
    const drawing = api.current;
    if (!drawing) return;
    drawing.lines.showSentiment(
      sentiment,
      chart.time.length > 0 ? drawing.slots() : [],
      colours,
      sentimentTitle,
      format,
    );
  }, [sentiment, sentimentTitle, chart, colours, format]);

  useEffect(() => {
    const tone = { positive: colours.pos, negative: colours.neg, neutral: colours.neu };
    const marks = [
      ...newsGroups.map((group) => newsMark(group, (score) => tone[toneOfScore(score)])),
      ...tradeMarks(trades, chart.time, { entry: colours.accent, gain: colours.gain, loss: colours.loss }),
    ];
    api.current?.showMarks(inOrder(marks));
  }, [newsGroups, trades, chart.time, colours]);

  useEffect(() => {
    if (live) api.current?.showLive(live);
  }, [live]);

  useEffect(() => api.current?.setLog(log), [log]);

  const ready = chart.time.length > 0 && chart.seriesId === series.id;
  useEffect(() => {
    if (at !== null && ready) api.current?.centreOn(at);
  }, [at, ready]);

  return { element, api, hover, newsGroups, panes };
}
