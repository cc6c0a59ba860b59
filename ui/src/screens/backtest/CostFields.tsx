import type { SeriesDto, SideDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Segmented } from "../../widgets/Segmented";
import { Select } from "../../widgets/Select";
import { FigureRow, FormRow } from "./FormRow";
import { faultText } from "./faultText";
import type { Faults, SizeKind, Terms } from "./form";
import { changeTerms } from "./formStore";

const SIZES: readonly SizeKind[] = ["all", "percent", "cash", "units"];
const SIDES: readonly (SideDto | "auto")[] = ["auto", "long", "short", "both"];

interface CostFieldsProps {
  terms: Terms;
  series: SeriesDto | null;
  faults: Faults | null;
}

/** Cash, costs, size of the positions and their side. */
export function CostFields({ terms, series, faults }: CostFieldsProps) {
  const { form: text, faults: faultTexts } = useText().backtest;
  const format = useFormat();
  const errorOf = (field: string) => faultText(faults?.[field], faultTexts, format);
  const quote = series?.asset && series.symbol.startsWith(series.asset) ? series.symbol.slice(series.asset.length) : "";
  const unitOf: Record<SizeKind, string> = { all: "", percent: "%", cash: quote, units: series?.asset ?? text.units };
  return (
    <>
      <FigureRow
        label={text.cash}
        value={terms.cash}
        onValue={(cash) => changeTerms({ cash })}
        step={1_000}
        unit={quote}
        error={errorOf("cash")}
        testId="form-cash"
      />
      <FigureRow
        label={text.fee}
        value={terms.feePercent}
        onValue={(feePercent) => changeTerms({ feePercent })}
        step={0.01}
        unit="%"
        error={errorOf("fee")}
        testId="form-fee"
      />
      <FigureRow
        label={text.slippage}
        value={terms.slippageBps}
        onValue={(slippageBps) => changeTerms({ slippageBps })}
        unit={text.bps}
        error={errorOf("slippage")}
        testId="form-slippage"
      />
      <FormRow label={text.size}>
        {({ id }) => (
          <div className="w-52">
            <Select
              id={id}
              labelledBy={`${id}-label`}
              testId="form-size"
              value={terms.size}
              onChange={(size) => changeTerms({ size })}
              options={SIZES.map((size) => ({ value: size, label: text.sizes[size] }))}
            />
          </div>
        )}
      </FormRow>
      {terms.size !== "all" && (
        <FigureRow
          label={text.sizeAmount}
          value={terms.sizeAmount}
          onValue={(sizeAmount) => changeTerms({ sizeAmount })}
          unit={unitOf[terms.size]}
          error={errorOf("sizeAmount")}
          testId="form-size-amount"
        />
      )}
      <FormRow label={text.side} hint={text.sideAbout}>
        {() => (
          <div className="w-52">
            <Segmented
              wide
              label={text.side}
              value={terms.side ?? "auto"}
              onChange={(side) => changeTerms({ side: side === "auto" ? null : side })}
              choices={SIDES.map((side) => ({ value: side, label: text.sides[side], testId: `side-${side}` }))}
            />
          </div>
        )}
      </FormRow>
    </>
  );
}
