import { clsx } from "clsx";
import { useEffect, useState } from "react";
import { useText } from "../i18n/text";

/** How long something may take before its outline is shown: shorter waits would only flicker. */
const DELAY_MS = 150;

/** The outline of what is coming, after a moment. */
export function Skeleton({ rows = 8, className }: { rows?: number; className?: string }) {
  const text = useText();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={text.shell.states.loading} className={clsx("flex flex-col gap-3 p-3", className)}>
      {shown &&
        Array.from({ length: rows }, (_, row) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
            key={row}
            className="h-4 animate-[pulse-soft_1.4s_ease-in-out_infinite] rounded-sm bg-hover"
            style={{ width: `${92 - ((row * 17) % 40)}%` }}
          />
        ))}
    </div>
  );
}
