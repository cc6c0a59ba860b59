import { type ReactNode, useEffect, useState } from "react";
import { TextInput } from "./Field";

interface NumberInputProps {
  id?: string;
  value: number;
  onValue: (value: number) => void;
  min?: number | null;
  max?: number | null;
  /** What the arrow keys add; its decimals are also those of the value. */
  step?: number | null;
  unit?: ReactNode;
  label?: string;
  disabled?: boolean;
  className?: string;
  testId?: string;
}

function parse(text: string): number | null {
  const value = Number(
    text
      .trim()
      .replace(/[\s_']/g, "")
      .replace("−", "-")
      .replace(",", "."),
  );
  return text.trim() === "" || !Number.isFinite(value) ? null : value;
}

function limited(value: number, min?: number | null, max?: number | null): number {
  return Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min ?? Number.NEGATIVE_INFINITY, value));
}

/** A number in a box: arrow keys step, leaving the box keeps it within its limits. */
export function NumberInput({ value, onValue, min, max, step, label, testId, ...rest }: NumberInputProps) {
  const [text, setText] = useState(String(value));
  const typed = parse(text);
  const outside = typed === null || limited(typed, min, max) !== typed;
  // The text follows a value that was changed elsewhere, and only then: "1." must survive while it is typed.
  useEffect(() => setText((now) => (parse(now) === value ? now : String(value))), [value]);
  const settle = (next: number) => {
    const kept = limited(Number(next.toPrecision(12)), min, max);
    setText(String(kept));
    onValue(kept);
  };
  return (
    <TextInput
      {...rest}
      numeric
      aria-label={label}
      data-testid={testId}
      value={text}
      invalid={outside}
      onValue={(next) => {
        setText(next);
        const parsed = parse(next);
        if (parsed !== null && limited(parsed, min, max) === parsed) onValue(parsed);
      }}
      onBlur={() => settle(typed ?? value)}
      onKeyDown={(event) => {
        const direction = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
        if (direction === 0) return;
        event.preventDefault();
        settle((typed ?? value) + direction * (step ?? 1) * (event.shiftKey ? 10 : 1));
      }}
    />
  );
}
