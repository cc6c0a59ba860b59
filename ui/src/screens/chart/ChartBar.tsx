import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Radio, Square } from "lucide-react";
import type { LiveCandleDto, SeriesDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { groupBySymbol } from "../../shell/paletteItems";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { SampleBadge } from "../../widgets/Pill";
import { Segmented } from "../../widgets/Segmented";
import { Select } from "../../widgets/Select";
import { venueName } from "./venueName";

/** More intervals than this stand in a list instead of side by side. */
const MOST_BUTTONS = 7;

interface ChartBarProps {
  series: SeriesDto;
  all: readonly SeriesDto[];
  live: LiveCandleDto | null;
}

/** Symbol, price, change, interval, live. */
export function ChartBar({ series, all, live }: ChartBarProps) {
  const text = useText().chart;
  const format = useFormat();
  const navigate = useNavigate();
  const siblings = groupBySymbol(all).find((group) => group.series.some((one) => one.id === series.id))?.series ?? [];
  const price = live?.close ?? series.lastPrice;
  const before =
    series.lastPrice !== null && series.change24h !== null ? series.lastPrice / (1 + series.change24h) : null;
  const change = price !== null && before !== null && before !== 0 ? price / before - 1 : null;
  const choose = (interval: string) => {
    const next = siblings.find((one) => one.interval === interval);
    if (next) void navigate({ to: "/chart", search: { series: next.id } });
  };
  return (
    <>
      <div className="flex min-w-0 items-baseline gap-2 whitespace-nowrap">
        <span className="text-15 font-semibold">{series.symbol}</span>
        <span className="hidden truncate text-12 text-faint wide:inline">{venueName(series.venue, text)}</span>
      </div>
      {series.simulated && <SampleBadge />}
      <span className="text-15 font-semibold tabular-nums" data-testid="chart-price">
        {format.number(price, series.priceDecimals)}
      </span>
      {change !== null && before !== null && price !== null && (
        <span className={clsx("whitespace-nowrap text-12 tabular-nums", change < 0 ? "text-loss" : "text-gain")}>
          <span className="hidden wide:inline">{format.signed(price - before, series.priceDecimals)} </span>
          {format.change(change)}
        </span>
      )}
      {siblings.length <= MOST_BUTTONS ? (
        <Segmented
          label={text.intervals}
          value={series.interval}
          onChange={choose}
          choices={siblings.map((one) => ({
            value: one.interval,
            label: one.interval,
            testId: `interval-${one.interval}`,
          }))}
        />
      ) : (
        <div className="w-20">
          <Select
            label={text.intervals}
            value={series.interval}
            onChange={choose}
            options={siblings.map((one) => ({ value: one.interval, label: one.interval }))}
          />
        </div>
      )}
      <LiveToggle series={series} all={all} />
    </>
  );
}

/** Starts and stops the stream of this series and of its neighbours from the same exchange. */
function LiveToggle({ series, all }: { series: SeriesDto; all: readonly SeriesDto[] }) {
  const text = useText().chart;
  const live = useQuery(queries.status()).data?.live ?? { state: "off" as const };
  const running = live.state !== "off" && live.state !== "failed";
  const start = useCommand((ids: number[]) => answer(commands.startLive(ids)));
  const stop = useCommand(() => answer(commands.stopLive()));
  const venues = useQuery(queries.venues()).data;
  const possible = venues ? venues.some((venue) => venue.id === series.venue) : series.venue === "binance";
  const covers = live.state !== "live" || live.seriesIds.includes(series.id);
  const ids = [
    series,
    ...all.filter((one) => one.venue === series.venue && one.id !== series.id && one.interval === series.interval),
  ].map((one) => one.id);
  const stopping = running && covers;
  return (
    <Button
      data-testid="live-toggle"
      aria-pressed={stopping}
      disabled={!possible && !running}
      title={possible || running ? undefined : text.liveUnavailable}
      icon={stopping ? <Square /> : <Radio />}
      onClick={() => (stopping ? stop.mutate(undefined) : start.mutate(ids))}
    >
      {stopping ? text.stopLive : text.goLive}
    </Button>
  );
}
