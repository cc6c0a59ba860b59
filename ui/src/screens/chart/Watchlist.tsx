import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import type { SeriesDto, WatchRowDto, WatchSymbolDto } from "../../backend/bindings";
import { useWatchlist, watchKey } from "../../backend/useWatchlist";
import { useText } from "../../i18n/text";
import { preferredSeries } from "../../shell/paletteItems";
import { List } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { QueryView } from "../../widgets/QueryView";
import { moved } from "./order";
import { useDragOrder } from "./useDragOrder";
import { WatchlistAdd } from "./WatchlistAdd";
import { COLUMNS, WatchRow } from "./WatchRow";

const ROW_HEIGHT = 28;

interface WatchlistProps {
  all: readonly SeriesDto[];
  /** The series on the chart. */
  current: SeriesDto | null;
  /** The symbol on the canvas that has no series. */
  unstored?: WatchSymbolDto | null;
}

/** The symbols that are watched, of any venue, with their figures of the last 24 hours. */
export function Watchlist({ all, current, unstored = null }: WatchlistProps) {
  const text = useText().chart.watchlist;
  const { query, set } = useWatchlist();
  const rows = query.data ?? [];
  return (
    <>
      <PanelHead title={text.title} aside={rows.length || ""}>
        <WatchlistAdd rows={rows} onAdd={(symbol) => set([...rows, symbol])} />
      </PanelHead>
      <div
        className="grid h-7 shrink-0 items-center gap-1.5 px-3 text-11 text-faint"
        style={{ gridTemplateColumns: COLUMNS }}
        aria-hidden
      >
        <span />
        <span>{text.symbol}</span>
        <span className="text-right">{text.last}</span>
        <span className="text-right">{text.change}</span>
      </div>
      <QueryView query={query}>
        {(found) =>
          found.length === 0 ? (
            <p className="p-3 text-12 text-faint">{text.empty}</p>
          ) : (
            <Rows rows={found} all={all} current={current} unstored={unstored} onOrder={set} />
          )
        }
      </QueryView>
    </>
  );
}

interface RowsProps extends Required<WatchlistProps> {
  rows: readonly WatchRowDto[];
  onOrder: (rows: readonly WatchRowDto[]) => void;
}

function Rows({ rows, all, current, unstored, onOrder }: RowsProps) {
  const text = useText().chart.watchlist;
  const navigate = useNavigate();
  const [said, setSaid] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const move = (from: number, to: number) => {
    const row = rows[from];
    if (!row || to < 0 || to >= rows.length) return;
    onOrder(moved(rows, from, to));
    setSaid(text.moved(row.symbol, to + 1, rows.length));
  };
  const { drag, onPointerDown } = useDragOrder(rows.length, ROW_HEIGHT, move);
  const remove = (index: number) => {
    onOrder(rows.filter((_, other) => other !== index));
    // The focus stays in the list, on the row that takes the place.
    requestAnimationFrame(() => {
      const left = list.current?.querySelectorAll<HTMLElement>("[data-row]");
      left?.[Math.min(index, left.length - 1)]?.focus();
    });
  };
  const open = (row: WatchRowDto) => {
    const series = all.filter((one) => row.seriesIds.includes(one.id));
    const lead = preferredSeries({ key: watchKey(row), ...row, series }, current?.interval);
    const search = lead ? { series: lead.id } : { venue: row.venue, symbol: row.symbol };
    void navigate({ to: "/chart", search });
  };
  const shown = drag ? moved(rows, drag.from, drag.to) : rows;
  const dragged = drag ? rows[drag.from] : undefined;
  return (
    <div ref={list} className="flex min-h-0 flex-1 flex-col">
      <List label={text.title} testId="watchlist" className="flex-1">
        {shown.map((row, index) => (
          <WatchRow
            key={watchKey(row)}
            row={row}
            current={
              (current !== null && row.seriesIds.includes(current.id)) ||
              (unstored !== null && watchKey(unstored) === watchKey(row))
            }
            dragged={row === dragged}
            onOpen={() => open(row)}
            onRemove={rows.length > 1 ? () => remove(index) : null}
            onMove={(by) => move(index, index + by)}
            onPointerDown={onPointerDown(index)}
          />
        ))}
      </List>
      <p className="sr-only" role="status">
        {said}
      </p>
    </div>
  );
}
