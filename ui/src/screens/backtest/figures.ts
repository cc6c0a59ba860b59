// The key figures of a report as they stand in the strip. Pure.
import type { MetricDto, RunReportDto } from "../../backend/bindings";
import type { Format } from "../../format";
import type { Catalogue } from "../../i18n/text";

const DAY = 86_400_000;
const YEAR = 365.25 * DAY;

export type KpiId = keyof Catalogue["backtest"]["report"]["kpis"];

export interface Kpi {
  id: KpiId;
  value: string;
  /** What the figure rests on, under it. */
  note: string;
  /** The same figure of buy and hold, where there is one. */
  benchmark: string | null;
  tone: "gain" | "loss" | null;
}

/** A figure by its id; null where it is missing or not defined. */
export function figureOf(metrics: readonly MetricDto[], id: string): number | null {
  return metrics.find((metric) => metric.id === id)?.value ?? null;
}

export function kpisOf(report: RunReportDto, format: Format, text: Catalogue["backtest"]["report"]): Kpi[] {
  const { run, metrics, benchmark } = report;
  const own = (id: string) => figureOf(metrics, id);
  const other = (id: string) => figureOf(benchmark, id);
  const length = run.to - run.from;
  const underWater = own("longest_drawdown_ms");
  const optional = (value: number | null, shown: (value: number) => string) => (value === null ? null : shown(value));
  const ratio = (value: number | null) => format.number(value, 2);
  return [
    {
      id: "return",
      value: wide(run.totalReturn, format),
      note: text.held(wide(run.benchmarkReturn, format)),
      benchmark: wide(run.benchmarkReturn, format),
      tone: run.totalReturn < 0 ? "loss" : "gain",
    },
    {
      id: "annual",
      value: wide(own("bar_annual_return"), format),
      note: length < YEAR ? text.days(Math.round(length / DAY)) : text.years(format.number(length / YEAR, 1)),
      benchmark: optional(other("bar_annual_return"), (value) => wide(value, format)),
      tone: null,
    },
    {
      id: "drawdown",
      value: format.percent(run.maxDrawdown),
      note: optional(underWater, (ms) => text.underWater(Math.round(ms / DAY))) ?? "",
      benchmark: optional(other("max_drawdown"), (value) => format.percent(value)),
      tone: null,
    },
    {
      id: "sharpe",
      value: ratio(run.sharpe),
      note: text.barsDdof(run.interval),
      benchmark: optional(other("bar_sharpe_ddof1"), ratio),
      tone: null,
    },
    { id: "sortino", value: ratio(own("bar_sortino")), note: text.bars(run.interval), benchmark: null, tone: null },
    {
      id: "winRate",
      value: format.percent(own("win_rate")),
      note: text.trades(run.trades),
      benchmark: null,
      tone: null,
    },
    {
      id: "profitFactor",
      value: ratio(own("profit_factor")),
      note: text.fees(format.number(own("fees_paid"), 0)),
      benchmark: null,
      tone: null,
    },
  ];
}

/** A return with its sign; thousands of percent need no decimals. */
function wide(ratio: number | null, format: Format): string {
  return format.change(ratio, ratio !== null && Math.abs(ratio) >= 10 ? 0 : 1);
}

/** Whether a curve spans so much that only a logarithmic scale shows its beginning. */
export function wantsLog(equity: readonly number[]): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of equity) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low > 0 && high / low > 4;
}
