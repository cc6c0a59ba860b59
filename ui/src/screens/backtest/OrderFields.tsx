import type { FillsDto, SeriesDto, SideDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { openFetch } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { Segmented } from "../../widgets/Segmented";
import { FormRow } from "./FormRow";
import { faultText } from "./faultText";
import { changeTerms } from "./formStore";
import { type TermFieldsProps, TermFigure } from "./TermFields";

const SIDES: readonly (SideDto | "auto")[] = ["auto", "long", "short", "both"];
const FILLS: readonly (FillsDto | "auto")[] = ["auto", "r1", "minute"];

interface OrderFieldsProps extends TermFieldsProps {
  minutes: SeriesDto | null;
  /** Whether the strategy rotates over several symbols: then it buys only, at opens. */
  rotates: boolean;
}

/** Which side is traded, where orders are watched, and what the exchange takes them in. */
export function OrderFields({ rotates, ...props }: OrderFieldsProps) {
  const { units } = useText().backtest.form;
  return (
    <>
      {rotates ? <RotationOrders /> : <FreeOrders {...props} />}
      <TermFigure field="tick" {...props} />
      <TermFigure field="lot" unit={rotates ? units : undefined} {...props} />
      <TermFigure field="minNotional" {...props} />
    </>
  );
}

function RotationOrders() {
  return <p className="text-11 text-muted">{useText().backtest.rotation.orders}</p>;
}

function FreeOrders({ terms, series, faults, minutes }: Omit<OrderFieldsProps, "rotates">) {
  const { form: text, faults: faultTexts } = useText().backtest;
  const format = useFormat();
  const fillsError = faultText(faults?.fills, faultTexts, format);
  return (
    <>
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
      <FormRow label={text.fillsLabel} hint={text.fillsAbout} error={fillsError}>
        {() => (
          <div className="w-52">
            <Segmented
              wide
              label={text.fillsLabel}
              value={terms.fills ?? "auto"}
              onChange={(fills) => changeTerms({ fills: fills === "auto" ? null : fills })}
              choices={FILLS.map((fills) => ({
                value: fills,
                label: text.fillsShort[fills],
                testId: `fills-${fills}`,
              }))}
            />
          </div>
        )}
      </FormRow>
      {series && series.interval !== "1m" && terms.fills !== "r1" && (
        <p className="flex items-center justify-end text-right text-11 text-faint tabular-nums">
          {minutes ? (
            text.minutesStored(format.date(minutes.first), format.date(minutes.last))
          ) : (
            <>
              {text.minutesMissing}
              <Button
                kind="ghost"
                className="h-6 px-1.5"
                onClick={() => openFetch({ venue: series.venue, symbol: series.symbol, interval: "1m" })}
              >
                {text.fetchMinutes}
              </Button>
            </>
          )}
        </p>
      )}
    </>
  );
}
