import { useQueries } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import type { RunDto, RunReportDto } from "../../backend/bindings";
import { problemOf } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useSettings } from "../../backend/useSettings";
import { lineToken } from "../../chart/chartTheme";
import { useText } from "../../i18n/text";
import { useResolvedTheme } from "../../theme/theme";
import { useFormat } from "../../useFormat";
import { IconButton } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { ErrorView } from "../../widgets/ErrorView";
import { Skeleton } from "../../widgets/Skeleton";
import { CompareTable } from "./CompareTable";
import { normalised } from "./compare";
import { type CompareChart, createCompareChart } from "./compareChart";
import { toggleCompared } from "./formStore";

interface ComparePageProps {
  /** The runs chosen, in their order. */
  compared: readonly number[];
  nameOf: (strategy: string) => string;
  fullName: (run: RunDto) => string;
  onOpen: (run: RunDto) => void;
}

/** Two to five runs side by side. */
export function ComparePage({ compared, nameOf, fullName, onOpen }: ComparePageProps) {
  const text = useText().backtest.compare;
  const results = useQueries({ queries: compared.map((id) => queries.run(id)) });
  const failed = results.find((result) => result.isError);
  const reports = results.flatMap((result) => (result.data ? [result.data] : []));
  if (compared.length < 2) return <EmptyState title={text.empty.title} body={text.empty.body} />;
  if (failed) return <ErrorView problem={problemOf(failed.error)} onRetry={() => void failed.refetch()} />;
  if (reports.length < compared.length) return <Skeleton rows={18} />;
  return <Ready reports={reports} nameOf={nameOf} fullName={fullName} onOpen={onOpen} />;
}

function Ready({ reports, ...props }: Omit<ComparePageProps, "compared"> & { reports: readonly RunReportDto[] }) {
  const text = useText().backtest.compare;
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="compare">
      <Curves reports={reports} />
      <div className="flex shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-3 py-1.5 text-12">
        {reports.map(({ run }, at) => (
          <span key={run.id} className="flex items-center gap-1.5">
            <i aria-hidden className="h-0.5 w-3 rounded-full" style={{ background: lineToken(at) }} />
            <button type="button" className="font-medium hover:underline" onClick={() => props.onOpen(run)}>
              {props.fullName(run)}
            </button>
            <span className="text-faint">{text.runNumber(run.id)}</span>
            <IconButton
              label={text.takeOut(props.fullName(run))}
              className="size-5 [&_svg]:size-3"
              onClick={() => toggleCompared(run.id)}
            >
              <X />
            </IconButton>
          </span>
        ))}
      </div>
      <CompareTable reports={reports} nameOf={props.nameOf} fullName={props.fullName} />
    </div>
  );
}

function Curves({ reports }: { reports: readonly RunReportDto[] }) {
  const text = useText().backtest.compare;
  const format = useFormat();
  const theme = useResolvedTheme();
  const { candleColours } = useSettings();
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<CompareChart | null>(null);
  const firstFormat = useRef(format);
  const curves = useMemo(
    () => reports.map(({ equity, terms }) => ({ time: equity.time, values: normalised(equity.equity, terms.cash) })),
    [reports],
  );
  useEffect(() => {
    if (!element.current) return;
    const made = createCompareChart(element.current, firstFormat.current);
    chart.current = made;
    return () => {
      chart.current = null;
      made.remove();
    };
  }, []);
  useEffect(() => chart.current?.show(curves), [curves]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme and the candle colours change what the tokens say
  useEffect(() => {
    // The document takes the new theme in an effect of the window, which runs after this one.
    const frame = requestAnimationFrame(() => chart.current?.restyle(format));
    return () => cancelAnimationFrame(frame);
  }, [format, theme, candleColours]);
  return (
    <section className="relative h-[260px] shrink-0 border-line border-b max-[1179px]:h-[200px]">
      <h2 className="pointer-events-none absolute top-2 left-3 z-10 text-12 text-faint">{text.curves}</h2>
      <div
        ref={element}
        role="img"
        aria-label={text.chart(reports.length)}
        data-testid="compare-chart"
        className="absolute inset-0 top-7"
      />
    </section>
  );
}
