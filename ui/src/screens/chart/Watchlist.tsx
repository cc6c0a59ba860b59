import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { X } from "lucide-react";
import type { SeriesDto } from "../../backend/bindings";
import { useSaveSettings, useSettings } from "../../backend/useSettings";
import { useText } from "../../i18n/text";
import { groupBySymbol, preferredSeries, type SymbolGroup } from "../../shell/paletteItems";
import { useFormat } from "../../useFormat";
import { List, ListRow } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { SentimentSquare } from "../../widgets/Pill";
import { WatchlistAdd } from "./WatchlistAdd";

const COLUMNS = "minmax(0,1fr) 68px 52px 8px";

/** The groups that are watched, in the person's order; all of them while no order was chosen. */
export function watchedGroups(all: readonly SeriesDto[], watchlist: readonly number[]): SymbolGroup[] {
  const groups = groupBySymbol(all);
  if (watchlist.length === 0) return groups;
  const order = watchlist.flatMap((id) => groups.find((group) => group.series.some((one) => one.id === id)) ?? []);
  return order.length > 0 ? [...new Set(order)] : groups;
}

const leadOf = (group: SymbolGroup) => preferredSeries(group)?.id ?? 0;

/** The symbols that are watched, with their last price, the day's change and the news' sentiment. */
export function Watchlist({ all, current }: { all: readonly SeriesDto[]; current: SeriesDto | null }) {
  const text = useText().chart.watchlist;
  const { watchlist } = useSettings();
  const { save } = useSaveSettings();
  const groups = watchedGroups(all, watchlist);
  const remove = (group: SymbolGroup) => {
    const rest = groups.filter((other) => other.key !== group.key);
    // An empty list stands for all series, so the last one stays.
    if (rest.length > 0) save({ watchlist: rest.map(leadOf) });
  };
  return (
    <>
      <PanelHead title={text.title} aside={groups.length || ""}>
        <WatchlistAdd
          groups={groupBySymbol(all).filter((group) => !groups.some((watched) => watched.key === group.key))}
          onAdd={(group) => save({ watchlist: [...groups.map(leadOf), leadOf(group)] })}
        />
      </PanelHead>
      <div
        className="grid h-7 shrink-0 items-center gap-1.5 px-3 text-11 text-faint"
        style={{ gridTemplateColumns: COLUMNS }}
        aria-hidden
      >
        <span>{text.symbol}</span>
        <span className="text-right">{text.last}</span>
        <span className="text-right">{text.change}</span>
      </div>
      <List label={text.title} testId="watchlist">
        {groups.map((group) => (
          <WatchlistRow
            key={group.key}
            group={group}
            current={current}
            onRemove={groups.length > 1 ? () => remove(group) : null}
          />
        ))}
      </List>
    </>
  );
}

interface WatchlistRowProps {
  group: SymbolGroup;
  current: SeriesDto | null;
  onRemove: (() => void) | null;
}

function WatchlistRow({ group, current, onRemove }: WatchlistRowProps) {
  const text = useText().chart.watchlist;
  const format = useFormat();
  const navigate = useNavigate();
  const isCurrent = current !== null && group.series.some((one) => one.id === current.id);
  const series = isCurrent ? current : preferredSeries(group, current?.interval);
  if (!series) return null;
  const { change24h, sentiment24h } = series;
  return (
    <ListRow
      current={isCurrent}
      columns={COLUMNS}
      className="gap-1.5"
      data-testid="watchlist-row"
      onClick={() => void navigate({ to: "/chart", search: { series: series.id } })}
      onKeyDown={(event) => {
        if (event.key === "Delete") onRemove?.();
      }}
      extra={
        onRemove && (
          <button
            type="button"
            aria-label={text.remove(group.symbol)}
            onClick={onRemove}
            className="absolute top-1 right-0 hidden size-5 place-items-center rounded-sm bg-hover text-faint hover:text-fg focus-visible:grid group-hover:grid"
          >
            <X className="size-3" aria-hidden />
          </button>
        )
      }
    >
      <span className="flex min-w-0 items-baseline gap-1 overflow-hidden">
        <span className="shrink-0 font-medium">{group.symbol}</span>
        {group.venue !== "binance" && (
          <span className="shrink-0 text-11 text-faint">{group.venue === "simulated" ? "sim" : group.venue}</span>
        )}
      </span>
      <span className="text-right tabular-nums">{format.number(series.lastPrice, series.priceDecimals)}</span>
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
