import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { OpenPositionDto, RunDto, RunReportDto, SeriesDto, TradeDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { decimalsOf, seriesOfSymbol } from "../../runSymbols";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { showNote } from "../../widgets/toast";
import { EquityPanel } from "./EquityPanel";
import { KpiStrip } from "./KpiStrip";
import { RerunVerdict } from "./RerunVerdict";
import { RunNote } from "./RunNote";
import { TradesHead } from "./TradesHead";
import { TradesTable } from "./TradesTable";
import { Warnings } from "./Warnings";

interface ReportProps {
  run: RunDto;
  name: string;
  /** Every stored run, to tell which have the same hash. */
  runs: readonly RunDto[];
  /** The stored series. */
  stored: readonly SeriesDto[];
  /** The run that this one was made once more of. */
  against: number | null;
  onRemove: () => void;
  /** Null while a run is under way. */
  onRerun: ((report: RunReportDto) => void) | null;
  onTake: (report: RunReportDto) => void;
  onCompare: (runs: number[]) => void;
}

/** A run in full: figures, curves, trades. */
export function Report(props: ReportProps) {
  const query = useQuery(queries.run(props.run.id));
  return (
    <QueryView query={query} loading={<Skeleton rows={18} />}>
      {(report) => <Ready key={report.run.id} report={report} {...props} />}
    </QueryView>
  );
}

function Ready(props: ReportProps & { report: RunReportDto }) {
  const { report, name, runs, stored, against } = props;
  const text = useText().backtest.trades;
  const navigate = useNavigate();
  const [chartShown, setChartShown] = useState(true);
  const [selected, setSelected] = useState<number | null>(null);
  const [noting, setNoting] = useState(false);
  const { run, trades } = report;
  const decimals = useMemo(() => decimalsOf(run, stored), [run, stored]);
  const newest = trades.at(-1) ?? null;
  const showOnChart = (of: TradeDto | OpenPositionDto | null) => {
    const series = seriesOfSymbol(run, of?.symbol ?? null);
    const at = of ? { at: of.entryTime } : {};
    if (series === null) showNote(text.seriesGone);
    else void navigate({ to: "/chart", search: { series, run: run.id, ...at } });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="report" data-run-id={run.id}>
      <KpiStrip report={report} />
      {against !== null && (
        <RerunVerdict
          report={report}
          against={against}
          onCompare={() => props.onCompare([against, run.id])}
          onClose={() => void navigate({ to: "/backtest", search: { run: run.id }, replace: true })}
        />
      )}
      <RunNote run={run} editing={noting} onEditing={setNoting} />
      <Warnings warnings={report.warnings} />
      {chartShown && <EquityPanel report={report} name={name} />}
      <TradesHead
        report={report}
        twins={runs.filter((other) => other.hash === run.hash && other.id !== run.id)}
        chartShown={chartShown}
        onChartShown={setChartShown}
        decimals={decimals}
        onShowOnChart={seriesOfSymbol(run, newest?.symbol ?? null) === null ? null : () => showOnChart(newest)}
        onPosition={showOnChart}
        onRerun={props.onRerun && (() => props.onRerun?.(report))}
        onTake={() => props.onTake(report)}
        onNote={() => setNoting(!noting)}
        onRemove={props.onRemove}
      />
      <TradesTable
        trades={trades}
        decimals={decimals}
        selected={selected}
        onSelect={setSelected}
        onOpen={showOnChart}
      />
      {trades.length === 0 && <p className="absolute inset-x-0 bottom-8 text-center text-12 text-faint">{text.none}</p>}
    </div>
  );
}
