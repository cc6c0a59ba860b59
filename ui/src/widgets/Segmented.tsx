import { clsx } from "clsx";
import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";

export interface Choice<T extends string> {
  value: T;
  label: ReactNode;
  testId?: string;
}

interface SegmentedProps<T extends string> {
  /** What is chosen here, for screen readers. */
  label: string;
  choices: readonly Choice<T>[];
  value: T | null;
  onChange: (value: T) => void;
  /** Whether the choices share the whole width. */
  wide?: boolean;
  disabled?: boolean;
}

/** One of a few: arrow keys move the choice. */
export function Segmented<T extends string>({
  label,
  choices,
  value,
  onChange,
  wide,
  disabled = false,
}: SegmentedProps<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      orientation="horizontal"
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next);
        if (chosen) onChange(chosen.value);
      }}
      className={clsx("h-7 items-stretch rounded-md border border-line bg-raised p-px", wide ? "flex" : "inline-flex")}
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.value}
          value={choice.value}
          data-testid={choice.testId}
          className={clsx(
            "rounded-sm px-2 text-12 font-medium text-muted transition-colors hover:text-fg",
            "data-[state=checked]:bg-hover data-[state=checked]:text-fg data-[state=checked]:shadow-[inset_0_0_0_1px_var(--color-edge)]",
            wide && "flex-1",
          )}
        >
          {choice.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
