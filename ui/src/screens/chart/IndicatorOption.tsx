import { clsx } from "clsx";
import { Star } from "lucide-react";
import type { IndicatorDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";

interface IndicatorOptionProps {
  id: string;
  place: number;
  indicator: IndicatorDto;
  active: boolean;
  onChoose: () => void;
  /** A double click. */
  onAdd: () => void;
}

/** One line of the picker. */
export function IndicatorOption({ id, place, indicator, active, onChoose, onAdd }: IndicatorOptionProps) {
  const text = useText().chart.indicators;
  const isDrawn = usePreferences((state) => state.indicators.some((one) => one.id === indicator.id));
  const isFavourite = usePreferences((state) => state.favouriteIndicators.includes(indicator.id));
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the search box and the list handle the keys of all rows
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      data-place={place}
      data-testid="indicator-row"
      data-indicator={indicator.id}
      onClick={onChoose}
      onDoubleClick={onAdd}
      className={clsx("flex h-7 items-center gap-2 px-3 text-12", active ? "bg-selected" : "hover:bg-hover")}
    >
      <span className="truncate">{indicator.title}</span>
      {isDrawn && <span className="shrink-0 text-11 text-muted">{text.onChart}</span>}
      <span className="ml-auto shrink-0 text-11 text-faint">{indicator.id}</span>
      {isFavourite && (
        <Star className="size-3 shrink-0 fill-current text-warn" role="img" aria-label={text.favourite} />
      )}
    </div>
  );
}
