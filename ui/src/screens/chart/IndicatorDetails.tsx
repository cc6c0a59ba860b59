import { Plus, Star } from "lucide-react";
import type { IndicatorDto, SeriesDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { Button, IconButton } from "../../widgets/Button";
import { Field } from "../../widgets/Field";
import { Select } from "../../widgets/Select";
import { toggleFavourite } from "./useIndicators";
import type { Placing } from "./usePlacing";
import { venueName } from "./venueName";

/** The value of a choice that means a pane of its own: no pane is named so. */
export const OWN_PANE = "-";

interface IndicatorDetailsProps {
  indicator: IndicatorDto;
  series: SeriesDto;
  placing: Placing;
  onAdd: () => void;
}

/** What an indicator tells, what it takes and gives, and where it will be drawn. */
export function IndicatorDetails({ indicator, series, placing, onAdd }: IndicatorDetailsProps) {
  const all = useText().chart;
  const text = all.indicators;
  const isFavourite = usePreferences((state) => state.favouriteIndicators.includes(indicator.id));
  const needsOther = indicator.input === "other";
  const shown = indicator.outputs.filter((output) => output.shape !== "hidden");
  return (
    <section
      aria-label={indicator.title}
      className="flex min-h-full flex-col gap-3 p-4 text-12"
      data-testid="indicator-details"
    >
      <header className="flex items-start gap-2">
        <h3 className="min-w-0 flex-1 text-13 font-semibold">{indicator.title}</h3>
        <IconButton
          label={isFavourite ? text.unfavour : text.favour}
          keys="Alt ↵"
          active={isFavourite}
          className="-mt-1 -mr-1"
          onClick={() => toggleFavourite(indicator.id)}
          data-testid="indicator-favourite"
        >
          <Star className={isFavourite ? "fill-current text-warn" : ""} />
        </IconButton>
      </header>
      <p className="select-text leading-[18px]">{indicator.about}</p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 text-11">
        <dt className="text-faint">{text.shelves.name}</dt>
        <dd>{text.shelves[indicator.group]}</dd>
        <dt className="text-faint">{text.drawnOn}</dt>
        <dd>{text.panes[indicator.pane]}</dd>
        {shown.length > 1 && (
          <>
            <dt className="text-faint">{text.lines}</dt>
            <dd>{shown.map((output) => output.title).join(", ")}</dd>
          </>
        )}
        <dt className="text-faint">{text.inScripts}</dt>
        <dd className="select-text font-mono">{indicator.id}</dd>
        <dt className="text-faint">{text.formula}</dt>
        <dd className="select-text">{indicator.formula}</dd>
      </dl>
      {indicator.params.length > 0 && (
        <table className="w-full text-11">
          <caption className="pb-1 text-left text-faint">{text.params}</caption>
          <tbody>
            {indicator.params.map((param) => (
              <tr key={param.name} className="border-line border-t">
                <th scope="row" className="py-1 pr-2 text-left font-normal" title={param.name}>
                  {param.about}
                </th>
                <td className="py-1 text-right tabular-nums">{param.default}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {needsOther && (
        <div className="grid gap-1.5">
          <p className="text-11 text-muted leading-4">{text.needsOther(series.interval)}</p>
          {placing.others.length === 0 ? (
            <p className="text-11 text-warn">{text.noOther(series.interval)}</p>
          ) : (
            <Field label={text.second}>
              {({ id }) => (
                <Select
                  id={id}
                  labelledBy={`${id}-label`}
                  testId="indicator-other"
                  value={placing.other ? String(placing.other.id) : null}
                  onChange={(next) => placing.setOther(Number(next))}
                  options={placing.others.map((one) => ({
                    value: String(one.id),
                    label: one.symbol,
                    aside: venueName(one.venue, all),
                  }))}
                />
              )}
            </Field>
          )}
        </div>
      )}
      {placing.panes.length > 0 && (
        <Field label={text.pane}>
          {({ id }) => (
            <Select
              id={id}
              labelledBy={`${id}-label`}
              testId="indicator-pane"
              value={placing.pane ?? OWN_PANE}
              onChange={(next) => placing.setPane(next === OWN_PANE ? null : next)}
              options={[
                { value: OWN_PANE, label: text.ownPane },
                ...placing.panes.map(({ pane, titles }) => ({ value: pane, label: text.withPane(titles.join(", ")) })),
              ]}
            />
          )}
        </Field>
      )}
      {placing.full && <p className="text-11 text-warn">{text.full}</p>}
      <Button
        kind="primary"
        icon={<Plus />}
        keys="↵"
        disabled={placing.ready === null}
        onClick={onAdd}
        className="sticky bottom-0 mt-auto"
        data-testid="indicator-add"
      >
        {text.add}
      </Button>
    </section>
  );
}
