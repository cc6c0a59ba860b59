import { RotateCcw } from "lucide-react";
import type { ReactNode } from "react";
import type { SeriesDto, StrategyDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { IconButton } from "../../widgets/Button";
import { PanelHead } from "../../widgets/PanelHead";
import { CostFields } from "./CostFields";
import { DataFields } from "./DataFields";
import { defaultTexts, type Faults, isEdited, type ParamTexts, type Terms } from "./form";
import { setParams } from "./formStore";
import { ParamFields } from "./ParamFields";

interface RunFormProps {
  strategy: StrategyDto;
  texts: ParamTexts;
  terms: Terms;
  all: readonly SeriesDto[];
  series: SeriesDto | null;
  faults: Faults | null;
  /** The button that runs it, and what came of the last run. */
  children: ReactNode;
  onSubmit: () => void;
}

/** What a backtest is run with: made from the strategy's own parameters. */
export function RunForm({ strategy, texts, terms, all, series, faults, children, onSubmit }: RunFormProps) {
  const { form: text, strategies } = useText().backtest;
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
        <DataFields terms={terms} all={all} series={series} faults={faults} />
        <hr className="-mx-3 my-1.5 border-line" />
        <CostFields terms={terms} series={series} faults={faults} />
        <div className="grid gap-2 pt-1.5">{children}</div>
        {/* Enter in any field submits. */}
        <button type="submit" hidden />
      </form>
    </>
  );
}
