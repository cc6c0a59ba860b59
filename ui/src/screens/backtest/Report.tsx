import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { RunDto, RunReportDto, TradeDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
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
  decimals: number;
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
  const { report, name, runs, decimals, against } = props;
  const text = useText().backtest.trades;
  const navigate = useNavigate();
  const [chartShown, setChartShown] = useState(true);
  const [selected, setSelected] = useState<number | null>(null);
  const [noting, setNoting] = useState(false);
  const { run, trades } = report;
  const showOnChart = (trade: TradeDto | null) => {
    if (run.seriesId === null) return;
    const at = trade ? { at: trade.entryTime } : {};
    void navigate({ to: "/chart", search: { series: run.seriesId, run: run.id, ...at } });
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
        onShowOnChart={() => showOnChart(trades.at(-1) ?? null)}
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
