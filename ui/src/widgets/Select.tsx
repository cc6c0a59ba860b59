import { Check, ChevronDown } from "lucide-react";
import { Select as Radix } from "radix-ui";
import type { ReactNode } from "react";

export interface Option<T extends string> {
  value: T;
  label: ReactNode;
  /** Quiet words at the end of the line. */
  aside?: ReactNode;
  disabled?: boolean;
}

interface SelectProps<T extends string> {
  id?: string;
  label?: string;
  labelledBy?: string;
  options: readonly Option<T>[];
  value: T | null;
  onChange: (value: T) => void;
  placeholder?: string;
  disabled?: boolean;
  testId?: string;
}

/** One of many. Not the native element: WebKitGTK paints that in its own colours. */
export function Select<T extends string>({
  id,
  label,
  labelledBy,
  options,
  value,
  onChange,
  placeholder,
  disabled = false,
  testId,
}: SelectProps<T>) {
  return (
    <Radix.Root
      value={value ?? ""}
      disabled={disabled}
      onValueChange={(next) => {
        const chosen = options.find((option) => option.value === next);
        if (chosen) onChange(chosen.value);
      }}
    >
      <Radix.Trigger
        id={id}
        aria-label={label}
        aria-labelledby={labelledBy}
        data-testid={testId}
        className="flex h-7 w-full items-center gap-2 rounded-md border border-edge bg-raised px-2 text-left text-13 hover:bg-hover disabled:opacity-50 data-[placeholder]:text-faint"
      >
        <span className="min-w-0 flex-1 truncate">
          <Radix.Value placeholder={placeholder} />
        </span>
        <ChevronDown className="size-3.5 shrink-0 text-faint" aria-hidden />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          position="popper"
          sideOffset={4}
          className="z-50 max-h-80 min-w-(--radix-select-trigger-width) overflow-hidden rounded-md bg-raised shadow-float"
        >
          <Radix.Viewport className="p-1">
            {options.map((option) => (
              <Radix.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled ?? false}
                className="flex h-7 items-center gap-2 rounded-sm pr-2 pl-6 text-13 outline-none data-[disabled]:opacity-45 data-[highlighted]:bg-hover"
              >
                <Radix.ItemIndicator className="absolute left-2.5">
                  <Check className="size-3.5 text-accent" aria-hidden />
                </Radix.ItemIndicator>
                <Radix.ItemText>{option.label}</Radix.ItemText>
                {option.aside !== undefined && <span className="ml-auto pl-4 text-11 text-faint">{option.aside}</span>}
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
