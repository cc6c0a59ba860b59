import { useText } from "../../i18n/text";
import { Field, TextInput } from "../../widgets/Field";
import { parseDate } from "./span";

interface DateSpanProps {
  from: string;
  to: string;
  onFrom: (from: string) => void;
  onTo: (to: string) => void;
}

/** A span by its first and its last date. */
export function DateSpan({ from, to, onFrom, onTo }: DateSpanProps) {
  const text = useText().data.fetchDialog;
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label={text.from} error={from !== "" && parseDate(from) === null ? text.badDate : null}>
        {({ id, describedBy, invalid }) => (
          <TextInput
            id={id}
            value={from}
            onValue={onFrom}
            placeholder="2023-01-01"
            describedBy={describedBy}
            invalid={invalid}
            data-testid="span-from"
          />
        )}
      </Field>
      <Field label={text.to} aside={text.toHint} error={to !== "" && parseDate(to) === null ? text.badDate : null}>
        {({ id, describedBy, invalid }) => (
          <TextInput
            id={id}
            value={to}
            onValue={onTo}
            placeholder="2024-01-31"
            describedBy={describedBy}
            invalid={invalid}
            data-testid="span-to"
          />
        )}
      </Field>
    </div>
  );
}
