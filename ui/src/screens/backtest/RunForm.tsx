import { RotateCcw } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { SeriesDto, StrategyDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { IconButton } from "../../widgets/Button";
import { PanelHead } from "../../widgets/PanelHead";
import { DataFields } from "./DataFields";
import { FormGroup } from "./FormGroup";
import type { Faults } from "./faults";
import { defaultTexts, isEdited, minutesOf, type ParamTexts } from "./form";
import { setParams } from "./formStore";
import { LeverageFields } from "./LeverageFields";
import { OrderFields } from "./OrderFields";
import { ParamFields } from "./ParamFields";
import { RuleFields } from "./RuleFields";
import { termsOfRotation } from "./rotation";
import { SizeFields } from "./SizeFields";
import { rulesOf } from "./scriptRules";
import { TermFigure } from "./TermFields";
import type { Terms } from "./terms";

export interface RunFormProps {
  strategy: StrategyDto;
  texts: ParamTexts;
  terms: Terms;
  all: readonly SeriesDto[];
  series: SeriesDto | null;
  faults: Faults | null;
  /** The button that runs it, and what came of the last run. */
  children: ReactNode;
  onSubmit: () => void;
  /** Leads to the script. */
  onScript: () => void;
}

const COSTS = ["feePercent", "makerPercent", "slippageBps", "spreadBps", "impactBps"] as const;

/** What a backtest is run with: made from the strategy's own parameters. */
export function RunForm(props: RunFormProps) {
  const { strategy, texts, all, series, faults, children, onSubmit, onScript } = props;
  const { rotates } = strategy;
  const terms = rotates ? termsOfRotation(props.terms) : props.terms;
  const { form: text, strategies, rotation } = useText().backtest;
  const rules = useMemo(() => rulesOf(strategy.source), [strategy.source]);
  const fields = { terms, series, faults };
  return (
    <>
      <PanelHead title={strategy.title} aside={strategy.usesSentiment ? strategies.usesSentiment : ""}>
        {isEdited(strategy, texts) && (
          <IconButton
            label={text.reset}
            className="size-6"
            onClick={() => setParams(strategy.id, defaultTexts(strategy))}
          >
            <RotateCcw />
          </IconButton>
        )}
      </PanelHead>
      <form
        className="grid gap-1.5 px-3 pt-2.5 pb-3"
        data-testid="run-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        <p className="pb-1 text-12 leading-[17px] text-faint">{strategy.about}</p>
        <ParamFields strategy={strategy} texts={texts} faults={faults} />
        <hr className="-mx-3 my-1.5 border-line" />
        <DataFields terms={terms} all={all} series={series} faults={faults} rotates={rotates} />
        <SizeFields {...fields} rotates={rotates} />
        <div className="mt-1.5 -mb-1.5">
          <FormGroup group="costs" terms={terms} faults={faults}>
            {COSTS.map((field) => (
              <TermFigure key={field} field={field} {...fields} />
            ))}
          </FormGroup>
          <FormGroup group="orders" terms={terms} faults={faults}>
            <OrderFields {...fields} minutes={minutesOf(series, all)} rotates={rotates} />
          </FormGroup>
          <FormGroup group="leverage" terms={terms} faults={faults} facts={rotates ? [rotation.noLeverage] : []}>
            {rotates ? <p className="text-11 text-muted">{rotation.leverage}</p> : <LeverageFields {...fields} />}
          </FormGroup>
          <FormGroup group="rules" terms={terms} faults={faults} facts={rules.map(({ call }) => call)}>
            <RuleFields {...fields} rules={rules} onScript={onScript} />
          </FormGroup>
        </div>
        <hr className="-mx-3 border-line" />
        <div className="sticky bottom-0 -mx-3 -mb-3 grid gap-2 bg-panel px-3 py-2.5">{children}</div>
        {/* Enter in any field submits. */}
        <button type="submit" hidden />
      </form>
    </>
  );
}
