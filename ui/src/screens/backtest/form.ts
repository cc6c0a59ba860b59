// What is entered in the form, and the request that it makes. Pure.
import type {
  BacktestRequest,
  ParamDto,
  ParamValue,
  RunDto,
  SeriesDto,
  SideDto,
  StrategyDto,
} from "../../backend/bindings";
import { parseDate } from "../../shell/dialogs/span";

const DAY = 86_400_000;

export type SizeKind = "all" | "percent" | "cash" | "units";

/** Everything but the strategy's parameters, as typed. */
export interface Terms {
  seriesId: number | null;
  span: "all" | "dates";
  /** First day in UTC; empty for the first stored. */
  from: string;
  /** Last day in UTC, itself included; empty for the last stored. */
  to: string;
  cash: string;
  feePercent: string;
  slippageBps: string;
  size: SizeKind;
  sizeAmount: string;
  /** Null leaves it to the script. */
  side: SideDto | null;
}

export const DEFAULT_TERMS: Terms = {
  seriesId: null,
  span: "all",
  from: "",
  to: "",
  cash: "10000",
  feePercent: "0.1",
  slippageBps: "0",
  size: "all",
  sizeAmount: "50",
  side: null,
};

/** Parameters as typed, by name. */
export type ParamTexts = Readonly<Record<string, string>>;

export type Fault =
  | { kind: "noSeries" | "number" | "whole" | "positive" | "date" | "order" }
  | { kind: "below" | "above"; limit: number }
  | { kind: "outside"; from: number; to: number };

/** Names of the form's fields; parameters have "param:" before theirs. */
export type Faults = Readonly<Record<string, Fault>>;

export type Checked = { request: BacktestRequest; faults: null } | { request: null; faults: Faults };

/** A number as people write it: grouped by blanks, with a comma or a point, with either minus. Null for none. */
export function readFigure(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[\s_']/g, "")
    .replace("−", "-")
    .replace(",", ".");
  const value = Number(plain);
  return plain === "" || !Number.isFinite(value) ? null : value;
}

export function defaultTexts(strategy: StrategyDto): ParamTexts {
  return Object.fromEntries(strategy.params.map((param) => [param.name, String(param.default)]));
}

/** The parameters of a run as texts, the defaults where the run names none. */
export function textsOfRun(strategy: StrategyDto, params: readonly ParamValue[]): ParamTexts {
  const given = Object.fromEntries(params.map(({ name, value }) => [name, String(value)]));
  return { ...defaultTexts(strategy), ...given };
}

/** Whether any parameter differs from its default. */
export function isEdited(strategy: StrategyDto, texts: ParamTexts | undefined): boolean {
  return strategy.params.some(({ name, default: initial }) => {
    const text = texts?.[name];
    return text !== undefined && readFigure(text) !== initial;
  });
}

const isWhole = (value: number | null) => value === null || Number.isInteger(value);

export function paramFault(param: ParamDto, text: string): Fault | null {
  const value = readFigure(text);
  if (value === null) return { kind: "number" };
  const wholeOnly = param.step !== null && param.step >= 1 && isWhole(param.step) && isWhole(param.min);
  if (wholeOnly && !Number.isInteger(value)) return { kind: "whole" };
  return limitFault(value, param.min, param.max);
}

function limitFault(value: number, min: number | null, max: number | null): Fault | null {
  if (min !== null && value < min) return { kind: "below", limit: min };
  if (max !== null && value > max) return { kind: "above", limit: max };
  return null;
}

/** The days that are asked for, within what is stored. `to` is the instant after the last day. */
function spanOf(
  terms: Terms,
  series: SeriesDto,
): { from: number | null; to: number | null } | { field: string; fault: Fault } {
  if (terms.span === "all") return { from: null, to: null };
  const from = terms.from.trim() === "" ? null : parseDate(terms.from);
  const to = terms.to.trim() === "" ? null : parseDate(terms.to);
  if (terms.from.trim() !== "" && from === null) return { field: "from", fault: { kind: "date" } };
  if (terms.to.trim() !== "" && to === null) return { field: "to", fault: { kind: "date" } };
  if (from !== null && to !== null && to < from) return { field: "to", fault: { kind: "order" } };
  if (series.first !== null && series.last !== null) {
    const stored: Fault = { kind: "outside", from: series.first, to: series.last };
    if (from !== null && (from + DAY <= series.first || from > series.last)) return { field: "from", fault: stored };
    if (to !== null && (to > series.last || to + DAY <= series.first)) return { field: "to", fault: stored };
  }
  return { from, to: to === null ? null : to + DAY };
}

/** The request, or what keeps it from being made. */
export function checkForm(strategy: StrategyDto, texts: ParamTexts, terms: Terms, series: SeriesDto | null): Checked {
  const faults: Record<string, Fault> = {};
  const params: ParamValue[] = [];
  for (const param of strategy.params) {
    const text = texts[param.name] ?? String(param.default);
    const fault = paramFault(param, text);
    if (fault) faults[`param:${param.name}`] = fault;
    else params.push({ name: param.name, value: readFigure(text) ?? param.default });
  }
  const figure = (field: string, text: string, min: number, max: number | null): number => {
    const value = readFigure(text);
    const fault: Fault | null = value === null ? { kind: "number" } : limitFault(value, min, max);
    if (fault) faults[field] = fault;
    return value ?? 0;
  };
  const cash = figure("cash", terms.cash, 0, null);
  if (cash === 0 && !faults.cash) faults.cash = { kind: "positive" };
  const feePercent = figure("fee", terms.feePercent, 0, 50);
  const slippageBps = figure("slippage", terms.slippageBps, 0, 5_000);
  const amount =
    terms.size === "all" ? 1 : figure("sizeAmount", terms.sizeAmount, 0, terms.size === "percent" ? 100 : null);
  if (amount === 0 && !faults.sizeAmount) faults.sizeAmount = { kind: "positive" };
  if (!series) return { request: null, faults: { ...faults, series: { kind: "noSeries" } } };
  const span = spanOf(terms, series);
  if ("fault" in span) faults[span.field] = span.fault;
  if ("fault" in span || Object.keys(faults).length > 0) return { request: null, faults };
  return {
    faults: null,
    request: {
      strategy: strategy.id,
      seriesId: series.id,
      from: span.from,
      to: span.to,
      params,
      fee: Number((feePercent / 100).toPrecision(12)),
      slippageBps,
      cash,
      size: terms.size === "all" ? "all" : `${terms.size}:${amount}`,
      side: terms.side,
    },
  };
}

/** "10/30": a run's parameters in short. */
export function paramsInShort(run: Pick<RunDto, "params">): string {
  return run.params.map(({ value }) => String(value)).join("/");
}
