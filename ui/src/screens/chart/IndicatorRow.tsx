import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Eye, EyeOff, Settings2, X } from "lucide-react";
import type { IndicatorDto, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { lineToken } from "../../chart/chartTheme";
import { useText } from "../../i18n/text";
import type { ChosenIndicator } from "../../preferences";
import { IconButton } from "../../widgets/Button";
import { Popover } from "../../widgets/Popover";
import { IndicatorSettings } from "./IndicatorSettings";
import { changeIndicator, otherSeries, removeIndicator } from "./useIndicators";

interface IndicatorRowProps {
  place: number;
  chosen: ChosenIndicator;
  indicator: IndicatorDto;
  series: SeriesDto;
  /** Of each line: its output, its colour, and what it is at the crosshair. */
  values: readonly { output: string; colour: number; shown: string }[];
}

/** "RSI 14", its values, and what can be done with it. */
export function IndicatorRow({ place, chosen, indicator, series, values }: IndicatorRowProps) {
  const text = useText().chart.indicators;
  const all = useQuery(queries.series()).data ?? [];
  const waits = chosen.other !== null && otherSeries(chosen.other, series, all) === null;
  const name = nameOf(chosen);
  const titleOf = (output: string) => indicator.outputs.find((one) => one.id === output)?.title ?? output;
  return (
    <li
      data-testid="indicator-line"
      data-indicator={chosen.id}
      data-hidden={chosen.hidden}
      className="group pointer-events-auto flex h-[18px] max-w-full items-center gap-2 rounded-sm bg-panel/75 text-11 hover:bg-panel focus-within:bg-panel"
    >
      <span
        className={clsx("truncate whitespace-nowrap", chosen.hidden ? "text-faint line-through" : "text-muted")}
        title={indicator.title}
      >
        {name}
      </span>
      {waits && chosen.other && (
        <span className="truncate text-warn">{text.waits(chosen.other.symbol, series.interval)}</span>
      )}
      {!chosen.hidden &&
        values.map(({ output, colour, shown }) => (
          <span
            key={output}
            title={titleOf(output)}
            className="whitespace-nowrap font-medium tabular-nums"
            style={{ color: lineToken(colour) }}
          >
            <span className="sr-only">{titleOf(output)} </span>
            {shown}
          </span>
        ))}
      <span className="flex opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100">
        <IconButton
          label={chosen.hidden ? text.show(name) : text.hide(name)}
          className="size-[18px] [&_svg]:size-3"
          onClick={() => changeIndicator(place, { hidden: !chosen.hidden })}
          data-testid="indicator-hide"
        >
          {chosen.hidden ? <EyeOff /> : <Eye />}
        </IconButton>
        <Popover
          label={text.settingsOf(name)}
          className="w-72"
          testId="indicator-settings"
          trigger={
            <IconButton
              label={text.settingsOf(name)}
              className="size-[18px] [&_svg]:size-3"
              data-testid="indicator-settings-open"
            >
              <Settings2 />
            </IconButton>
          }
        >
          <IndicatorSettings place={place} chosen={chosen} indicator={indicator} series={series} />
        </Popover>
        <IconButton
          label={text.remove(name)}
          className="size-[18px] [&_svg]:size-3"
          onClick={() => removeIndicator(place)}
          data-testid="indicator-remove"
        >
          <X />
        </IconButton>
      </span>
    </li>
  );
}

/** "BOLLINGER 20 2", "CORRELATION 20 ETHUSDT". */
export function nameOf({ id, params, other }: ChosenIndicator): string {
  return [id.toUpperCase().replaceAll("_", " "), ...params.map(String), ...(other ? [other.symbol] : [])].join(" ");
}
