import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import type { IndicatorDto, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { Dialog } from "../../widgets/Dialog";
import { targetOf } from "../../widgets/VirtualList";
import { findIndicators, type Shelf } from "./findIndicators";
import { IndicatorDetails } from "./IndicatorDetails";
import { IndicatorOption } from "./IndicatorOption";
import { ShelfList } from "./ShelfList";
import { addIndicator, toggleFavourite } from "./useIndicators";
import { usePlacing } from "./usePlacing";

const PAGE = 12;

interface IndicatorPickerProps {
  series: SeriesDto;
  open: boolean;
  onClose: () => void;
}

/** Every indicator of the catalogue: query, by shelf, explained, added. */
export function IndicatorPicker({ series, open, onClose }: IndicatorPickerProps) {
  const text = useText().chart.indicators;
  return (
    <Dialog open={open} onClose={onClose} title={text.title} width="widest" testId="indicator-picker" flush>
      {open && <Picker series={series} />}
    </Dialog>
  );
}

function Picker({ series }: { series: SeriesDto }) {
  const text = useText().chart.indicators;
  const id = useId();
  const known = useQuery(queries.indicators()).data;
  const favourites = usePreferences((state) => state.favouriteIndicators);
  const recent = usePreferences((state) => state.recentIndicators);
  const [shelf, setShelf] = useState<Shelf>("all");
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const [told, setTold] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const sections = useMemo(
    () => findIndicators(known ?? [], shelf, query, favourites, recent),
    [known, shelf, query, favourites, recent],
  );
  const rows = useMemo(
    () => sections.flatMap(({ group, indicators }) => indicators.map((indicator) => ({ group, indicator }))),
    [sections],
  );
  const place = Math.min(at, rows.length - 1);
  const active = rows[place]?.indicator ?? null;
  const placing = usePlacing(active, series);

  useEffect(() => {
    list.current?.querySelector(`[data-place="${place}"]`)?.scrollIntoView({ block: "nearest" });
  }, [place]);

  const add = (indicator: IndicatorDto | null) => {
    if (!indicator || indicator !== active || !placing.ready) return;
    addIndicator(placing.ready);
    setTold(text.added(indicator.title));
  };
  const narrow = (next: Shelf) => {
    setShelf(next);
    setAt(0);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter" && active) {
      event.preventDefault();
      if (event.altKey) toggleFavourite(active.id);
      else add(active);
      return;
    }
    // Letters, Home and End belong to the text.
    if (!event.key.startsWith("Arrow") && !event.key.startsWith("Page")) return;
    const next = targetOf(event.key, place, PAGE, rows.length);
    if (next === null) return;
    event.preventDefault();
    setAt(next);
  };
  return (
    <div className="grid h-[min(560px,calc(72vh-56px))] grid-cols-[168px_minmax(0,1fr)_300px] border-line border-t">
      <ShelfList all={known ?? []} shelf={shelf} onShelf={narrow} />
      <div className="flex min-h-0 flex-col">
        <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-3">
          <Search className="size-4 shrink-0 text-faint" aria-hidden />
          <input
            // biome-ignore lint/a11y/noAutofocus: the dialog is opened to type a name into it
            autoFocus
            role="combobox"
            aria-expanded
            aria-controls={`${id}-list`}
            aria-activedescendant={active ? `${id}-${place}` : undefined}
            aria-label={text.search}
            placeholder={text.search}
            value={query}
            onChange={(event) => {
              setQuery(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
            autoComplete="off"
            spellCheck={false}
            data-testid="indicator-search"
            className="h-full min-w-0 flex-1 bg-transparent text-13 outline-none"
          />
        </div>
        <div
          ref={list}
          id={`${id}-list`}
          role="listbox"
          aria-label={text.title}
          tabIndex={0}
          onKeyDown={onKeyDown}
          className="min-h-0 flex-1 overflow-y-auto py-1 focus-visible:-outline-offset-2"
        >
          {rows.length === 0 && <p className="p-4 text-12 text-muted">{text.nothing[emptyReason(shelf, query)]}</p>}
          {rows.map(({ group, indicator }, index) => (
            <div key={`${group}:${indicator.id}`} role="presentation">
              {group !== null && shelf === "all" && group !== rows[index - 1]?.group && (
                <p role="presentation" className="px-3 pt-2 pb-0.5 text-11 text-faint">
                  {text.shelves[group]}
                </p>
              )}
              <IndicatorOption
                id={`${id}-${index}`}
                place={index}
                indicator={indicator}
                active={index === place}
                onChoose={() => setAt(index)}
                onAdd={() => add(indicator)}
              />
            </div>
          ))}
        </div>
        <p role="status" className="h-7 shrink-0 truncate border-line border-t px-3 text-11 text-faint leading-7">
          {told || text.keys}
        </p>
      </div>
      <div className="min-h-0 overflow-y-auto border-line border-l">
        {active && <IndicatorDetails indicator={active} series={series} placing={placing} onAdd={() => add(active)} />}
      </div>
    </div>
  );
}

function emptyReason(shelf: Shelf, query: string): "found" | "favourites" | "recent" {
  if (query.trim() === "" && (shelf === "favourites" || shelf === "recent")) return shelf;
  return "found";
}
