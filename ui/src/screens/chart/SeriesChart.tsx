import { useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import type { LiveCandleDto, SeriesDto } from "../../backend/bindings";
import { MOST_BARS } from "../../chart/points";
import { useText } from "../../i18n/text";
import { openFetch } from "../../shell/windowState";
import { Button, IconButton } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { ChartCanvas } from "./ChartCanvas";
import { useChartWindow } from "./useChartWindow";
import { useIndicators } from "./useIndicators";

interface SeriesChartProps {
  series: SeriesDto;
  live: LiveCandleDto | null;
  run: number | null;
  at: number | null;
  onArticle: (id: number) => void;
}

/** The bars of a series and, where a run is named, its trades on them. */
export function SeriesChart({ series, live, run, at, onArticle }: SeriesChartProps) {
  const text = useText().chart;
  const navigate = useNavigate();
  const { requests } = useIndicators(series);
  const { query, onEdge, atNewest, full } = useChartWindow(series, at, requests);
  const notice = full
    ? text.tooManyBars(MOST_BARS)
    : query.isFetching && query.isPlaceholderData
      ? text.loadingOlder
      : null;
  return (
    <>
      {run !== null && (
        <div
          className="flex h-8 shrink-0 items-center gap-2 border-line border-b bg-raised px-3 text-12"
          data-testid="run-layer"
        >
          <span className="font-medium">{text.run(run)}</span>
          <Button
            kind="ghost"
            className="ml-auto h-6"
            onClick={() => void navigate({ to: "/backtest", search: { run } })}
          >
            {text.openRun}
          </Button>
          <IconButton
            label={text.hideRun}
            className="size-6"
            onClick={() => void navigate({ to: "/chart", search: { series: series.id } })}
          >
            <X />
          </IconButton>
        </div>
      )}
      <QueryView query={query} loading={<Skeleton rows={16} />}>
        {(chart) =>
          chart.time.length === 0 ? (
            <EmptyState
              title={text.noBars.title}
              body={text.noBars.body}
              actions={
                <Button
                  onClick={() => openFetch({ venue: series.venue, symbol: series.symbol, interval: series.interval })}
                >
                  {text.empty.fetch}
                </Button>
              }
            />
          ) : (
            <ChartCanvas
              series={series}
              chart={chart}
              live={atNewest ? live : null}
              run={run}
              at={at}
              atNewest={atNewest}
              notice={notice}
              onEdge={onEdge}
              onArticle={onArticle}
              onNewest={() =>
                void navigate({ to: "/chart", search: { series: series.id, ...(run === null ? {} : { run }) } })
              }
            />
          )
        }
      </QueryView>
    </>
  );
}
