import { clsx } from "clsx";
import type { ChartDto, LiveCandleDto, SeriesDto } from "../../backend/bindings";
import { barAtOrBefore, type Candle, candleAt } from "../../chart/points";
import type { Format } from "../../format";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";

/** The bar under the crosshair, or the newest one. */
export function legendBar(chart: ChartDto, live: LiveCandleDto | null, at: number | null): Candle | null {
  const last = chart.time.at(-1) ?? Number.NEGATIVE_INFINITY;
  if (live && live.time >= last && (at === null || at >= live.time)) return live;
  return candleAt(chart, at === null ? chart.time.length - 1 : barAtOrBefore(chart.time, at));
}

/** The legend as one line of text, for pictures. */
export function legendText(series: SeriesDto, bar: Candle | null, format: Format): string {
  const price = (value: number) => format.number(value, series.priceDecimals);
  const name = `${series.symbol} · ${series.interval}`;
  if (!bar) return name;
  return `${name}   ${format.dateTime(bar.time)} ${format.zoneName(bar.time)}   O ${price(bar.open)}  H ${price(bar.high)}  L ${price(bar.low)}  C ${price(bar.close)}  V ${format.amount(bar.volume)}`;
}

interface LegendProps {
  series: SeriesDto;
  chart: ChartDto;
  live: LiveCandleDto | null;
  at: number | null;
}

/** Open, high, low, close and volume. What does not fit is left out as a whole, never cut. */
export function Legend({ series, chart, live, at }: LegendProps) {
  const text = useText().chart.legend;
  const format = useFormat();
  const bar = legendBar(chart, live, at);
  const price = (value: number) => format.number(value, series.priceDecimals);
  const change = bar && bar.open !== 0 ? bar.close / bar.open - 1 : null;
  return (
    <div
      data-testid="chart-legend"
      className="flex h-5 min-w-0 flex-wrap gap-x-2.5 overflow-hidden whitespace-nowrap text-12 leading-5 text-faint"
    >
      <span className="font-semibold text-fg">
        {series.symbol} · {series.interval}
      </span>
      {bar && (
        <>
          {(
            [
              [text.open, bar.open],
              [text.high, bar.high],
              [text.low, bar.low],
              [text.close, bar.close],
            ] as const
          ).map(([label, value]) => (
            <span key={label}>
              {label} <span className="font-medium text-fg">{price(value)}</span>
            </span>
          ))}
          <span className={clsx(change !== null && change < 0 ? "text-loss" : "text-gain")}>
            {format.change(change)}
          </span>
          <span>
            {text.volume} <span className="font-medium text-fg">{format.amount(bar.volume)}</span>
          </span>
        </>
      )}
    </div>
  );
}
