import { X } from "lucide-react";
import { useId } from "react";
import type { ParamDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { IconButton } from "../../widgets/Button";
import { TextInput } from "../../widgets/Field";
import { Select } from "../../widgets/Select";
import { faultText, plain } from "./faultText";
import { type AxisField, type AxisTexts, type CheckedAxis, usualAxis } from "./sweep";

interface SweepAxisRowProps {
  /** 0 for the first. */
  at: number;
  /** Those that may stand here. */
  params: readonly ParamDto[];
  texts: AxisTexts;
  checked: CheckedAxis;
  onChange: (texts: AxisTexts) => void;
  onRemove: (() => void) | null;
}

const FIELDS: readonly AxisField[] = ["from", "to", "step"];

/** A parameter that is tried, from where to where, and by which step. */
export function SweepAxisRow({ at, params, texts, checked, onChange, onRemove }: SweepAxisRowProps) {
  const all = useText();
  const text = all.sweep;
  const format = useFormat();
  const id = useId();
  const param = params.find(({ name }) => name === texts.name);
  const faults = FIELDS.flatMap((field) => {
    const said = faultText(checked.faults[field], all.backtest.faults, format);
    return said === null ? [] : [{ field, said }];
  });
  const range =
    param?.min != null && param.max != null ? all.backtest.form.range(plain(param.min), plain(param.max)) : null;
  return (
    <div className="grid gap-1" data-testid={`sweep-axis-${at}`}>
      <div className="flex flex-wrap items-center gap-2 text-12">
        <span className="w-56">
          <Select
            label={text.parameter(at + 1)}
            value={texts.name}
            onChange={(name) => {
              const next = params.find((one) => one.name === name);
              if (next) onChange(usualAxis(next));
            }}
            options={params.map((one) => ({ value: one.name, label: one.about || one.name }))}
            testId={`sweep-param-${at}`}
          />
        </span>
        {FIELDS.map((field) => (
          <span key={field} className="flex items-center gap-1.5 text-muted">
            <label htmlFor={`${id}-${field}-box`}>{text.fields[field]}</label>
            <TextInput
              id={`${id}-${field}-box`}
              numeric
              value={texts[field]}
              onValue={(value) => onChange({ ...texts, [field]: value })}
              invalid={checked.faults[field] !== undefined}
              describedBy={checked.faults[field] === undefined ? undefined : `${id}-${field}`}
              aria-label={text.field(text.fields[field], texts.name)}
              className="w-18 text-fg tabular-nums [&_input]:text-right"
              data-testid={`sweep-${field}-${at}`}
            />
          </span>
        ))}
        <span className="text-faint tabular-nums">{checked.count > 0 ? text.values(checked.count) : range}</span>
        {onRemove && (
          <IconButton label={text.takeOut(texts.name)} onClick={onRemove} data-testid={`sweep-remove-${at}`}>
            <X />
          </IconButton>
        )}
      </div>
      {faults.map(({ field, said }) => (
        <p key={field} id={`${id}-${field}`} role="alert" className="text-11 text-danger">
          {text.fields[field]}: {said}
        </p>
      ))}
    </div>
  );
}
