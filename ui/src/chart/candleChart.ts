// The drawing of candles: a thin shell around the chart library that keeps its state in step with what it is told.
import {
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  LineStyle,
  type MouseEventParams,
  PriceScaleMode,
  type SeriesMarker,
  type Time,
} from "lightweight-charts";
import type { ChartDto, LiveCandleDto } from "../backend/bindings";
import type { Format } from "../format";
import { type ChartColours, chartColours, chartOptions } from "./chartTheme";
import { createLines, type Lines } from "./lines";
import { type PanePlace, watchPanes } from "./panePlaces";
import { candlePoints, type Slot, slotsOf, toTime, volumePoints } from "./points";

/** Where the pointer is. */
export interface Hover {
  /** Open time of the bar under the crosshair; null outside of the bars. */
  at: number | null;
  /** The mark under the pointer. */
  mark: string | null;
  x: number;
  y: number;
}

export interface CandleChartEvents {
  onHover: (hover: Hover) => void;
  onClick: (mark: string) => void;
  /** The view has come near an end of the bars that are loaded. */
  onEdge: (side: "older" | "newer") => void;
  /** Panes came, went, or were resized. */
  onPanes: (places: readonly PanePlace[]) => void;
}

export interface CandleChart {
  /** Draws these bars. What was in view stays in view. */
  show(chart: ChartDto, stepMs: number | null, decimals: number): void;
  /** Moves the newest bar, or begins the next. */
  showLive(candle: LiveCandleDto): void;
  readonly lines: Omit<Lines, "panes">;
  slots(): readonly Slot[];
  showMarks(marks: SeriesMarker<Time>[]): void;
  restyle(format: Format): ChartColours;
  setLog(log: boolean): void;
  fit(): void;
  /** Shows the newest bars at a readable width. */
  toNewest(): void;
  centreOn(at: number): void;
  picture(): HTMLCanvasElement;
  remove(): void;
}

/** Bars in view when a series is opened. */
const FIRST_VIEW = 160;
/** How near to the end of the loaded bars more are asked for. */
const EDGE = 40;

export function createCandleChart(element: HTMLElement, format: Format, events: CandleChartEvents): CandleChart {
  const chart: IChartApi = createChart(element, chartOptions(format));
  // Only here: to set it again would scroll back to the newest bar.
  chart.timeScale().applyOptions({ rightOffset: 6 });
  let colours = chartColours();
  const candles: ISeriesApi<"Candlestick"> = chart.addSeries(CandlestickSeries, {
    borderVisible: false,
    priceLineStyle: LineStyle.Dotted,
    priceLineWidth: 1,
  });
  const volume: ISeriesApi<"Histogram"> = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "volume" },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
  candles.priceScale().applyOptions({ scaleMargins: { top: 0.07, bottom: 0.2 } });
  const marks: ISeriesMarkersPluginApi<Time> = createSeriesMarkers(candles, []);
  const drawn = createLines(chart);
  const watch = watchPanes(element, drawn.panes, events.onPanes);
  watch.refresh();
  const lines: Omit<Lines, "panes"> = {
    showIndicators(...given) {
      drawn.showIndicators(...given);
      watch.refresh();
    },
    showSentiment(...given) {
      drawn.showSentiment(...given);
      watch.refresh();
    },
  };
  let slots: Slot[] = [];
  let seriesId: number | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;
  let shown: { chart: ChartDto; stepMs: number | null } | null = null;

  const onMove = (param: MouseEventParams) => {
    const mark = param.hoveredInfo?.objectId;
    events.onHover({
      at: typeof param.time === "number" ? param.time * 1_000 : null,
      mark: typeof mark === "string" ? mark : null,
      x: param.point?.x ?? 0,
      y: param.point?.y ?? 0,
    });
  };
  const onClick = (param: MouseEventParams) => {
    const mark = param.hoveredInfo?.objectId;
    if (typeof mark === "string") events.onClick(mark);
  };
  chart.subscribeCrosshairMove(onMove);
  chart.subscribeClick(onClick);
  chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
    if (!range || slots.length === 0) return;
    if (range.from < EDGE) events.onEdge("older");
    if (range.to > slots.length - EDGE) events.onEdge("newer");
  });

  const toNewest = () =>
    chart.timeScale().setVisibleLogicalRange({ from: slots.length - FIRST_VIEW, to: slots.length + 5 });

  const draw = () => {
    if (!shown) return;
    candles.setData(candlePoints(slots, shown.chart));
    volume.setData(volumePoints(slots, shown.chart, colours.upQuiet, colours.downQuiet));
  };

  return {
    lines,
    slots: () => slots,
    show(next, stepMs, decimals) {
      const before = slots;
      const range = chart.timeScale().getVisibleLogicalRange();
      slots = slotsOf(next.time, stepMs);
      shown = { chart: next, stepMs };
      lastAt = next.time.at(-1) ?? Number.NEGATIVE_INFINITY;
      candles.applyOptions({
        priceFormat: {
          type: "custom",
          minMove: 10 ** -decimals,
          formatter: (price: number) => format.number(price, decimals),
        },
      });
      draw();
      if (seriesId !== next.seriesId || range === null || before.length === 0) {
        seriesId = next.seriesId;
        toNewest();
        return;
      }
      const followsNewest = range.to > before.length - 2;
      const shift = shiftOf(before, slots);
      if (!followsNewest && shift !== null && shift !== 0) {
        chart.timeScale().setVisibleLogicalRange({ from: range.from + shift, to: range.to + shift });
      }
    },
    showLive(candle) {
      if (candle.seriesId !== seriesId || candle.time < lastAt) return;
      lastAt = candle.time;
      const time = toTime(candle.time);
      candles.update({ time, open: candle.open, high: candle.high, low: candle.low, close: candle.close });
      volume.update({
        time,
        value: candle.volume,
        color: candle.close >= candle.open ? colours.upQuiet : colours.downQuiet,
      });
    },
    showMarks: (next) => marks.setMarkers(next),
    restyle(next) {
      format = next;
      colours = chartColours();
      chart.applyOptions(chartOptions(format));
      candles.applyOptions({
        upColor: colours.up,
        downColor: colours.down,
        wickUpColor: colours.up,
        wickDownColor: colours.down,
      });
      draw();
      return colours;
    },
    setLog: (log) =>
      candles.priceScale().applyOptions({ mode: log ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal }),
    fit() {
      chart.timeScale().fitContent();
      candles.priceScale().applyOptions({ autoScale: true });
    },
    toNewest,
    centreOn(at) {
      const index = slots.findIndex((slot) => slot.at >= at);
      if (index < 0) return;
      chart.timeScale().setVisibleLogicalRange({ from: index - FIRST_VIEW / 2, to: index + FIRST_VIEW / 2 });
    },
    picture: () => chart.takeScreenshot(true, false),
    remove() {
      watch.stop();
      chart.unsubscribeCrosshairMove(onMove);
      chart.unsubscribeClick(onClick);
      chart.remove();
    },
  };
}

/** By how many places the bars have moved to the right; null where the two have nothing in common. */
export function shiftOf(before: readonly Slot[], after: readonly Slot[]): number | null {
  const first = before[0];
  const newFirst = after[0];
  if (!first || !newFirst) return null;
  const forwards = after.findIndex((slot) => slot.at === first.at);
  if (forwards >= 0) return forwards;
  const backwards = before.findIndex((slot) => slot.at === newFirst.at);
  return backwards >= 0 ? -backwards : null;
}
