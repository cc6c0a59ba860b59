import { clsx } from "clsx";
import type { LedgerDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { CoverageStrip } from "./CoverageStrip";

/** The coverage of a series with its ends and what its patterns mean. */
export function CoveragePanel({ ledger }: { ledger: LedgerDto }) {
  const text = useText().data.coverage;
  const format = useFormat();
  const kinds = [
    ["cover-present", ledger.present, text.present],
    ["cover-absent", ledger.absent, text.absent],
    ["cover-pending", ledger.pending, text.pending],
  ] as const;
  return (
    <div className="grid gap-1 px-3 pt-2.5 pb-1" data-testid="coverage-panel">
      <CoverageStrip cells={ledger.strip} className="h-5" hints />
      <div className="flex justify-between text-11 text-faint tabular-nums">
        <span>{format.date(ledger.from)}</span>
        <span>{format.date(ledger.to)}</span>
      </div>
      <ul className="flex flex-wrap gap-x-3 gap-y-0.5 pt-0.5 text-11">
        {kinds.map(([look, count, word]) => (
          <li key={look} className={clsx("flex items-center gap-1.5", count === 0 ? "text-faint" : "text-muted")}>
            <span className={clsx("h-2.5 w-3 rounded-[2px]", look)} aria-hidden />
            <span className="font-medium tabular-nums">{format.count(count)}</span> {word}
          </li>
        ))}
      </ul>
    </div>
  );
}
