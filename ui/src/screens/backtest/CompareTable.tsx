import { clsx } from "clsx";
import { Check } from "lucide-react";
import { useState } from "react";
import type { RunDto, RunReportDto } from "../../backend/bindings";
import { lineToken } from "../../chart/chartTheme";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { Tooltip } from "../../widgets/Tooltip";
import { figureRows, inputRows } from "./compare";

interface CompareTableProps {
  reports: readonly RunReportDto[];
  nameOf: (strategy: string) => string;
  fullName: (run: RunDto) => string;
}

/** The figures of the runs with the best of each marked, then what they were made with. */
export function CompareTable({ reports, nameOf, fullName }: CompareTableProps) {
  const all = useText().backtest;
  const text = all.compare;
  const format = useFormat();
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const inputs = inputRows(reports, format, all, nameOf);
  const different = inputs.filter((row) => row.differs).length;
  const shown = onlyDifferent ? inputs.filter((row) => row.differs) : inputs;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2">
      <table className="w-full text-12" data-testid="compare-table">
        <thead className="sticky top-0 z-10 bg-panel">
          <tr className="h-8 border-line border-b">
            <th scope="col" className="px-3 text-left font-semibold">
              {text.figure}
            </th>
            {reports.map(({ run }, at) => (
              <th key={run.id} scope="col" className="px-3 text-right font-semibold" style={{ color: lineToken(at) }}>
                {fullName(run)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {figureRows(reports, format).map(({ id, values, best }) => (
            <tr key={id} className="h-7 border-line border-b hover:bg-hover" data-figure={id}>
              <th scope="row" className="px-3 text-left font-normal text-muted">
                <Tooltip text={text.figures[id].about}>
                  <button type="button" className="cursor-help rounded-sm">
                    {text.figures[id].name}
                  </button>
                </Tooltip>
              </th>
              {values.map((value, at) => (
                <td
                  key={reports[at]?.run.id}
                  data-best={best[at] || undefined}
                  className={clsx("px-3 text-right tabular-nums", best[at] && "font-semibold")}
                >
                  {best[at] && <Check className="mr-1 inline size-3 text-accent" role="img" aria-label={text.best} />}
                  {value}
                </td>
              ))}
            </tr>
          ))}
          <tr className="h-9 border-line border-b">
            <th scope="rowgroup" colSpan={reports.length + 1} className="px-3 text-left font-semibold">
              <span className="flex items-center gap-3">
                {text.inputsTitle}
                <span className="font-normal text-faint">{text.different(different)}</span>
                <label className="ml-auto flex items-center gap-1.5 font-normal text-muted">
                  <input
                    type="checkbox"
                    checked={onlyDifferent}
                    onChange={(event) => setOnlyDifferent(event.target.checked)}
                    data-testid="only-different"
                    className="accent-(--color-accent)"
                  />
                  {text.onlyDifferent}
                </label>
              </span>
            </th>
          </tr>
          {shown.map(({ label, values, full, differs }) => (
            <tr
              key={label}
              data-testid="input-row"
              data-differs={differs}
              className={clsx("h-7 border-line border-b", differs && "bg-selected")}
            >
              <th scope="row" className="px-3 text-left font-normal text-muted">
                {label}
                {differs && <span className="sr-only"> ({text.differs})</span>}
              </th>
              {values.map((value, at) => (
                <td
                  key={reports[at]?.run.id}
                  title={full[at] === value ? undefined : full[at]}
                  className={clsx("px-3 text-right tabular-nums", differs ? "font-medium" : "text-muted")}
                >
                  {value}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
