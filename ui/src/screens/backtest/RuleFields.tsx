import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import type { Rule } from "./scriptRules";
import { type TermFieldsProps, TermFigure } from "./TermFields";

/** What the script decides: shown here, changed there. And the year that figures are counted in. */
export function RuleFields({
  rules,
  onScript,
  ...props
}: TermFieldsProps & { rules: readonly Rule[]; onScript: () => void }) {
  const text = useText().backtest.form;
  return (
    <>
      {rules.length === 0 ? (
        <p className="text-11 text-muted">{text.noRules}</p>
      ) : (
        <dl className="grid gap-1 text-11" data-testid="script-rules">
          {rules.map(({ name, call }) => (
            <div key={call} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-2">
              <dt className="truncate text-muted">{text.rules[name]}</dt>
              <dd className="max-w-52 select-text truncate font-mono" title={call}>
                {call}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Button kind="ghost" className="-ml-2 h-6 w-fit px-2" onClick={onScript} data-testid="rules-script">
        {text.openRules}
      </Button>
      <TermFigure field="daysPerYear" {...props} />
    </>
  );
}
