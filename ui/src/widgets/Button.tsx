import { clsx } from "clsx";
import type { ButtonHTMLAttributes, ReactNode, Ref } from "react";
import { Tooltip } from "./Tooltip";

type Kind = "plain" | "primary" | "ghost" | "danger";

const LOOK: Record<Kind, string> = {
  plain: "border-edge bg-raised text-fg hover:bg-hover",
  primary: "border-accent bg-accent text-on-accent hover:brightness-110",
  ghost: "border-transparent bg-transparent text-muted hover:bg-hover hover:text-fg",
  danger: "border-danger-fill bg-danger-fill text-on-danger hover:brightness-110",
};

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: Kind;
  icon?: ReactNode;
  /** Keys that do the same, shown inside. */
  keys?: string;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ kind = "plain", icon, keys, className, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={clsx(
        "inline-flex h-7 shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-md border px-2.5 text-12 font-medium transition-colors",
        "disabled:pointer-events-none disabled:opacity-45 [&_svg]:size-3.5 [&_svg]:shrink-0",
        LOOK[kind],
        className,
      )}
      {...rest}
    >
      {icon}
      {children}
      {keys !== undefined && (
        <kbd className="rounded-sm border border-current/25 px-1 font-sans text-11 leading-4">{keys}</kbd>
      )}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** What it does: its accessible name and its tooltip. */
  label: string;
  keys?: string;
  active?: boolean;
  ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ label, keys, active, className, children, type = "button", ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} {...(keys === undefined ? {} : { keys })}>
      <button
        type={type}
        aria-label={label}
        {...(active === undefined ? {} : { "aria-pressed": active })}
        className={clsx(
          "grid size-7 shrink-0 place-items-center rounded-md text-faint transition-colors hover:bg-hover hover:text-fg [&_svg]:size-4",
          "disabled:pointer-events-none disabled:opacity-40",
          active && "bg-hover text-fg",
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Tooltip>
  );
}
