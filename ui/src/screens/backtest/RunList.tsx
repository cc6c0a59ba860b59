import { clsx } from "clsx";
import { Check, Scale, StickyNote, X } from "lucide-react";
import type { RunDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { symbolsInFull, symbolsInShort } from "../../runSymbols";
import { useFormat } from "../../useFormat";
import { Button, IconButton } from "../../widgets/Button";
import { PanelHead } from "../../widgets/PanelHead";
import { showNote } from "../../widgets/toast";
import { VirtualList } from "../../widgets/VirtualList";
import { paramsInShort } from "./form";
import { MOST_COMPARED, setCompared, toggleCompared, useForm } from "./formStore";

interface RunListProps {
  runs: readonly RunDto[];
  current: number | null;
  nameOf: (strategy: string) => string;
  onChoose: (run: RunDto) => void;
  onRemove: (run: RunDto) => void;
  onCompare: () => void;
}

const keyOf = (run: RunDto) => run.id;

/** Stored runs, newest first, with their parameters and their return. */
export function RunList({ runs, current, nameOf, onChoose, onRemove, onCompare }: RunListProps) {
  const text = useText().backtest.runs;
  const format = useFormat();
  const compared = useForm((state) => state.compared);
  const mark = (run: RunDto) => {
    if (!toggleCompared(run.id)) showNote(text.mostCompared(MOST_COMPARED));
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col border-line border-t">
      <PanelHead title={text.title} aside={compared.length === 0 && runs.length > 0 ? format.count(runs.length) : ""}>
        {compared.length > 0 && (
          <>
            <Button
              icon={<Scale />}
              className="h-6"
              disabled={compared.length < 2}
              title={compared.length < 2 ? text.compareMore : undefined}
              onClick={onCompare}
              data-testid="compare-runs"
            >
              {text.compare(compared.length)}
            </Button>
            <IconButton label={text.compareNone} className="size-6" onClick={() => setCompared([])}>
              <X />
            </IconButton>
          </>
        )}
      </PanelHead>
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
          onMark={mark}
          marked={(run) => compared.includes(run.id)}
          testId="run-list"
          rowData={(run) => ({ "data-testid": "run-row", "data-run-id": run.id })}
        >
          {(run) => (
            <div
              className="grid h-full grid-cols-[minmax(0,1fr)_auto] items-center gap-2 px-3 text-12"
              title={`${nameOf(run.strategy)} ${paramsInShort(run)}\n${text.details(
                `${symbolsInFull(run)} ${run.interval}`,
                format.date(run.from),
                format.date(run.to),
                format.dateTime(run.finished),
              )}`}
            >
              <span className="flex min-w-0 items-center gap-1.5">
                {/* biome-ignore lint/a11y/noStaticElementInteractions: Space does it for the keyboard, the row says its state */}
                <span
                  title={text.mark}
                  onClick={(event) => {
                    event.stopPropagation();
                    mark(run);
                  }}
                  onKeyDown={undefined}
                  data-testid="run-mark"
                  className={clsx(
                    "grid size-4 shrink-0 place-items-center rounded-sm border",
                    compared.includes(run.id)
                      ? "border-accent bg-accent text-on-accent"
                      : "border-edge hover:bg-raised",
                  )}
                >
                  {compared.includes(run.id) && <Check className="size-3" aria-hidden />}
                </span>
                <span className="truncate font-medium">{nameOf(run.strategy)}</span>
                <span className="shrink-0 text-faint tabular-nums">{paramsInShort(run)}</span>
                {run.others.length > 0 && (
                  <span className="shrink-0 text-11 text-faint tabular-nums" data-testid="run-symbols">
                    <span className="sr-only">{symbolsInShort(run)}</span>
                    <span aria-hidden>+{run.others.length}</span>
                  </span>
                )}
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
