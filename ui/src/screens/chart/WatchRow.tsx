import { clsx } from "clsx";
import { X } from "lucide-react";
import type { KeyboardEvent, PointerEvent } from "react";
import type { WatchRowDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { ListRow } from "../../widgets/List";
import { SentimentSquare } from "../../widgets/Pill";
import { venueName, venueTag } from "./venueName";

/** Freshness, symbol, last price, change, sentiment. */
export const COLUMNS = "6px minmax(0,1fr) 72px 52px 8px";

/** A filled dot is live, a ring is stored, a broken ring is stale. */
const FRESHNESS: Record<WatchRowDto["state"], string> = {
  live: "bg-accent",
  stale: "border border-warn border-dashed",
  stored: "border border-edge",
};

interface WatchRowProps {
  row: WatchRowDto;
  current: boolean;
  dragged: boolean;
  onOpen: () => void;
  /** Null where the symbol must stay. */
  onRemove: (() => void) | null;
  onMove: (by: number) => void;
  onPointerDown: (event: PointerEvent) => void;
}

/** One watched symbol. */
export function WatchRow(props: WatchRowProps) {
  const { row, current, dragged, onOpen, onRemove, onMove, onPointerDown } = props;
  const all = useText();
  const text = all.chart.watchlist;
  const format = useFormat();
  const { change24h, sentiment24h, at, state } = row;
  const tag = venueTag(row.venue, all.chart);
  const fresh = at === null ? text.states.waiting : text.states[state](format.dateTime(at));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (by !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      onMove(by);
    } else if (event.key === "Delete") {
      onRemove?.();
    }
  };
  return (
    <ListRow
      current={current}
      columns={COLUMNS}
      className={clsx(
        "gap-1.5 touch-pan-y",
        dragged && "cursor-grabbing bg-raised shadow-[inset_0_0_0_1px_var(--color-edge)]",
      )}
      data-testid="watchlist-row"
      data-symbol={row.symbol}
      data-venue={row.venue}
      data-state-name={state}
      title={`${row.symbol} · ${venueName(row.venue, all.chart)} · ${fresh}`}
      aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete"
      onClick={onOpen}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      extra={
        onRemove && (
          <button
            type="button"
            aria-label={text.remove(row.symbol)}
            onClick={onRemove}
            className="absolute top-1 right-0 hidden size-5 place-items-center rounded-sm bg-hover text-faint hover:text-fg focus-visible:grid group-hover:grid"
          >
            <X className="size-3" aria-hidden />
          </button>
        )
      }
    >
      <span className={clsx("size-1.5 rounded-full", FRESHNESS[state])}>
        <span className="sr-only">{fresh}</span>
      </span>
      <span className="flex min-w-0 items-baseline gap-1">
        <span className="truncate font-medium">{row.symbol}</span>
        {tag !== null && <span className="shrink-0 text-11 text-faint">{tag}</span>}
      </span>
      <span className={clsx("text-right tabular-nums", state === "stale" && "text-faint")} data-testid="watch-last">
        {format.number(row.last, row.priceDecimals)}
      </span>
      <span
        className={clsx(
          "text-right tabular-nums",
          change24h === null ? "text-faint" : change24h < 0 ? "text-loss" : "text-gain",
        )}
      >
        {format.change(change24h)}
      </span>
      <SentimentSquare
        score={sentiment24h}
        label={sentiment24h === null ? text.noSentiment : text.sentiment(format.score(sentiment24h))}
      />
    </ListRow>
  );
}
