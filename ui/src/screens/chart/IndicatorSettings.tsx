import { useQuery } from "@tanstack/react-query";
import { RotateCcw, Star } from "lucide-react";
import type { IndicatorDto, IndicatorParamDto, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { paneOf } from "../../chart/drawnLines";
import { useText } from "../../i18n/text";
import { type ChosenIndicator, usePreferences } from "../../preferences";
import { IconButton } from "../../widgets/Button";
import { Field } from "../../widgets/Field";
import { NumberInput } from "../../widgets/NumberInput";
import { PanelHead } from "../../widgets/PanelHead";
import { Select } from "../../widgets/Select";
import { OWN_PANE } from "./IndicatorDetails";
import { changeIndicator, otherSeries, toggleFavourite } from "./useIndicators";
import { ownPanes, possibleOthers } from "./usePlacing";
import { venueName } from "./venueName";

interface IndicatorSettingsProps {
  place: number;
  chosen: ChosenIndicator;
  indicator: IndicatorDto;
  series: SeriesDto;
}

/** What an indicator on the chart is drawn with; every change is drawn at once. */
export function IndicatorSettings({ place, chosen, indicator, series }: IndicatorSettingsProps) {
  const all = useText().chart;
  const text = all.indicators;
  const known = useQuery(queries.indicators()).data ?? [];
  const stored = useQuery(queries.series()).data ?? [];
  const onChart = usePreferences((state) => state.indicators);
  const isFavourite = usePreferences((state) => state.favouriteIndicators.includes(indicator.id));
  const initial = indicator.params.map((param) => param.default);
  const edited = initial.some((value, at) => (chosen.params[at] ?? value) !== value);
  const setParam = (at: number, value: number) =>
    changeIndicator(place, { params: initial.map((usual, i) => (i === at ? value : (chosen.params[i] ?? usual))) });
  const shareable = ownPanes(
    onChart.filter((_, at) => at !== place),
    known,
  ).filter((one) => one.pane !== indicator.id);
  const others = indicator.input === "other" ? possibleOthers(series, stored) : [];
  const other = otherSeries(chosen.other, series, stored);
  return (
    <>
      <PanelHead title={indicator.title} />
      <div className="grid gap-2.5 p-3">
        <p className="text-11 text-faint leading-4">{indicator.about}</p>
        {indicator.params.map((param, at) => (
          <Field key={param.name} label={param.about} aside={`${param.min} … ${param.max}`}>
            {({ id }) => (
              <NumberInput
                id={id}
                testId={`indicator-param-${param.name}`}
                value={chosen.params[at] ?? param.default}
                min={param.min}
                max={param.max}
                step={stepOf(param)}
                onValue={(value) => setParam(at, param.integer ? Math.round(value) : value)}
              />
            )}
          </Field>
        ))}
        {others.length > 0 && (
          <Field label={text.second}>
            {({ id }) => (
              <Select
                id={id}
                labelledBy={`${id}-label`}
                value={other ? String(other.id) : null}
                onChange={(next) => {
                  const found = others.find((one) => String(one.id) === next);
                  if (found) changeIndicator(place, { other: { venue: found.venue, symbol: found.symbol } });
                }}
                options={others.map((one) => ({
                  value: String(one.id),
                  label: one.symbol,
                  aside: venueName(one.venue, all),
                }))}
              />
            )}
          </Field>
        )}
        {indicator.pane === "own" && shareable.length > 0 && (
          <Field label={text.pane}>
            {({ id }) => (
              <Select
                id={id}
                labelledBy={`${id}-label`}
                testId="indicator-pane"
                value={shareable.some((one) => one.pane === paneOf(chosen)) ? paneOf(chosen) : OWN_PANE}
                onChange={(next) => changeIndicator(place, { pane: next === OWN_PANE ? null : next })}
                options={[
                  { value: OWN_PANE, label: text.ownPane },
                  ...shareable.map(({ pane, titles }) => ({ value: pane, label: text.withPane(titles.join(", ")) })),
                ]}
              />
            )}
          </Field>
        )}
        {indicator.params.length === 0 && shareable.length === 0 && others.length === 0 && (
          <p className="text-12 text-muted">{text.nothingToSet}</p>
        )}
        <div className="flex items-start gap-1">
          <p className="min-w-0 flex-1 text-11 text-faint leading-4">
            {text.formula}: <span className="select-text">{indicator.formula}</span>
          </p>
          {edited && (
            <IconButton
              label={text.reset}
              className="size-6"
              onClick={() => changeIndicator(place, { params: initial })}
            >
              <RotateCcw />
            </IconButton>
          )}
          <IconButton
            label={isFavourite ? text.unfavour : text.favour}
            active={isFavourite}
            className="size-6"
            onClick={() => toggleFavourite(indicator.id)}
          >
            <Star className={isFavourite ? "fill-current text-warn" : ""} />
          </IconButton>
        </div>
      </div>
    </>
  );
}

/** What an arrow key adds: a whole bar, or the last digit of the usual value. */
export function stepOf({ integer, default: usual }: IndicatorParamDto): number {
  if (integer || usual === 0) return integer ? 1 : 0.1;
  const digits = Math.floor(Math.log10(Math.abs(usual)));
  return Number((10 ** (digits >= 0 ? Math.min(digits, 0) - 1 : digits)).toPrecision(1));
}
