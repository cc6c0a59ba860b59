import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { Check, Plus } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useState } from "react";
import type { SymbolDto, WatchRowDto, WatchSymbolDto } from "../../backend/bindings";
import { problemOf } from "../../backend/client";
import { queries } from "../../backend/queries";
import { watchKey } from "../../backend/useWatchlist";
import { useText } from "../../i18n/text";
import { IconButton } from "../../widgets/Button";
import { explain } from "../../widgets/ErrorView";
import { TextInput } from "../../widgets/Field";
import { Popover } from "../../widgets/Popover";
import { Segmented } from "../../widgets/Segmented";

interface WatchlistAddProps {
  rows: readonly WatchRowDto[];
  onAdd: (symbol: WatchSymbolDto) => void;
}

/** Adds any symbol of any venue; several in a row. */
export function WatchlistAdd({ rows, onAdd }: WatchlistAddProps) {
  const text = useText().chart.watchlist;
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={text.addTitle}
      open={open}
      onOpenChange={setOpen}
      className="w-80"
      testId="watchlist-search"
      trigger={
        <IconButton label={text.add} data-testid="watchlist-add">
          <Plus />
        </IconButton>
      }
    >
      <Search rows={rows} onAdd={onAdd} />
    </Popover>
  );
}

function Search({ rows, onAdd }: WatchlistAddProps) {
  const all = useText();
  const text = all.chart.watchlist;
  const venues = useQuery(queries.venues()).data ?? [];
  const [chosen, setVenue] = useState<string | null>(null);
  const venue = venues.find((one) => one.id === chosen) ?? venues[0];
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const wanted = useDeferredValue(typed);
  const query = useQuery({ ...queries.symbols(venue?.id ?? null, wanted), enabled: venue !== undefined, retry: false });
  const found = query.data ?? [];
  const watched = (symbol: SymbolDto) =>
    rows.some((row) => watchKey(row) === watchKey({ venue: venue?.id ?? "", symbol: symbol.symbol }));
  const add = (symbol: SymbolDto | undefined) => {
    if (symbol && venue && !watched(symbol)) onAdd({ venue: venue.id, symbol: symbol.symbol });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(found.length - 1, active + 1));
    else if (event.key === "ArrowUp") setActive(Math.max(0, active - 1));
    else if (event.key === "Enter") add(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <div className="grid gap-2 p-2">
      <TextInput
        autoFocus
        role="combobox"
        aria-label={text.search}
        aria-expanded
        aria-controls="watchlist-found"
        aria-activedescendant={found.length > 0 ? `watchlist-found-${active}` : undefined}
        placeholder={text.search}
        value={typed}
        onValue={(next) => {
          setTyped(next.toUpperCase());
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        data-testid="watchlist-query"
      />
      {venues.length > 1 && venue && (
        <Segmented
          wide
          label={all.data.fetchDialog.venue}
          value={venue.id}
          onChange={(next) => {
            setVenue(next);
            setActive(0);
          }}
          choices={venues.map((one) => ({ value: one.id, label: one.name, testId: `watch-venue-${one.id}` }))}
        />
      )}
      <div id="watchlist-found" role="listbox" aria-label={text.addTitle} className="-mx-1 max-h-72 overflow-y-auto">
        {found.map((symbol, index) => (
          <div
            key={symbol.symbol}
            id={`watchlist-found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            data-testid="watchlist-option"
            onPointerDown={(event) => {
              event.preventDefault();
              setActive(index);
              add(symbol);
            }}
            className={clsx("flex h-7 items-center gap-2 rounded-sm px-2 text-12", index === active && "bg-hover")}
          >
            <span className="font-medium">{symbol.symbol}</span>
            <span className="ml-auto truncate text-11 text-faint">
              {watched(symbol)
                ? text.added
                : symbol.trading
                  ? `${symbol.base} / ${symbol.quote}`
                  : `${all.data.fetchDialog.notTrading} (${symbol.status})`}
            </span>
            {watched(symbol) && <Check className="size-3.5 shrink-0 text-accent" aria-hidden />}
          </div>
        ))}
      </div>
      {query.isError && <p className="px-1 text-11 text-warn">{explain(problemOf(query.error), all).title}</p>}
      {query.data?.length === 0 && venue && (
        <p className="px-1 text-11 text-warn">{all.data.fetchDialog.noSymbol(venue.name)}</p>
      )}
    </div>
  );
}
