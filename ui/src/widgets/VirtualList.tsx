import { useVirtualizer } from "@tanstack/react-virtual";
import { clsx } from "clsx";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useLayoutEffect, useRef } from "react";

interface VirtualListProps<Row> {
  /** What is listed, for screen readers. */
  label: string;
  rows: readonly Row[];
  rowKey: (row: Row) => number;
  rowHeight: number;
  selected: number | null;
  onSelect: (row: Row) => void;
  /** Enter or double click. */
  onActivate?: (row: Row) => void;
  /** Delete. */
  onRemove?: (row: Row) => void;
  /** Space, where rows can be marked beside the one that is chosen. */
  onMark?: (row: Row) => void;
  marked?: (row: Row) => boolean;
  /** The end has come into view. */
  onEnd?: () => void;
  children: (row: Row, current: boolean) => ReactNode;
  /** Attributes of a row, for tests. */
  rowData?: (row: Row) => { "data-testid": string; "data-article-id"?: number; "data-run-id"?: number };
  testId?: string;
}

/** Rows left below the view when more are asked for. */
const NEAR_END = 12;

/** A list of any length of which one row is chosen. Arrows or j and k, Page, Home and End move the choice. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { rows, rowKey, rowHeight, selected, onSelect, onActivate, onRemove, onEnd } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 600, height: 800 },
  });
  const items = virtual.getVirtualItems();
  const current = rows.findIndex((row) => rowKey(row) === selected);
  useKeepPlace(scroller, rows, rowKey, rowHeight);

  const scrollToCurrent = useRef<(() => void) | null>(null);
  scrollToCurrent.current = () => {
    if (current >= 0) virtual.scrollToIndex(current);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another choice scrolls, not new rows around it
  useEffect(() => scrollToCurrent.current?.(), [selected]);

  const lastShown = items.at(-1)?.index ?? 0;
  const nearEnd = rows.length > 0 && lastShown >= rows.length - NEAR_END;
  const end = useRef(onEnd);
  end.current = onEnd;
  // biome-ignore lint/correctness/useExhaustiveDependencies: longer rows may have their end in view again
  useEffect(() => {
    if (nearEnd) end.current?.();
  }, [nearEnd, rows.length]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / rowHeight) - 1);
    const active = rows[current];
    if (event.key === "Enter" && active !== undefined) onActivate?.(active);
    if (event.key === " " && active !== undefined && props.onMark) {
      event.preventDefault();
      props.onMark(active);
    }
    if (event.key === "Delete" && active !== undefined) onRemove?.(active);
    const row = rows[targetOf(event.key, current, page, rows.length) ?? -1];
    if (row === undefined) return;
    event.preventDefault();
    onSelect(row);
  };

  return (
    <div
      ref={scroller}
      role="listbox"
      aria-label={props.label}
      aria-activedescendant={items.some((item) => item.index === current) ? `${id}-${current}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      data-testid={props.testId}
      className="relative min-h-0 flex-1 overflow-y-auto focus-visible:-outline-offset-2"
    >
      <div role="presentation" className="relative" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const isCurrent = item.index === current;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list handles the keys of all its rows
            <div
              key={rowKey(row)}
              id={`${id}-${item.index}`}
              role="option"
              tabIndex={-1}
              aria-selected={isCurrent}
              {...(props.marked ? { "aria-checked": props.marked(row) } : {})}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              onClick={() => onSelect(row)}
              onDoubleClick={() => onActivate?.(row)}
              className={clsx("absolute inset-x-0 outline-none", isCurrent ? "bg-selected" : "hover:bg-hover")}
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              {...props.rowData?.(row)}
            >
              {props.children(row, isCurrent)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

/** Rows that come in above must not move what is being read. */
function useKeepPlace<Row>(
  scroller: { readonly current: HTMLDivElement | null },
  rows: readonly Row[],
  rowKey: (row: Row) => number,
  rowHeight: number,
) {
  const first = useRef<number | null>(null);
  useLayoutEffect(() => {
    const element = scroller.current;
    const before = first.current;
    const top = rows[0];
    first.current = top === undefined ? null : rowKey(top);
    if (!element || before === null || element.scrollTop === 0) return;
    const added = rows.findIndex((row) => rowKey(row) === before);
    if (added > 0) element.scrollTop += added * rowHeight;
  }, [scroller, rows, rowKey, rowHeight]);
}

/** The row that a key leads to; null for keys that lead nowhere. */
export function targetOf(key: string, current: number, page: number, count: number): number | null {
  const moves: Record<string, number> = {
    ArrowDown: current + 1,
    j: current + 1,
    ArrowUp: current - 1,
    k: current - 1,
    PageDown: current + page,
    PageUp: current - page,
    Home: 0,
    End: count - 1,
  };
  const wanted = moves[key];
  return wanted === undefined || count === 0 ? null : Math.min(count - 1, Math.max(0, wanted));
}
