import { clsx } from "clsx";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef } from "react";
import type { SweepRowDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import {
  bestRow,
  type HeatFigure,
  type HeatMap,
  heatColour,
  heatLook,
  heatScale,
  heatStep,
  heatValue,
} from "./sweepHeat";

interface SweepMapProps {
  map: HeatMap;
  rows: readonly SweepRowDto[];
  /** Of each row the figure, and all of it in words. */
  said: readonly { words: string; figure: string }[];
  figure: HeatFigure;
  /** Where the chosen one is said in words. */
  describedBy: string;
  selected: number;
  onSelect: (row: number) => void;
  onOpen: ((row: number) => void) | null;
}

/** One or two parameters as a coloured grid. Arrow keys move over it, Enter opens. */
export function SweepMap({ map, rows, said, figure, describedBy, selected, onSelect, onOpen }: SweepMapProps) {
  const text = useText().sweep.heat;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const look = heatLook(map);
  const { best, colours } = useMemo(() => {
    const scale = heatScale(rows, figure);
    const colours = rows.map((row) => {
      const value = heatValue(row, figure);
      return value === null ? null : heatColour(value, scale, figure);
    });
    return { best: bestRow(rows, figure), colours };
  }, [rows, figure]);
  const move = (event: KeyboardEvent) => {
    if (event.key === "Enter") onOpen?.(selected);
    const next = heatStep(event.key, selected, map.columns.length, rows.length);
    if (next === null) return;
    event.preventDefault();
    onSelect(next);
    const cell = scroller.current?.querySelector(`[data-row="${next}"]`);
    cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={text.label(text.figures[figure])}
      aria-describedby={describedBy}
      aria-activedescendant={`${id}-${selected}`}
      aria-rowcount={map.rows.length + 1}
      aria-colcount={map.columns.length + 1}
      tabIndex={0}
      onKeyDown={move}
      className="min-h-0 flex-1 overflow-auto px-3 pb-1 text-11 focus-visible:-outline-offset-2"
      data-testid="sweep-map"
    >
      <div role="rowgroup" className="grid min-w-fit" style={{ gap: look.gap }}>
        <Line columns={map.columns.length} gap={look.gap}>
          <span role="columnheader" tabIndex={-1} className="truncate text-faint">
            {map.down === null ? "" : `${map.down} ↓`} {map.across} →
          </span>
          {map.columns.map((value, at) => (
            <span
              key={value}
              role="columnheader"
              tabIndex={-1}
              aria-label={String(value)}
              className={clsx("text-faint tabular-nums", look.figures ? "truncate text-center" : "w-0 text-nowrap")}
              title={`${map.across} ${value}`}
            >
              {at % look.columnsNamed === 0 ? value : ""}
            </span>
          ))}
        </Line>
        {map.rows.map((value, line) => (
          <Line key={value ?? "only"} columns={map.columns.length} gap={look.gap}>
            <span
              role="rowheader"
              tabIndex={-1}
              aria-label={String(value ?? text.figures[figure])}
              className="pr-1 text-right text-faint tabular-nums"
              style={{ height: look.cell, lineHeight: `${look.cell}px` }}
            >
              {line % look.linesNamed === 0 ? (value ?? text.figures[figure]) : ""}
            </span>
            {map.cells[line]?.map((index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of all its cells
              <span
                key={index}
                id={`${id}-${index}`}
                role="gridcell"
                tabIndex={-1}
                aria-selected={index === selected}
                aria-label={said[index]?.words}
                title={said[index]?.words}
                data-row={index}
                data-best={index === best || undefined}
                onClick={() => onSelect(index)}
                onDoubleClick={() => onOpen?.(index)}
                className={clsx(
                  "truncate text-center tabular-nums outline-none",
                  look.figures ? "rounded-[3px]" : "rounded-[1px]",
                  index === best && "font-semibold underline underline-offset-2",
                  index === selected && "shadow-[inset_0_0_0_2px_var(--color-accent)]",
                  colours[index] === null && "text-faint",
                )}
                style={{
                  height: look.cell,
                  lineHeight: `${look.cell}px`,
                  background: colours[index] ?? undefined,
                }}
              >
                {look.figures ? said[index]?.figure : index === best ? "•" : ""}
              </span>
            ))}
          </Line>
        ))}
      </div>
    </div>
  );
}

/** A header and as many cells as there are values, all as wide as each other. */
function Line({ columns, gap, children }: { columns: number; gap: number; children: ReactNode }) {
  return (
    <div
      role="row"
      tabIndex={-1}
      className="grid items-center"
      style={{ gap, gridTemplateColumns: `72px repeat(${columns}, minmax(14px, 1fr))` }}
    >
      {children}
    </div>
  );
}
