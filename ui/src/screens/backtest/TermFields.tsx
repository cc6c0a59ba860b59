import type { SeriesDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { FigureRow } from "./FormRow";
import type { Faults } from "./faults";
import { faultText } from "./faultText";
import { changeTerms } from "./formStore";
import { FIGURES, type FigureField, type Terms } from "./terms";

export interface TermFieldsProps {
  terms: Terms;
  series: SeriesDto | null;
  faults: Faults | null;
}

/** The quote asset of a series: what its symbol ends with; empty where it cannot be told. */
export function quoteOf(series: SeriesDto | null): string {
  if (!series?.asset || !series.symbol.startsWith(series.asset)) return "";
  return series.symbol.slice(series.asset.length).replace(/^[-/_]/, "");
}

interface TermFigureProps extends TermFieldsProps {
  field: FigureField;
  /** Where it is not the one of the series. */
  unit?: string | undefined;
}

/** One figure of the form with its unit, its help and its fault. */
export function TermFigure({ field, unit, terms, series, faults }: TermFigureProps) {
  const { form: text, faults: faultTexts } = useText().backtest;
  const format = useFormat();
  const quote = quoteOf(series);
  const units: Record<FigureField, string> = {
    cash: quote,
    feePercent: "%",
    makerPercent: "%",
    slippageBps: text.bps,
    spreadBps: text.bps,
    impactBps: text.bps,
    tick: quote,
    lot: series?.asset ?? "",
    minNotional: quote,
    leverage: "×",
    maintenancePercent: "%",
    daysPerYear: text.daysUnit,
  };
  return (
    <FigureRow
      label={text.fields[field].label}
      hint={text.fields[field].about}
      value={terms[field]}
      onValue={(value) => changeTerms({ [field]: value })}
      step={FIGURES[field].step}
      unit={unit ?? units[field]}
      placeholder={field === "makerPercent" ? terms.feePercent : undefined}
      error={faultText(faults?.[field], faultTexts, format)}
      testId={`form-${field}`}
    />
  );
}
