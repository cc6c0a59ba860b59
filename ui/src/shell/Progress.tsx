import { clsx } from "clsx";

/** How far something is; without a known end the bar only says that it moves. */
export function Progress({
  done,
  total,
  label,
  className,
}: {
  done: number;
  total: number | null;
  label: string;
  className?: string;
}) {
  const share = total ? Math.min(1, done / total) : null;
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(share === null ? {} : { "aria-valuenow": Math.round(share * 100) })}
      className={clsx("inline-block h-1 shrink-0 overflow-hidden rounded-full bg-edge", className)}
    >
      <span
        className={clsx(
          "block h-full rounded-full bg-accent",
          share === null && "w-1/3 animate-[pulse-soft_1.2s_infinite]",
        )}
        {...(share === null ? {} : { style: { width: `${share * 100}%` } })}
      />
    </span>
  );
}
