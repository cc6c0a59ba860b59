import { clsx } from "clsx";
import { StickyNote } from "lucide-react";
import type { RunDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { PanelHead } from "../../widgets/PanelHead";
import { VirtualList } from "../../widgets/VirtualList";
import { paramsInShort } from "./form";

interface RunListProps {
  runs: readonly RunDto[];
  current: number | null;
  nameOf: (strategy: string) => string;
  onChoose: (run: RunDto) => void;
  onRemove: (run: RunDto) => void;
}

const keyOf = (run: RunDto) => run.id;

/** Stored runs, newest first, with their parameters and their return. */
export function RunList({ runs, current, nameOf, onChoose, onRemove }: RunListProps) {
  const text = useText().backtest.runs;
  const format = useFormat();
  return (
    <div className="flex min-h-0 flex-1 flex-col border-line border-t">
      <PanelHead title={text.title} aside={runs.length > 0 ? format.count(runs.length) : ""} />
      {runs.length === 0 ? (
        <p className="p-3 text-12 text-faint">{text.none}</p>
      ) : (
        <VirtualList
          label={text.title}
          rows={runs}
          rowKey={keyOf}
          rowHeight={28}
          selected={current}
          onSelect={onChoose}
          onRemove={onRemove}
          testId="run-list"
          rowData={(run) => ({ "data-testid": "run-row", "data-run-id": run.id })}
        >
          {(run) => (
            <div
              className="grid h-full grid-cols-[minmax(0,1fr)_auto] items-center gap-2 px-3 text-12"
              title={text.details(
                `${run.symbol} ${run.interval}`,
                format.date(run.from),
                format.date(run.to),
                format.dateTime(run.finished),
              )}
            >
              <span className="flex min-w-0 items-center gap-1.5">
                <span className="truncate font-medium">{nameOf(run.strategy)}</span>
                <span className="shrink-0 text-faint tabular-nums">{paramsInShort(run)}</span>
                {run.note !== "" && (
                  <StickyNote className="size-3 shrink-0 text-faint" role="img" aria-label={text.noted(run.note)} />
                )}
              </span>
              <span className={clsx("tabular-nums", run.totalReturn < 0 ? "text-loss" : "text-gain")}>
                {format.change(run.totalReturn, 1)}
              </span>
            </div>
          )}
        </VirtualList>
      )}
    </div>
  );
}
