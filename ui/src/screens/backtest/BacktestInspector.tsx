import type { ReactNode } from "react";
import type { RunReportDto } from "../../backend/bindings";
import { MonthlyHeat } from "./MonthlyHeat";
import { RollingSharpe } from "./RollingSharpe";
import { RunForm, type RunFormProps } from "./RunForm";
import { TradeSpread } from "./TradeSpread";

interface BacktestInspectorProps {
  form: Omit<RunFormProps, "children" | "onScript">;
  report: RunReportDto | null;
  onScript: () => void;
  /** The run button, and what came of the last run. */
  children: ReactNode;
}

/** The form, and below it what of the report has no place in the middle. */
export function BacktestInspector({ form, report, onScript, children }: BacktestInspectorProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <RunForm {...form} onScript={onScript}>
        {children}
      </RunForm>
      {report && (
        <>
          <MonthlyHeat months={report.months} />
          <TradeSpread spread={report.spread} />
          <RollingSharpe rolling={report.rolling} />
        </>
      )}
    </div>
  );
}
