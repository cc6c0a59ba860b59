// Indicator lines on the candles and in panes of their own, and the sentiment pane.
import {
  createTextWatermark,
  HistogramSeries,
  type IChartApi,
  type IPaneApi,
  type ISeriesApi,
  type ITextWatermarkPluginApi,
  LineSeries,
  type Time,
} from "lightweight-charts";
import type { SentimentSeriesDto } from "../backend/bindings";
import type { Format } from "../format";
import { toneOfScore } from "../widgets/Pill";
import { type ChartColours, lineColour } from "./chartTheme";
import { type DrawnLine, ownDecimals, PRICE_PANE, SENTIMENT_PANE } from "./drawnLines";
import { linePoints, type Slot, timedPoints } from "./points";

export interface Lines {
  showIndicators(
    lines: readonly DrawnLine[],
    slots: readonly Slot[],
    colours: ChartColours,
    decimals: number,
    format: Format,
  ): void;
  /** Null, or a series without any article, takes the pane away. */
  showSentiment(
    sentiment: SentimentSeriesDto | null,
    slots: readonly Slot[],
    colours: ChartColours,
    title: string,
    format: Format,
  ): void;
  /** The panes from top to bottom. */
  panes(): { pane: string; element: HTMLElement | null }[];
}

/** Shares of the height: candles, and each further pane. They can be dragged to others. */
const PRICE_SHARE = 6;
const OWN_SHARE = 1.3;
const SENTIMENT_SHARE = 1.15;

type LineApi = ISeriesApi<"Line"> | ISeriesApi<"Histogram">;

export function createLines(chart: IChartApi): Lines {
  let indicators: LineApi[] = [];
  let drawn = "";
  /** Names of the panes of indicators, by the first series in each. */
  let named: { pane: string; series: LineApi }[] = [];
  let sentimentSeries: ISeriesApi<"Histogram"> | null = null;
  let sentimentTitle: ITextWatermarkPluginApi<Time> | null = null;
  /** What the title says and in which colour. */
  let titled = "";

  const nameOf = (pane: IPaneApi<Time>): string => {
    if (pane.paneIndex() === 0) return PRICE_PANE;
    if (sentimentSeries !== null && pane.paneIndex() === sentimentSeries.getPane().paneIndex()) return SENTIMENT_PANE;
    const found = named.find(({ series }) => series.getPane().paneIndex() === pane.paneIndex());
    return found?.pane ?? "";
  };
  /** How high the panes are now, by name: what a person has dragged outlives a rebuild of the lines. */
  const shares = () => new Map(chart.panes().map((pane) => [nameOf(pane), pane.getStretchFactor()]));
  const arrange = (before: ReadonlyMap<string, number>) => {
    // Step by step: `moveTo` knows a new pane only after the next frame, `swapPanes` at once.
    const last = chart.panes().length - 1;
    for (let at = sentimentSeries?.getPane().paneIndex() ?? last; at < last; at += 1) chart.swapPanes(at, at + 1);
    // Panes are as high as they were; where none was there before, everything is at its usual share.
    const known = before.size > 1;
    for (const pane of chart.panes()) {
      const name = nameOf(pane);
      const usual = name === PRICE_PANE ? PRICE_SHARE : name === SENTIMENT_PANE ? SENTIMENT_SHARE : OWN_SHARE;
      pane.setStretchFactor((known ? before.get(name) : undefined) ?? usual);
    }
  };
  const clear = () => {
    for (const series of indicators) chart.removeSeries(series);
    indicators = [];
    named = [];
  };
  const add = (line: DrawnLine, colour: string, decimals: number, format: Format): LineApi => {
    const own = line.pane !== PRICE_PANE;
    const shown = own ? ownDecimals(line.values) : decimals;
    const options = {
      color: colour,
      lastValueVisible: own && line.shape !== "histogram",
      priceLineVisible: false,
      priceFormat: {
        type: "custom" as const,
        minMove: 10 ** -shown,
        formatter: (value: number) => (own && shown === 0 ? format.amount(value) : format.number(value, shown)),
      },
    };
    const known = named.find(({ pane }) => pane === line.pane);
    const index = own ? (known?.series.getPane().paneIndex() ?? chart.panes().length) : 0;
    const points = { lineVisible: false, pointMarkersVisible: true, pointMarkersRadius: 1.5 };
    const series =
      line.shape === "histogram"
        ? chart.addSeries(HistogramSeries, { ...options, base: 0 }, index)
        : chart.addSeries(
            LineSeries,
            {
              ...options,
              lineWidth: 1,
              crosshairMarkerVisible: false,
              ...(line.shape === "points" ? points : {}),
            },
            index,
          );
    if (own) series.priceScale().applyOptions({ scaleMargins: { top: 0.26, bottom: 0.1 } });
    if (own && !known) named.push({ pane: line.pane, series });
    return series;
  };

  return {
    panes: () => chart.panes().map((pane) => ({ pane: nameOf(pane), element: pane.getHTMLElement() })),
    showIndicators(lines, slots, colours, decimals, format) {
      // Lines are rebuilt when others are asked for; otherwise only their points change.
      const words = lines.map((line) => `${line.name}>${line.pane}>${line.colour}`);
      const wanted = `${words.join("|")}#${colours.series.join()}#${decimals}#${format.locale}`;
      if (wanted !== drawn) {
        const before = shares();
        clear();
        drawn = wanted;
        for (const line of lines) indicators.push(add(line, lineColour(line.colour, colours), decimals, format));
        arrange(before);
      }
      lines.forEach((line, index) => {
        const series = indicators[index];
        series?.applyOptions({ visible: !line.hidden });
        const points = linePoints(slots, line.values);
        if (line.shape !== "histogram") series?.setData(points);
        else series?.setData(points.map((point) => shaded(point, lineColour(line.colour, colours))));
      });
    },
    showSentiment(sentiment, slots, colours, title, format) {
      const empty = !sentiment?.value.some((value) => value !== null);
      if (!sentiment || empty) {
        if (!sentimentSeries) return;
        const before = shares();
        sentimentTitle?.detach();
        chart.removeSeries(sentimentSeries);
        [sentimentSeries, sentimentTitle, titled] = [null, null, ""];
        arrange(before);
        return;
      }
      // While articles are scored this comes every two seconds: panes are laid out and the title is made only where they change.
      const before = sentimentSeries ? null : shares();
      sentimentSeries ??= addSentiment(chart);
      sentimentSeries.applyOptions({
        priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => format.score(value) },
      });
      const toneColour = { positive: colours.pos, negative: colours.neg, neutral: colours.neu };
      sentimentSeries.setData(
        timedPoints(slots, sentiment.time, sentiment.value, (value) => toneColour[toneOfScore(value)]),
      );
      if (titled !== `${title}#${colours.faint}`) {
        sentimentTitle?.detach();
        sentimentTitle = createTextWatermark(sentimentSeries.getPane(), {
          horzAlign: "left",
          vertAlign: "top",
          lines: [
            {
              text: title,
              color: colours.faint,
              fontSize: 11,
              lineHeight: 22,
              fontFamily: '"Inter Variable", sans-serif',
            },
          ],
        });
        titled = `${title}#${colours.faint}`;
      }
      if (before) arrange(before);
    },
  };
}

/** Bars below zero are paler: their direction says the same. */
function shaded<P extends { time: Time }>(point: P & { value?: number }, colour: string) {
  return point.value === undefined ? point : { ...point, color: point.value < 0 ? `${colour}77` : colour };
}

function addSentiment(chart: IChartApi): ISeriesApi<"Histogram"> {
  const series = chart.addSeries(
    HistogramSeries,
    {
      base: 0,
      lastValueVisible: false,
      priceLineVisible: false,
      autoscaleInfoProvider: () => ({ priceRange: { minValue: -1, maxValue: 1 } }),
    },
    chart.panes().length,
  );
  series.priceScale().applyOptions({ scaleMargins: { top: 0.22, bottom: 0.06 } });
  return series;
}
