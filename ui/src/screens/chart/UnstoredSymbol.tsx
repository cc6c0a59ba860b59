import { useNavigate } from "@tanstack/react-router";
import { CandlestickChart, Download } from "lucide-react";
import { useEffect } from "react";
import type { SeriesDto, WatchRowDto, WatchSymbolDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useSeriesJob } from "../../backend/useJobs";
import { useWatchlist, watchKey } from "../../backend/useWatchlist";
import { useText } from "../../i18n/text";
import { JobRow } from "../../shell/JobRow";
import { openFetch } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { useNow } from "../../useNow";
import { Button } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";

const YEAR = 365 * 86_400_000;

interface UnstoredSymbolProps extends WatchSymbolDto {
  interval: string;
  all: readonly SeriesDto[];
}

/** A watched symbol without candles: its figures, and the way to a chart. */
export function UnstoredSymbol({ venue, symbol, interval, all }: UnstoredSymbolProps) {
  const text = useText().chart.unstored;
  const navigate = useNavigate();
  const now = useNow(60_000);
  const row = useWatchlist().query.data?.find((one) => watchKey(one) === watchKey({ venue, symbol }));
  const job = useSeriesJob({ venue, symbol, interval });
  const fetch = useCommand(() =>
    answer(commands.fetchHistory({ venue, symbol, interval, from: now - YEAR, to: null, source: "auto" })),
  );
  // The newest candles come first: the chart opens with the first page.
  const stored = all.find((one) => one.venue === venue && one.symbol === symbol)?.id ?? null;
  useEffect(() => {
    if (stored !== null) void navigate({ to: "/chart", search: { series: stored }, replace: true });
  }, [stored, navigate]);
  return (
    <div className="flex min-h-0 flex-1 flex-col items-center justify-center" data-testid="unstored-symbol">
      <div className="max-h-80 flex-1">
        <EmptyState
          icon={<CandlestickChart />}
          title={text.title(symbol)}
          body={text.body(interval)}
          actions={
            job === null && (
              <>
                <Button
                  kind="primary"
                  icon={<Download />}
                  disabled={fetch.isPending}
                  onClick={() => fetch.mutate(undefined)}
                  data-testid="fetch-unstored"
                >
                  {text.fetch(interval)}
                </Button>
                <Button onClick={() => openFetch({ venue, symbol, interval })}>{text.choose}</Button>
              </>
            )
          }
        />
      </div>
      {job && (
        <ul className="w-[400px] max-w-full rounded-md border border-line">
          <JobRow job={job} />
        </ul>
      )}
      {row && row.last !== null && <Figures row={row} />}
    </div>
  );
}

function Figures({ row }: { row: WatchRowDto }) {
  const text = useText().chart.unstored;
  const format = useFormat();
  const price = (value: number | null) => format.number(value, row.priceDecimals);
  const figures = [
    [text.last, price(row.last)],
    [text.change, format.change(row.change24h)],
    [text.high, price(row.high24h)],
    [text.low, price(row.low24h)],
    [text.volume, format.amount(row.quoteVolume24h)],
  ];
  return (
    <dl className="flex flex-wrap justify-center gap-x-8 gap-y-2 p-6 text-12">
      {figures.map(([label, value]) => (
        <div key={label}>
          <dt className="text-11 text-faint">{label}</dt>
          <dd className="font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
