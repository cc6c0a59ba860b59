// The drawing of compared runs: the equity of each as percent of its cash.
import { createChart, type ISeriesApi, LineSeries, LineStyle } from "lightweight-charts";
import { chartColours, lineColour } from "../../chart/chartTheme";
import type { Format } from "../../format";
import { curveOptions, curvePoints } from "./equityChart";

export interface Curve {
  time: readonly number[];
  values: readonly number[];
}

export interface CompareChart {
  show(curves: readonly Curve[]): void;
  restyle(format: Format): void;
  remove(): void;
}

export function createCompareChart(element: HTMLElement, format: Format): CompareChart {
  const chart = createChart(element, curveOptions(format));
  let lines: ISeriesApi<"Line">[] = [];
  let now = format;
  const style = () => {
    const colours = chartColours();
    chart.applyOptions(curveOptions(now));
    lines.forEach((line, at) => {
      line.applyOptions({
        color: lineColour(at, colours),
        priceFormat: { type: "custom", minMove: 0.01, formatter: (value: number) => now.number(value, 0) },
      });
    });
  };
  return {
    show(curves) {
      for (const line of lines) chart.removeSeries(line);
      lines = curves.map(({ time, values }) => {
        const line = chart.addSeries(LineSeries, {
          lineWidth: 2,
          priceLineVisible: false,
          lastValueVisible: true,
          crosshairMarkerVisible: false,
        });
        line.setData(curvePoints(time, values));
        return line;
      });
      // Where every run began.
      lines[0]?.createPriceLine({
        price: 100,
        color: chartColours().faint,
        lineWidth: 1,
        lineStyle: LineStyle.Dashed,
        axisLabelVisible: false,
      });
      style();
      chart.timeScale().fitContent();
    },
    restyle(next) {
      now = next;
      style();
    },
    remove: () => chart.remove(),
  };
}
