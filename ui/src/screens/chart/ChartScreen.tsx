import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CandlestickChart } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import type { SeriesDto, WatchSymbolDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { usePreferences } from "../../preferences";
import { Frame } from "../../shell/Frame";
import { groupBySymbol, preferredSeries } from "../../shell/paletteItems";
import { openFetch, openImport, openInspector } from "../../shell/windowState";
import { Button } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { ChartBar } from "./ChartBar";
import { NewsPanel } from "./NewsPanel";
import { SeriesChart } from "./SeriesChart";
import { UnstoredSymbol } from "./UnstoredSymbol";
import { useLiveCandle } from "./useLiveCandle";
import { venueName } from "./venueName";
import { Watchlist } from "./Watchlist";

const route = getRouteApi("/chart");

/** Candles, news and sentiment of one series. */
export function ChartScreen() {
  const text = useText();
  const search = route.useSearch();
  const series = useQuery(queries.series());
  const lastSeries = usePreferences((state) => state.lastSeries);
  const all = series.data;
  const current = useMemo(
    () => chooseSeries(all ?? [], search.series ?? null, lastSeries),
    [all, search.series, lastSeries],
  );
  const title = text.shell.screens.chart;
  const { venue, symbol } = search;
  if (venue !== undefined && symbol !== undefined && search.series === undefined && all) {
    return <NotStored venue={venue} symbol={symbol} interval={current?.interval ?? "1h"} all={all} />;
  }
  if (current) return <OneSeries key={current.id} series={current} all={all ?? []} />;
  return (
    <Frame
      title={title}
      bar={<span className="text-15 font-semibold">{title}</span>}
      listWidth="wide"
      list={<Watchlist all={all ?? []} current={null} />}
    >
      <QueryView query={series} loading={<Skeleton rows={14} />}>
        {() => <NoSeries />}
      </QueryView>
    </Frame>
  );
}

/** The series asked for, the last looked-at, or the first that is stored. */
export function chooseSeries(all: readonly SeriesDto[], wanted: number | null, last: number | null): SeriesDto | null {
  const first = groupBySymbol(all)[0];
  return (
    all.find((one) => one.id === wanted) ??
    all.find((one) => one.id === last) ??
    (first && preferredSeries(first)) ??
    null
  );
}

function OneSeries({ series, all }: { series: SeriesDto; all: readonly SeriesDto[] }) {
  const text = useText();
  const search = route.useSearch();
  const live = useLiveCandle(series);
  const [article, setArticle] = useState<number | null>(null);
  const set = usePreferences((state) => state.set);
  useEffect(() => set({ lastSeries: series.id }), [set, series.id]);
  return (
    <Frame
      title={`${series.symbol} ${series.interval} · ${text.shell.screens.chart}`}
      bar={<ChartBar series={series} all={all} live={live} />}
      listWidth="wide"
      list={<Watchlist all={all} current={series} />}
      inspector={<NewsPanel series={series} article={article} onArticle={setArticle} />}
    >
      <SeriesChart
        series={series}
        live={live}
        run={search.run ?? null}
        at={search.at ?? null}
        onArticle={(id) => {
          setArticle(id);
          openInspector(true);
        }}
      />
    </Frame>
  );
}

function NotStored(props: WatchSymbolDto & { interval: string; all: readonly SeriesDto[] }) {
  const text = useText();
  const { venue, symbol, all } = props;
  return (
    <Frame
      title={`${symbol} · ${text.shell.screens.chart}`}
      bar={
        <>
          <span className="text-15 font-semibold">{symbol}</span>
          <span className="text-12 text-faint">{venueName(venue, text.chart)}</span>
        </>
      }
      listWidth="wide"
      list={<Watchlist all={all} current={null} unstored={{ venue, symbol }} />}
    >
      <UnstoredSymbol {...props} />
    </Frame>
  );
}

function NoSeries() {
  const text = useText().chart.empty;
  const sample = useCommand(() => answer(commands.loadSample()));
  return (
    <EmptyState
      icon={<CandlestickChart />}
      title={text.title}
      body={text.body}
      actions={
        <>
          <Button kind="primary" onClick={() => openFetch()}>
            {text.fetch}
          </Button>
          <Button onClick={openImport}>{text.import}</Button>
          <Button onClick={() => sample.mutate(undefined)} disabled={sample.isPending}>
            {text.sample}
          </Button>
        </>
      }
    />
  );
}
