import { clsx } from "clsx";
import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";

interface PopoverProps {
  /** The button that opens it. */
  trigger: ReactNode;
  /** Its accessible name. */
  label: string;
  children: ReactNode;
  side?: "bottom" | "top";
  align?: "start" | "end" | "center";
  className?: string;
  testId?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
}

/** A small panel beside its button. */
export function Popover({
  trigger,
  label,
  children,
  side = "bottom",
  align = "start",
  className,
  testId,
  open,
  onOpenChange,
}: PopoverProps) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          data-testid={testId}
          className={clsx(
            "z-40 animate-[fade-in_100ms] rounded-md bg-panel shadow-float focus:outline-none",
            className,
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
