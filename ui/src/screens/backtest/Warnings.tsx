import { TriangleAlert } from "lucide-react";
import { useText } from "../../i18n/text";
import { Popover } from "../../widgets/Popover";

/** What to know before the figures are believed: the first in full, all of them on demand. */
export function Warnings({ warnings }: { warnings: readonly string[] }) {
  const text = useText().backtest.report;
  const first = warnings[0];
  if (first === undefined) return null;
  return (
    <div
      role="note"
      data-testid="report-warnings"
      className="flex h-7 shrink-0 items-center gap-2 border-line border-b bg-raised px-3 text-11 text-warn"
    >
      <TriangleAlert className="size-3.5 shrink-0" aria-hidden />
      <span className="min-w-0 truncate" title={first}>
        {first}
      </span>
      {warnings.length > 1 && (
        <Popover
          label={text.warnings(warnings.length)}
          align="end"
          className="w-[420px] p-3"
          trigger={
            <button type="button" className="ml-auto shrink-0 rounded-sm underline underline-offset-2 hover:text-fg">
              {text.warnings(warnings.length)}
            </button>
          }
        >
          <ul className="grid gap-2 text-12 leading-[17px]">
            {warnings.map((warning) => (
              <li key={warning} className="select-text">
                {warning}
              </li>
            ))}
          </ul>
        </Popover>
      )}
    </div>
  );
}
