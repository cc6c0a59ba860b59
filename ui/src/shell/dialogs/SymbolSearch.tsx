import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useDeferredValue, useState } from "react";
import type { VenueDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { TextInput } from "../../widgets/Field";

interface SymbolSearchProps {
  id: string;
  venue: VenueDto;
  value: string;
  onValue: (symbol: string) => void;
}

/** The venue's symbols that fit what is typed. Works without a network too: the typed text is the symbol. */
export function SymbolSearch({ id, venue, value, onValue }: SymbolSearchProps) {
  const text = useText().data.fetchDialog;
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const typed = useDeferredValue(value);
  const query = useQuery({
    ...queries.symbols(venue.id, typed),
    enabled: typed.trim() !== "",
    retry: false,
    placeholderData: keepPreviousData,
  });
  // Until the answer for what is typed is there, those of the last one that fit it too.
  const fitting = query.isPlaceholderData
    ? query.data?.filter(({ symbol }) => symbol.includes(value.trim().toUpperCase()))
    : query.data;
  const found = fitting?.slice(0, 8) ?? [];
  const choose = (symbol: string) => {
    onValue(symbol);
    setOpen(false);
  };
  return (
    <div className="relative">
      <TextInput
        id={id}
        role="combobox"
        aria-expanded={open && found.length > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        autoFocus
        value={value}
        placeholder={venue.example}
        unit={text.symbolHint}
        data-testid="fetch-symbol"
        onValue={(next) => {
          onValue(next.toUpperCase());
          setOpen(true);
          setActive(0);
        }}
        onBlur={() => setOpen(false)}
        onKeyDown={(event) => {
          // While an answer is awaited, Enter takes what is typed; it does not send the form from under the list.
          if (!open || (found.length === 0 && !query.isFetching)) return;
          if (event.key === "ArrowDown") setActive((active + 1) % Math.max(found.length, 1));
          else if (event.key === "ArrowUp") setActive(Math.max(0, active - 1 + (active === 0 ? found.length : 0)));
          else if (event.key === "Enter") choose(found[active]?.symbol ?? value);
          else if (event.key === "Escape") setOpen(false);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {open && found.length > 0 && (
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={text.symbol}
          className="absolute inset-x-0 top-8 z-10 rounded-md bg-raised p-1 shadow-float"
        >
          {found.map((known, index) => (
            <div
              key={known.symbol}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onPointerDown={(event) => {
                event.preventDefault();
                choose(known.symbol);
              }}
              className={clsx("flex h-7 items-center gap-2 rounded-sm px-2 text-13", index === active && "bg-hover")}
            >
              {known.symbol}
              <span className="ml-auto text-11 text-faint">
                {known.trading ? `${known.base} / ${known.quote}` : `${text.notTrading} (${known.status})`}
              </span>
            </div>
          ))}
        </div>
      )}
      {query.isError && <p className="mt-1 text-11 text-warn">{text.searchFailed}</p>}
      {query.data?.length === 0 && !query.isPlaceholderData && (
        <p className="mt-1 text-11 text-warn">{text.noSymbol(venue.name)}</p>
      )}
    </div>
  );
}
