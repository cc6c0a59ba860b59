import type { ChartDto, IndicatorDto, SeriesDto } from "../../backend/bindings";
import { type DrawnLine, ownDecimals, PRICE_PANE, paneOf } from "../../chart/drawnLines";
import type { PanePlace } from "../../chart/panePlaces";
import { barAtOrBefore } from "../../chart/points";
import { useText } from "../../i18n/text";
import type { ChosenIndicator } from "../../preferences";
import { useFormat } from "../../useFormat";
import { IndicatorRow } from "./IndicatorRow";

interface PaneLegendsProps {
  series: SeriesDto;
  chart: ChartDto;
  chosen: readonly ChosenIndicator[];
  known: readonly IndicatorDto[];
  lines: readonly DrawnLine[];
  panes: readonly PanePlace[];
  at: number | null;
}

/** Pixels from a pane's top to its first legend. */
const INSET = 5;

/** The indicators of each pane with their values under the crosshair, over the drawing. */
export function PaneLegends({ series, chart, chosen, known, lines, panes, at }: PaneLegendsProps) {
  const text = useText().chart.indicators;
  const format = useFormat();
  const bar = at === null ? chart.time.length - 1 : barAtOrBefore(chart.time, at);
  const rows = chosen.flatMap((one, place) => {
    const about = known.find((indicator) => indicator.id === one.id);
    if (!about) return [];
    return [{ one, place, about, pane: about.pane === "own" ? paneOf(one) : PRICE_PANE }];
  });
  return panes.map(({ pane, top }) => {
    // What has no pane yet, because it waits for a second series, stands on the candles.
    const here = rows.filter(
      (row) => row.pane === pane || (pane === PRICE_PANE && !panes.some((p) => p.pane === row.pane)),
    );
    if (here.length === 0) return null;
    return (
      <ul
        key={pane}
        aria-label={pane === PRICE_PANE ? text.onCandles : text.inPane(here[0]?.about.title ?? "")}
        data-testid="indicator-legend"
        data-pane={pane}
        className="pointer-events-none absolute right-20 left-3 z-[5] grid justify-items-start"
        style={{ top: top + INSET }}
      >
        {here.map(({ one, place, about }) => (
          <IndicatorRow
            key={`${one.id}${place}`}
            place={place}
            chosen={one}
            indicator={about}
            series={series}
            values={lines
              .filter((line) => line.owner === place)
              .map(({ output, colour, values }) => {
                const decimals = about.pane === "own" ? ownDecimals(values) : series.priceDecimals;
                const value = values[bar] ?? null;
                const shown =
                  about.pane === "own" && decimals === 0 ? format.amount(value) : format.number(value, decimals);
                return { output, colour, shown };
              })}
          />
        ))}
      </ul>
    );
  });
}
