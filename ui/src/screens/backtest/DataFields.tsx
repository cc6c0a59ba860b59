import { useQuery } from "@tanstack/react-query";
import type { SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { openFetch } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { TextInput } from "../../widgets/Field";
import { Segmented } from "../../widgets/Segmented";
import { Select } from "../../widgets/Select";
import { venueName } from "../chart/venueName";
import { FormRow } from "./FormRow";
import type { Faults } from "./faults";
import { faultText } from "./faultText";
import { changeTerms } from "./formStore";
import { OthersField } from "./OthersField";
import type { Terms } from "./terms";

interface DataFieldsProps {
  terms: Terms;
  all: readonly SeriesDto[];
  series: SeriesDto | null;
  faults: Faults | null;
  /** Whether the strategy rotates over several symbols. */
  rotates: boolean;
}

/** Which stored bars the strategy runs on. */
export function DataFields({ terms, all, series, faults, rotates }: DataFieldsProps) {
  const catalogue = useText();
  const { form: text, faults: faultTexts } = catalogue.backtest;
  const format = useFormat();
  const venues = useQuery(queries.venues()).data;
  const errorOf = (field: string) => faultText(faults?.[field], faultTexts, format);
  const outside = faults?.from?.kind === "outside" || faults?.to?.kind === "outside";
  return (
    <>
      <FormRow
        label={rotates ? catalogue.backtest.rotation.first : text.series}
        error={all.length > 0 ? errorOf("series") : null}
      >
        {({ id }) => (
          <div className="w-52">
            <Select
              id={id}
              labelledBy={`${id}-label`}
              testId="series-select"
              placeholder={text.noSeries}
              disabled={all.length === 0}
              value={series ? String(series.id) : null}
              onChange={(next) => changeTerms({ seriesId: Number(next) })}
              options={all.map((one) => ({
                value: String(one.id),
                label: `${one.symbol} ${one.interval}`,
                aside: `${venueName(one.venue, catalogue.chart)} · ${format.count(one.rows)}`,
              }))}
            />
          </div>
        )}
      </FormRow>
      {rotates && series && <OthersField terms={terms} series={series} all={all} faults={faults} />}
      <FormRow label={text.span}>
        {() => (
          <div className="w-52">
            <Segmented
              wide
              label={text.span}
              value={terms.span}
              onChange={(span) => changeTerms({ span })}
              choices={[
                { value: "all", label: text.spans.all, testId: "span-all" },
                { value: "dates", label: text.spans.dates, testId: "span-dates" },
              ]}
            />
          </div>
        )}
      </FormRow>
      {terms.span === "dates" &&
        (["from", "to"] as const).map((field) => (
          <FormRow key={field} label={text[field]} error={errorOf(field)}>
            {({ id, describedBy, invalid }) => (
              <TextInput
                id={id}
                className="w-52"
                value={terms[field]}
                onValue={(value) => changeTerms({ [field]: value })}
                placeholder={format.date(field === "from" ? (series?.first ?? null) : (series?.last ?? null))}
                unit="UTC"
                describedBy={describedBy}
                invalid={invalid}
                data-testid={`span-${field}`}
              />
            )}
          </FormRow>
        ))}
      {series && (
        <p className="flex items-center justify-end text-11 text-faint tabular-nums">
          {outside && venues?.some((venue) => venue.id === series.venue) && (
            <Button
              kind="ghost"
              className="h-6 px-1.5"
              data-testid="fetch-rest"
              onClick={() =>
                openFetch({
                  venue: series.venue,
                  symbol: series.symbol,
                  interval: series.interval,
                  from: terms.from,
                  to: terms.to,
                })
              }
            >
              {text.fetchRest}
            </Button>
          )}
          {venueName(series.venue, catalogue.chart)}
          {" · "}
          {text.coverage(format.date(series.first), format.date(series.last), format.count(series.rows))}
        </p>
      )}
    </>
  );
}
