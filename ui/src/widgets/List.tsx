import { clsx } from "clsx";
import type { ButtonHTMLAttributes, KeyboardEvent, ReactNode } from "react";

/** Moves the focus among the rows of a list with the arrow keys. */
function moveFocus(event: KeyboardEvent<HTMLElement>) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const focused = document.activeElement;
  const at = focused instanceof HTMLElement ? rows.indexOf(focused) : -1;
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Rows of which one is current. Arrow keys move, Enter chooses. */
export function List({
  label,
  children,
  className,
  testId,
}: {
  label: string;
  children: ReactNode;
  className?: string;
  testId?: string;
}) {
  return (
    <ul
      aria-label={label}
      data-testid={testId}
      onKeyDown={moveFocus}
      className={clsx("min-h-0 overflow-y-auto", className)}
    >
      {children}
    </ul>
  );
}

interface ListRowProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  current?: boolean;
  /** Columns, as of CSS grid. */
  columns?: string;
  /** A control of its own at the end, shown on hover and focus. */
  extra?: ReactNode;
}

/** One row, 28 px high. */
export function ListRow({ current = false, columns, extra, className, children, style, ...rest }: ListRowProps) {
  return (
    <li className="group relative">
      <button
        type="button"
        data-row
        aria-current={current || undefined}
        className={clsx(
          "grid h-7 w-full items-center px-3 text-left text-12 focus-visible:-outline-offset-2",
          current ? "bg-selected" : "hover:bg-hover",
          className ?? "gap-2",
        )}
        style={{ gridTemplateColumns: columns ?? "minmax(0,1fr) auto", ...style }}
        {...rest}
      >
        {children}
      </button>
      {extra}
    </li>
  );
}
