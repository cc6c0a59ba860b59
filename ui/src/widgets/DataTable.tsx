import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { type KeyboardEvent, type ReactNode, useId, useMemo, useRef, useState } from "react";
import { HeaderCell } from "./HeaderCell";

export interface Column<Row> {
  id: string;
  header: ReactNode;
  /** What the column's figures mean, on hover and focus. */
  about?: string;
  cell: (row: Row) => ReactNode;
  /** CSS grid width: "96px", "minmax(0,1fr)". */
  width: string;
  /** Figures stand right-aligned under right-aligned headers. */
  align?: "left" | "right";
  /** Makes the header a button that sorts by this. */
  sortBy?: (row: Row) => number | string;
}

export interface Sort {
  column: string;
  descending: boolean;
}

interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  selected?: string | number | null;
  onSelect?: (row: Row) => void;
  /** A single click, where it does more than `onSelect`, which arrow keys call too. */
  onRowClick?: (row: Row) => void;
  /** Double click or Enter. */
  onActivate?: (row: Row) => void;
  rowHeight?: number;
  initialSort?: Sort;
  testId?: string;
  rowTestId?: string;
}

/** A table of any length: only rows in view are built. Arrow keys, Page, Home and End move the selection. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, rowKey, selected = null, onSelect, onRowClick, onActivate, rowHeight = 28 } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [sort, setSort] = useState<Sort | null>(props.initialSort ?? null);
  const sorted = useMemo(() => sortRows(rows, columns, sort), [rows, columns, sort]);
  const template = columns.map((column) => column.width).join(" ");
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollPaddingStart: rowHeight,
    initialRect: { width: 800, height: 600 },
  });
  const current = sorted.findIndex((row) => rowKey(row) === selected);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 2);
    const target = targetOf(event.key, current, page, sorted.length);
    const active = sorted[current];
    if (event.key === "Enter" && active !== undefined) onActivate?.(active);
    if (target === null) return;
    const row = sorted[target];
    if (row === undefined) return;
    event.preventDefault();
    onSelect?.(row);
    virtual.scrollToIndex(target);
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={props.label}
      aria-rowcount={sorted.length + 1}
      aria-activedescendant={current >= 0 ? `${id}-${current}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid={props.testId}
      className="relative min-h-0 flex-1 overflow-auto text-12 focus-visible:-outline-offset-2"
    >
      <div role="rowgroup" className="sticky top-0 z-10 border-line border-b bg-panel">
        <div
          role="row"
          aria-rowindex={1}
          tabIndex={-1}
          className="grid h-7 items-center gap-3 px-3 text-11 text-faint"
          style={{ gridTemplateColumns: template }}
        >
          {columns.map((column) => (
            <HeaderCell key={column.id} column={column} sort={sort} onSort={setSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = sorted[item.index];
          if (row === undefined) return null;
          const isCurrent = item.index === current;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid handles the keys of all its rows
            <div
              key={rowKey(row)}
              id={`${id}-${item.index}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={item.index + 2}
              aria-selected={isCurrent}
              data-testid={props.rowTestId}
              onClick={() => {
                onSelect?.(row);
                onRowClick?.(row);
              }}
              onDoubleClick={() => onActivate?.(row)}
              className={clsx(
                "absolute inset-x-0 grid items-center gap-3 px-3 outline-none",
                isCurrent ? "bg-selected" : onSelect && "hover:bg-hover",
              )}
              style={{ gridTemplateColumns: template, height: rowHeight, transform: `translateY(${item.start}px)` }}
            >
              {columns.map((column) => (
                <div
                  key={column.id}
                  role="gridcell"
                  tabIndex={-1}
                  className={clsx("truncate outline-none", column.align === "right" && "text-right tabular-nums")}
                >
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function targetOf(key: string, current: number, page: number, count: number): number | null {
  const last = count - 1;
  const moves: Record<string, number> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: last,
  };
  const wanted = moves[key];
  return wanted === undefined || count === 0 ? null : Math.min(last, Math.max(0, wanted));
}

/** Rows in the order of a column; equal ones keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
): readonly Row[] {
  const by = columns.find((column) => column.id === sort?.column)?.sortBy;
  if (!by || !sort) return rows;
  const sign = sort.descending ? -1 : 1;
  return rows.toSorted((left, right) => {
    const [a, b] = [by(left), by(right)];
    return a < b ? -sign : a > b ? sign : 0;
  });
}
