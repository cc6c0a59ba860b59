import { clsx } from "clsx";
import type { SentimentSeriesDto } from "../../backend/bindings";
import { SENTIMENT_PANE } from "../../chart/drawnLines";
import type { PanePlace } from "../../chart/panePlaces";
import { barAtOrBefore } from "../../chart/points";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { toneColour, toneOfScore } from "../../widgets/Pill";

interface SentimentLegendProps {
  sentiment: SentimentSeriesDto | null;
  panes: readonly PanePlace[];
  /** The time under the crosshair; null for the newest bar. */
  at: number | null;
}

/** The sentiment under the crosshair and how many articles it is the mean of, over its pane. */
export function SentimentLegend({ sentiment, panes, at }: SentimentLegendProps) {
  const text = useText().chart;
  const format = useFormat();
  const place = panes.find(({ pane }) => pane === SENTIMENT_PANE);
  if (!sentiment || !place) return null;
  const bar = at === null ? sentiment.time.length - 1 : barAtOrBefore(sentiment.time, at);
  const value = sentiment.value[bar] ?? null;
  return (
    <p
      className="pointer-events-none absolute right-20 z-[5] flex gap-2 text-11 tabular-nums"
      style={{ top: place.top - 2 }}
      data-testid="sentiment-legend"
    >
      {value !== null && (
        <span className={clsx("font-medium", toneColour(toneOfScore(value)))}>{format.score(value)}</span>
      )}
      <span className="text-faint">{text.sentimentCount(sentiment.count[bar] ?? 0)}</span>
    </p>
  );
}
