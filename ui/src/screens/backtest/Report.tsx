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
import { TradesHead } from "./TradesHead";
import { TradesTable } from "./TradesTable";
import { Warnings } from "./Warnings";

interface ReportProps {
  run: RunDto;
  name: string;
  /** Every stored run, to tell which have the same hash. */
  runs: readonly RunDto[];
  decimals: number;
  onNote: () => void;
  onRemove: () => void;
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

function Ready({ report, name, runs, decimals, onNote, onRemove }: ReportProps & { report: RunReportDto }) {
  const text = useText().backtest.trades;
  const navigate = useNavigate();
  const [chartShown, setChartShown] = useState(true);
  const [selected, setSelected] = useState<number | null>(null);
  const { run, trades } = report;
  const showOnChart = (trade: TradeDto | null) => {
    if (run.seriesId === null) return;
    const at = trade ? { at: trade.entryTime } : {};
    void navigate({ to: "/chart", search: { series: run.seriesId, run: run.id, ...at } });
  };
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="report" data-run-id={run.id}>
      <KpiStrip report={report} />
      <Warnings warnings={report.warnings} />
      {chartShown && <EquityPanel report={report} name={name} />}
      <TradesHead
        report={report}
        twins={runs.filter((other) => other.hash === run.hash && other.id !== run.id)}
        chartShown={chartShown}
        onChartShown={setChartShown}
        onShowOnChart={() => showOnChart(trades.at(-1) ?? null)}
        onNote={onNote}
        onRemove={onRemove}
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
