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
import type { IndicatorLineDto, SentimentSeriesDto } from "../backend/bindings";
import type { Format } from "../format";
import { toneOfScore } from "../widgets/Pill";
import { type ChartColours, lineColour } from "./chartTheme";
import { linePoints, type Slot, timedPoints } from "./points";

export interface Lines {
  showIndicators(
    lines: readonly IndicatorLineDto[],
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
}

/** Shares of the height: candles, sentiment, each further pane. */
const PRICE_SHARE = 6;
const SENTIMENT_SHARE = 1.15;
const OWN_SHARE = 1.15;

export function createLines(chart: IChartApi): Lines {
  let indicators: ISeriesApi<"Line">[] = [];
  let drawn = "";
  let titles: ITextWatermarkPluginApi<Time>[] = [];
  let sentimentSeries: ISeriesApi<"Histogram"> | null = null;
  let sentimentTitle: ITextWatermarkPluginApi<Time> | null = null;

  const share = () => {
    chart.panes().forEach((pane, index) => {
      const holdsSentiment = sentimentSeries !== null && pane === sentimentSeries.getPane();
      pane.setStretchFactor(index === 0 ? PRICE_SHARE : holdsSentiment ? SENTIMENT_SHARE : OWN_SHARE);
    });
  };
  const titleOf = (pane: IPaneApi<Time>, text: string, colour: string) =>
    createTextWatermark(pane, {
      horzAlign: "left",
      vertAlign: "top",
      lines: [{ text, color: colour, fontSize: 11, lineHeight: 22, fontFamily: '"Inter Variable", sans-serif' }],
    });
  const clear = () => {
    for (const title of titles) title.detach();
    for (const series of indicators) chart.removeSeries(series);
    titles = [];
    indicators = [];
  };

  return {
    showIndicators(lines, slots, colours, decimals, format) {
      // Lines are rebuilt when others are asked for; otherwise only their points change.
      const wanted = `${lines.map((line) => line.name).join("|")}#${colours.accent}#${decimals}#${format.locale}`;
      if (wanted !== drawn) {
        clear();
        drawn = wanted;
        indicators = lines.map((line, index) => {
          const own = line.pane === "own";
          const colour = lineColour(index, colours);
          const series = chart.addSeries(
            LineSeries,
            {
              color: colour,
              lineWidth: 1,
              lastValueVisible: own,
              priceLineVisible: false,
              crosshairMarkerVisible: false,
              priceFormat: {
                type: "custom",
                minMove: own ? 0.01 : 10 ** -decimals,
                formatter: (value: number) => format.number(value, own ? 2 : decimals),
              },
            },
            own ? chart.panes().length : 0,
          );
          if (own) series.priceScale().applyOptions({ scaleMargins: { top: 0.24, bottom: 0.12 } });
          if (own) titles.push(titleOf(series.getPane(), line.name, colours.faint));
          return series;
        });
        share();
      }
      lines.forEach((line, index) => {
        indicators[index]?.setData(linePoints(slots, line.values));
      });
    },
    showSentiment(sentiment, slots, colours, title, format) {
      const empty = !sentiment?.value.some((value) => value !== null);
      sentimentTitle?.detach();
      sentimentTitle = null;
      if (!sentiment || empty) {
        if (sentimentSeries) chart.removeSeries(sentimentSeries);
        sentimentSeries = null;
        share();
        return;
      }
      sentimentSeries ??= addSentiment(chart);
      sentimentSeries.applyOptions({
        priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => format.score(value) },
      });
      const toneColour = { positive: colours.pos, negative: colours.neg, neutral: colours.neu };
      sentimentSeries.setData(
        timedPoints(slots, sentiment.time, sentiment.value, (value) => toneColour[toneOfScore(value)]),
      );
      sentimentTitle = titleOf(sentimentSeries.getPane(), title, colours.faint);
      share();
    },
  };
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
