import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Select } from "../../widgets/Select";
import { FigureRow, FormRow } from "./FormRow";
import { faultText } from "./faultText";
import { changeTerms } from "./formStore";
import { quoteOf, type TermFieldsProps, TermFigure } from "./TermFields";
import { SIZES, type SizeKind } from "./terms";

/** The cash, and how much of it goes into a position. */
export function SizeFields({ rotates, ...props }: TermFieldsProps & { rotates: boolean }) {
  const { terms, series, faults } = props;
  const { form: text, faults: faultTexts, rotation } = useText().backtest;
  const format = useFormat();
  const errorOf = (field: string) => faultText(faults?.[field], faultTexts, format);
  const unitOf: Record<SizeKind, string> = {
    all: "",
    percent: "%",
    cash: quoteOf(series),
    units: series?.asset ?? text.units,
    risk: "%",
    vol: "%",
  };
  if (rotates) {
    return (
      <>
        <TermFigure field="cash" {...props} />
        <p className="text-right text-11 text-faint" data-testid="rotation-size">
          {rotation.size}
        </p>
      </>
    );
  }
  return (
    <>
      <TermFigure field="cash" {...props} />
      <FormRow label={text.size} hint={text.sizeAbout[terms.size]} error={errorOf("size")}>
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
          hint={text.sizeAbout[terms.size]}
          value={terms.sizeAmount}
          onValue={(sizeAmount) => changeTerms({ sizeAmount })}
          unit={unitOf[terms.size]}
          error={errorOf("sizeAmount")}
          testId="form-size-amount"
        />
      )}
    </>
  );
}
