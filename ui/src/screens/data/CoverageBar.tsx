import { NONE } from "../../format";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";

/** How much of the span is stored. Full is quiet; what is missing stands out. */
export function CoverageBar({ share }: { share: number | null }) {
  const text = useText().data;
  const format = useFormat();
  if (share === null) return <span className="text-faint">{NONE}</span>;
  // 99.96 % is not all of it: round down, so that only what is whole reads as whole.
  const shown = share >= 1 ? `${format.count(100)}%` : `${format.number(Math.floor(share * 1_000) / 10, 1)}%`;
  return (
    <span className="flex items-center gap-2" title={text.coverage(shown)}>
      <span className="h-1 min-w-4 flex-1 overflow-hidden rounded-full bg-edge" aria-hidden>
        <span
          className={share < 1 ? "block h-full bg-warn" : "block h-full bg-faint"}
          style={{ width: `${share * 100}%` }}
        />
      </span>
      <span className="w-11 text-right text-muted tabular-nums">{shown}</span>
    </span>
  );
}
