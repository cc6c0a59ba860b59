import { clsx } from "clsx";
import { type InputHTMLAttributes, type ReactNode, type Ref, useId } from "react";

interface FieldProps {
  label: ReactNode;
  /** Quiet words at the end of the label: a range, a unit, where a value comes from. */
  aside?: ReactNode;
  error?: string | null;
  /** Receives the ids that tie the control to its label and its error. */
  children: (ids: { id: string; describedBy: string | undefined; invalid: boolean }) => ReactNode;
}

/** A labelled control with its range and its error. */
export function Field({ label, aside, error, children }: FieldProps) {
  const id = useId();
  const invalid = error !== undefined && error !== null && error !== "";
  return (
    <div className="grid gap-1">
      <div className="flex items-baseline gap-2 text-12 text-muted">
        <label htmlFor={id} id={`${id}-label`} className="shrink-0">
          {label}
        </label>
        {aside !== undefined && <span className="ml-auto truncate text-11 text-faint">{aside}</span>}
      </div>
      {children({ id, describedBy: invalid ? `${id}-error` : undefined, invalid })}
      {invalid && (
        <p id={`${id}-error`} className="text-11 text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

interface TextInputProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> {
  value: string;
  onValue: (value: string) => void;
  /** Shown at the end of the box: a unit. */
  unit?: ReactNode;
  invalid?: boolean;
  describedBy?: string | undefined;
  numeric?: boolean;
  ref?: Ref<HTMLInputElement>;
}

/** One line of text in a box. */
export function TextInput({ value, onValue, unit, invalid, describedBy, numeric, className, ...rest }: TextInputProps) {
  return (
    <div
      className={clsx(
        "flex h-7 items-center gap-2 rounded-md border bg-raised px-2 focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-focus",
        invalid ? "border-danger" : "border-edge",
        className,
      )}
    >
      <input
        {...rest}
        value={value}
        onChange={(event) => onValue(event.target.value)}
        aria-invalid={invalid || undefined}
        aria-describedby={describedBy}
        inputMode={numeric ? "decimal" : undefined}
        autoComplete="off"
        spellCheck={false}
        className="min-w-0 flex-1 select-text bg-transparent text-13 outline-none disabled:opacity-50"
      />
      {unit !== undefined && <span className="shrink-0 text-12 text-faint">{unit}</span>}
    </div>
  );
}
