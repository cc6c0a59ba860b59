import { type KeyboardEvent, type ReactNode, useId } from "react";
import { TextInput } from "../../widgets/Field";
import { Tooltip } from "../../widgets/Tooltip";
import { readFigure } from "./faults";

interface FormRowProps {
  label: string;
  /** The limits, or where the value comes from. */
  aside?: ReactNode;
  hint?: string | undefined;
  error?: string | null;
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
}

/** A line of the form: what it is on the left, its value on the right, what is wrong with it below. */
export function FormRow({ label, aside, hint, error = null, children }: FormRowProps) {
  const id = useId();
  const described = [error === null ? "" : `${id}-error`, hint === undefined ? "" : `${id}-hint`]
    .filter(Boolean)
    .join(" ");
  const name = (
    <label htmlFor={id} id={`${id}-label`} className="text-muted leading-4">
      {label}
    </label>
  );
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 text-12">
      <div className="flex min-w-0 items-baseline gap-2">
        {hint === undefined ? name : <Tooltip text={hint}>{name}</Tooltip>}
        {aside !== undefined && <span className="ml-auto shrink-0 text-11 text-faint tabular-nums">{aside}</span>}
      </div>
      {hint !== undefined && (
        <span id={`${id}-hint`} className="sr-only">
          {hint}
        </span>
      )}
      {children({ id, describedBy: described || undefined, invalid: error !== null })}
      {error !== null && (
        <p id={`${id}-error`} role="alert" className="col-span-2 pt-0.5 text-right text-11 text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

interface FigureRowProps extends Omit<FormRowProps, "children"> {
  value: string;
  onValue: (value: string) => void;
  /** What the arrow keys add. */
  step?: number;
  unit?: string;
  /** What an empty box stands for. */
  placeholder?: string | undefined;
  testId?: string;
}

/** A line with a number: arrow keys step, with Shift by ten. */
export function FigureRow({ value, onValue, step = 1, unit, placeholder, testId, ...row }: FigureRowProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    const now = readFigure(value);
    if (direction === 0 || now === null) return;
    event.preventDefault();
    onValue(String(Number((now + direction * step * (event.shiftKey ? 10 : 1)).toPrecision(12))));
  };
  return (
    <FormRow {...row}>
      {({ id, describedBy, invalid }) => (
        <TextInput
          id={id}
          numeric
          value={value}
          onValue={onValue}
          onKeyDown={onKeyDown}
          describedBy={describedBy}
          invalid={invalid}
          data-testid={testId}
          placeholder={placeholder}
          className="w-26 tabular-nums [&_input]:text-right"
          {...(unit === undefined ? {} : { unit })}
        />
      )}
    </FormRow>
  );
}
