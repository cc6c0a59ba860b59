import { useState } from "react";
import type { BacktestRequest, SweepReportDto } from "../../backend/bindings";
import { SweepFigures } from "./SweepFigures";
import { SweepHeat } from "./SweepHeat";
import { SweepTable } from "./SweepTable";
import { requestOfRow } from "./sweep";
import { heatMapOf } from "./sweepHeat";

interface SweepResultProps {
  report: SweepReportDto;
  /** Runs one row as a backtest of its own; null while another runs. */
  onOpen: ((request: BacktestRequest) => void) | null;
}

/** What came of a sweep: how far it can be believed, its map, its rows. The map and the rows have one selection. */
export function SweepResult({ report, onOpen }: SweepResultProps) {
  const { rows, overfitting, request } = report;
  const [selected, setSelected] = useState<number>(overfitting.best ?? 0);
  const map = heatMapOf(report);
  const gone = report.sweep.seriesId === null;
  const open =
    onOpen && !gone
      ? (row: number) => {
          const chosen = rows[row];
          if (chosen?.figures) onOpen(requestOfRow(request, chosen.values));
        }
      : null;
  return (
    <div className="flex min-h-0 flex-1 flex-col" data-testid="sweep-result" data-sweep-id={report.sweep.id}>
      <SweepFigures report={report} onOpen={open} />
      {map && <SweepHeat map={map} report={report} selected={selected} onSelect={setSelected} onOpen={open} />}
      <SweepTable report={report} selected={selected} onSelect={setSelected} onOpen={open} />
    </div>
  );
}
