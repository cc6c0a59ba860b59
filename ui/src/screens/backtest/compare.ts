// Runs side by side: which figure is the best, which inputs differ, and curves that begin together. Pure.
import type { RunReportDto } from "../../backend/bindings";
import type { Format } from "../../format";
import type { Catalogue } from "../../i18n/text";
import { symbolsInFull, symbolsOf } from "../../runSymbols";
import { figureOf } from "./figures";
import { typed } from "./terms";

export type FigureId = keyof Catalogue["backtest"]["compare"]["figures"];

interface Compared {
  id: FigureId;
  /** Its id in the report. */
  metric: string;
  /** Which is better; null for a figure that is neither. */
  better: "high" | "low" | null;
  shown: (value: number, format: Format) => string;
}

/** More symbols would fill the cell. */
const MOST_LISTED = 4;
const DAY = 86_400_000;
const change = (value: number, format: Format) => format.change(value, 1);
const percent = (value: number, format: Format) => format.percent(value, 1);
const ratio = (value: number, format: Format) => format.number(value, 2);
const money = (value: number, format: Format) => format.number(value, 0);
const count = (value: number, format: Format) => format.count(value);

/** The figures of the table, in its order. */
export const COMPARED: readonly Compared[] = [
  { id: "return", metric: "total_return", better: "high", shown: change },
  { id: "annual", metric: "bar_annual_return", better: "high", shown: change },
  { id: "final", metric: "final_equity", better: null, shown: money },
  { id: "drawdown", metric: "max_drawdown", better: "high", shown: percent },
  {
    id: "longest",
    metric: "longest_drawdown_ms",
    better: "low",
    shown: (ms, format) => `${format.count(Math.round(ms / DAY))} d`,
  },
  { id: "sharpe", metric: "bar_sharpe_ddof1", better: "high", shown: ratio },
  { id: "sortino", metric: "bar_sortino", better: "high", shown: ratio },
  { id: "calmar", metric: "bar_calmar", better: "high", shown: ratio },
  { id: "trades", metric: "n_closed_trades", better: null, shown: count },
  { id: "winRate", metric: "win_rate", better: "high", shown: percent },
  { id: "profitFactor", metric: "profit_factor", better: "high", shown: ratio },
  { id: "best", metric: "best_trade", better: "high", shown: change },
  { id: "worst", metric: "worst_trade", better: "high", shown: change },
  { id: "exposure", metric: "exposure_bars", better: null, shown: percent },
  { id: "fees", metric: "fees_paid", better: "low", shown: money },
  { id: "funding", metric: "funding_paid", better: "low", shown: money },
  { id: "refused", metric: "refused_entries", better: "low", shown: count },
  { id: "ambiguous", metric: "ambiguous_fills", better: "low", shown: count },
  { id: "marginCalls", metric: "margin_calls", better: "low", shown: count },
  { id: "liquidations", metric: "liquidations", better: "low", shown: count },
];

/** Whether each value is the best of its row. Where all are the same, none is. */
export function bestOf(values: readonly (number | null)[], better: "high" | "low" | null): boolean[] {
  const known = values.filter((value) => value !== null);
  const best = better === "high" ? Math.max(...known) : Math.min(...known);
  const plain = better === null || known.length < 2 || known.every((value) => value === best);
  return values.map((value) => !plain && value === best);
}

export interface FigureRow {
  id: FigureId;
  values: string[];
  best: boolean[];
}

export function figureRows(reports: readonly RunReportDto[], format: Format): FigureRow[] {
  return COMPARED.map(({ id, metric, better, shown }) => {
    const values = reports.map((report) => figureOf(report.metrics, metric));
    return {
      id,
      values: values.map((value) => (value === null ? format.number(null, 0) : shown(value, format))),
      best: bestOf(values, better),
    };
  });
}

export interface InputRow {
  label: string;
  values: string[];
  /** The values where they are too long to be shown in whole. */
  full: string[];
  /** Whether any of them is another. */
  differs: boolean;
}

/** What the runs were made with, a row for each input. */
export function inputRows(
  reports: readonly RunReportDto[],
  format: Format,
  text: Catalogue["backtest"],
  nameOf: (strategy: string) => string,
): InputRow[] {
  const { form, compare } = text;
  const none = format.number(null, 0);
  const rows: [string, (report: RunReportDto) => string, ((report: RunReportDto) => string)?][] = [
    [compare.inputs.strategy, ({ run }) => nameOf(run.strategy)],
    [
      form.series,
      ({ run }) => `${symbolsListed(run)} ${run.interval}`,
      ({ run }) => `${symbolsInFull(run)} ${run.interval}`,
    ],
    [compare.inputs.venue, ({ run }) => run.venue],
    [form.from, ({ run }) => format.dateTime(run.from)],
    [form.to, ({ run }) => format.dateTime(run.to)],
    ...paramNames(reports).map((name): [string, (report: RunReportDto) => string] => [
      form.param(name),
      ({ terms }) => {
        const found = terms.params.find((param) => param.name === name);
        return found ? typed(found.value) : none;
      },
    ]),
    [form.fields.cash.label, ({ terms }) => format.number(terms.cash, 0)],
    [form.size, ({ terms }) => terms.size],
    [form.side, ({ terms }) => form.sides[terms.side ?? "auto"]],
    [form.fields.feePercent.label, ({ terms }) => `${typed(terms.fee * 100)} %`],
    [
      form.fields.makerPercent.label,
      ({ terms }) => (terms.makerFee === null ? compare.inputs.sameFee : `${typed(terms.makerFee * 100)} %`),
    ],
    [form.fields.slippageBps.label, ({ terms }) => `${typed(terms.slippageBps)} ${form.bps}`],
    [form.fields.spreadBps.label, ({ terms }) => `${typed(terms.spreadBps)} ${form.bps}`],
    [form.fields.impactBps.label, ({ terms }) => `${typed(terms.impactBps)} ${form.bps}`],
    [
      form.fields.leverage.label,
      ({ terms }) => (terms.leverage === null ? form.margins.off : `${typed(terms.leverage)} ×`),
    ],
    [
      form.fields.maintenancePercent.label,
      ({ terms }) => (terms.maintenance === null ? none : `${typed(terms.maintenance * 100)} %`),
    ],
    [form.fields.tick.label, ({ terms }) => typed(terms.tick)],
    [form.fields.lot.label, ({ terms }) => typed(terms.lot)],
    [form.fields.minNotional.label, ({ terms }) => typed(terms.minNotional)],
    [form.fillsLabel, ({ terms }) => form.fillsShort[terms.fills ?? "auto"]],
    [form.fields.daysPerYear.label, ({ terms }) => typed(terms.daysPerYear)],
    [compare.inputs.engine, ({ engine }) => engine],
  ];
  return rows.map(([label, read, inFull = read]) => {
    const full = reports.map(inFull);
    return { label, values: reports.map(read), full, differs: full.some((value) => value !== full[0]) };
  });
}

/** The first symbols of a run, and how many more there are. */
function symbolsListed(run: RunReportDto["run"]): string {
  const symbols = symbolsOf(run);
  const more = symbols.length - MOST_LISTED;
  return more <= 0 ? symbols.join(", ") : `${symbols.slice(0, MOST_LISTED).join(", ")} +${more}`;
}

/** Every parameter that any of the runs has, each once. */
function paramNames(reports: readonly RunReportDto[]): string[] {
  return [...new Set(reports.flatMap(({ terms }) => terms.params.map(({ name }) => name)))];
}

/** A curve as percent of where it began. */
export function normalised(equity: readonly number[], cash: number): number[] {
  return equity.map((value) => (cash > 0 ? (value / cash) * 100 : value));
}
