// The drawing of a run: equity over buy and hold, the drawdown under them.
import {
  BaselineSeries,
  createChart,
  type DeepPartial,
  LineSeries,
  LineStyle,
  type MouseEventParams,
  PriceScaleMode,
  TickMarkType,
  type TimeChartOptions,
} from "lightweight-charts";
import type { EquityDto } from "../../backend/bindings";
import { chartColours, chartOptions } from "../../chart/chartTheme";
import { toTime, type ValuePoint } from "../../chart/points";
import type { Format } from "../../format";

export interface EquityChart {
  show(equity: EquityDto): void;
  setLog(log: boolean): void;
  restyle(format: Format): void;
  remove(): void;
}

/** A curve's points in rising order of time, each time once. */
export function curvePoints(time: readonly number[], values: readonly number[], positiveOnly = false): ValuePoint[] {
  const points: ValuePoint[] = [];
  let before = Number.NEGATIVE_INFINITY;
  time.forEach((at, index) => {
    const value = values[index];
    if (value === undefined || !Number.isFinite(value) || at <= before || (positiveOnly && value <= 0)) return;
    before = at;
    points.push({ time: toTime(at), value });
  });
  return points;
}

/** How curves over the life of a run are drawn. */
export function curveOptions(format: Format): DeepPartial<TimeChartOptions> {
  const base = chartOptions(format);
  return {
    ...base,
    // The attribution stands on the Chart screen and in Settings, About.
    layout: { ...base.layout, attributionLogo: false },
    timeScale: {
      ...base.timeScale,
      minBarSpacing: 0.01,
      fixLeftEdge: true,
      fixRightEdge: true,
      tickMarkFormatter: (time: unknown, type: TickMarkType) => {
        const at = Number(time) * 1_000;
        const date = format.date(at);
        if (type === TickMarkType.Year) return date.slice(0, 4);
        if (type === TickMarkType.Month) return date.slice(0, 7);
        return type === TickMarkType.DayOfMonth ? date.slice(5) : format.dateTime(at).slice(11);
      },
    },
  };
}

export function createEquityChart(
  element: HTMLElement,
  format: Format,
  onHover: (at: number | null) => void,
): EquityChart {
  const chart = createChart(element, curveOptions(format));
  const quiet = { priceLineVisible: false, lastValueVisible: false, crosshairMarkerVisible: false } as const;
  const benchmark = chart.addSeries(LineSeries, { ...quiet, lineWidth: 1, lineStyle: LineStyle.Dashed });
  const equity = chart.addSeries(LineSeries, { ...quiet, lineWidth: 2 });
  const drawdown = chart.addSeries(
    BaselineSeries,
    { ...quiet, lineWidth: 1, baseValue: { type: "price", price: 0 } },
    1,
  );
  drawdown.priceScale().applyOptions({ scaleMargins: { top: 0.14, bottom: 0.12 } });
  const share = () => {
    const [upper, lower] = chart.panes();
    upper?.setStretchFactor(3);
    lower?.setStretchFactor(1);
  };
  const onMove = (param: MouseEventParams) => onHover(typeof param.time === "number" ? param.time * 1_000 : null);
  chart.subscribeCrosshairMove(onMove);
  const restyle = (next: Format) => {
    const colours = chartColours();
    chart.applyOptions(curveOptions(next));
    equity.applyOptions({ color: colours.accent });
    benchmark.applyOptions({ color: colours.faint });
    const whole = (value: number) => next.number(value, 0);
    for (const series of [equity, benchmark]) {
      series.applyOptions({ priceFormat: { type: "custom", minMove: 0.01, formatter: whole } });
    }
    drawdown.applyOptions({
      topLineColor: "transparent",
      topFillColor1: "transparent",
      topFillColor2: "transparent",
      bottomLineColor: colours.loss,
      bottomFillColor1: `${colours.loss}22`,
      bottomFillColor2: `${colours.loss}66`,
      priceFormat: { type: "custom", minMove: 0.0001, formatter: (value: number) => next.percent(value, 0) },
    });
  };
  restyle(format);
  return {
    show(curves) {
      // Nothing at or below zero has a logarithm; such a run says so in its warnings.
      equity.setData(curvePoints(curves.time, curves.equity, true));
      benchmark.setData(curvePoints(curves.time, curves.benchmark, true));
      drawdown.setData(curvePoints(curves.time, curves.drawdown));
      share();
      chart.timeScale().fitContent();
    },
    setLog: (log) =>
      equity.priceScale().applyOptions({ mode: log ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal }),
    restyle,
    remove() {
      chart.unsubscribeCrosshairMove(onMove);
      chart.remove();
    },
  };
}
