import { clsx } from "clsx";
import type { ReactNode } from "react";
import type { SeriesDto, TradeDto } from "../../backend/bindings";
import type { Hover } from "../../chart/candleChart";
import type { NewsGroup } from "../../chart/markers";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { toneColour, toneOfScore } from "../../widgets/Pill";

/** The trade that a mark stands for, and which end of it. */
export function tradeOfMark(mark: string, trades: readonly TradeDto[]): { trade: TradeDto; exit: boolean } | null {
  const [kind, index, end] = mark.split(":");
  const trade = kind === "trade" ? trades[Number(index)] : undefined;
  return trade ? { trade, exit: end === "exit" } : null;
}

function Box({ hover, children }: { hover: Hover; children: ReactNode }) {
  // Beside the pointer, on the side with more room.
  const left = hover.x > 360;
  return (
    <div
      role="tooltip"
      data-testid="mark-tooltip"
      className="pointer-events-none absolute z-10 w-[300px] rounded-md bg-raised p-2.5 text-12 shadow-float"
      style={{ left: left ? hover.x - 316 : hover.x + 16, top: Math.max(8, hover.y - 20) }}
    >
      {children}
    </div>
  );
}

interface MarkTooltipProps {
  hover: Hover;
  series: SeriesDto;
  groups: readonly NewsGroup[];
  trades: readonly TradeDto[];
}

/** What the mark under the pointer stands for. */
export function MarkTooltip({ hover, series, groups, trades }: MarkTooltipProps) {
  const text = useText();
  const format = useFormat();
  if (hover.mark === null) return null;
  const group = groups.find((one) => one.id === hover.mark);
  if (group) {
    return (
      <Box hover={hover}>
        {group.stories.slice(0, 4).map((story) => (
          <div key={story.articleId} className="border-line border-b py-1.5 first:pt-0 last:border-0 last:pb-0">
            <p className="font-medium leading-[16px]">{story.title}</p>
            <p className="mt-0.5 flex gap-2 text-11 text-faint">
              {story.source} · {format.dateTime(story.time)}
              <span
                className={clsx("ml-auto font-medium", story.score !== null && toneColour(toneOfScore(story.score)))}
              >
                {story.score === null
                  ? text.shell.sentiment.none
                  : `${text.shell.sentiment[toneOfScore(story.score)]} ${format.score(story.score)}`}
              </span>
            </p>
          </div>
        ))}
      </Box>
    );
  }
  const found = tradeOfMark(hover.mark, trades);
  if (!found) return null;
  const { trade, exit } = found;
  return (
    <Box hover={hover}>
      <p className="flex font-medium">
        {exit ? text.chart.trade.exit : text.chart.trade.entry}
        <span className="ml-auto">
          {format.number(exit ? trade.exitPrice : trade.entryPrice, series.priceDecimals)}
        </span>
      </p>
      <p className="mt-0.5 flex text-11 text-faint">
        {format.dateTime(exit ? trade.exitTime : trade.entryTime)} · {trade.reason}
        <span className={clsx("ml-auto font-medium", trade.pnl < 0 ? "text-loss" : "text-gain")}>
          {format.signed(trade.pnl, 2)} · {format.change(trade.returnPct)}
        </span>
      </p>
    </Box>
  );
}
