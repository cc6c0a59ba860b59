import type { ParamDto, StrategyDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { FigureRow } from "./FormRow";
import type { Faults } from "./faults";
import { faultText, plain } from "./faultText";
import type { ParamTexts } from "./form";
import { setParams } from "./formStore";

interface ParamFieldsProps {
  strategy: StrategyDto;
  texts: ParamTexts;
  faults: Faults | null;
}

/** The parameters that the strategy's script declares. */
export function ParamFields({ strategy, texts, faults }: ParamFieldsProps) {
  const all = useText().backtest;
  const format = useFormat();
  const rangeOf = ({ min, max }: ParamDto) => {
    if (min !== null && max !== null) return all.form.range(plain(min), plain(max));
    if (min !== null) return all.form.atLeast(plain(min));
    return max === null ? undefined : all.form.atMost(plain(max));
  };
  return strategy.params.map((param) => {
    const range = rangeOf(param);
    return (
      <FigureRow
        key={param.name}
        label={param.about || param.name}
        hint={all.form.param(param.name)}
        aside={range}
        value={texts[param.name] ?? String(param.default)}
        onValue={(value) => setParams(strategy.id, { ...texts, [param.name]: value })}
        step={param.step ?? 1}
        error={faultText(faults?.[`param:${param.name}`], all.faults, format)}
        testId={`param-${param.name}`}
      />
    );
  });
}
