import { clsx } from "clsx";
import type { IndicatorDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { useFormat } from "../../useFormat";
import { GROUPS, type Shelf } from "./findIndicators";

const SHELVES: readonly Shelf[] = ["all", "favourites", "recent", ...GROUPS];

interface ShelfListProps {
  all: readonly IndicatorDto[];
  shelf: Shelf;
  onShelf: (shelf: Shelf) => void;
}

/** The kinds of indicators with how many there are of each. */
export function ShelfList({ all, shelf, onShelf }: ShelfListProps) {
  const text = useText().chart.indicators;
  const format = useFormat();
  const favourites = usePreferences((state) => state.favouriteIndicators);
  const recent = usePreferences((state) => state.recentIndicators);
  const countOf = (one: Shelf) => {
    if (one === "all") return all.length;
    if (one === "favourites") return favourites.length;
    if (one === "recent") return recent.length;
    return all.filter((indicator) => indicator.group === one).length;
  };
  return (
    <ul className="overflow-y-auto border-line border-r py-1" aria-label={text.shelves.name}>
      {SHELVES.map((one) => (
        <li key={one} className={clsx(one === "averages" && "mt-1 border-line border-t pt-1")}>
          <button
            type="button"
            aria-pressed={shelf === one}
            onClick={() => onShelf(one)}
            data-testid={`shelf-${one}`}
            className={clsx(
              "flex h-7 w-full items-center gap-2 px-3 text-left text-12 focus-visible:-outline-offset-2",
              shelf === one ? "bg-selected font-medium" : "text-muted hover:bg-hover hover:text-fg",
            )}
          >
            <span className="truncate">{text.shelves[one]}</span>
            <span className="ml-auto text-11 text-faint tabular-nums">{format.count(countOf(one))}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
