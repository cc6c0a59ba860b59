// What a sweep tries, as typed, and the request that it makes. Pure.
import type { BacktestRequest, ParamDto, StrategyDto, SweepAxisDto, SweepRequest } from "../../backend/bindings";
import { type Fault, readFigure } from "./faults";
import { paramFault } from "./form";

/** Most runs that the program keeps of a sweep. */
export const MOST_RUNS = 10_000;
/** More would not be seen on one screen. */
export const MOST_AXES = 2;

/** A parameter and its values, as typed. */
export interface AxisTexts {
  name: string;
  from: string;
  to: string;
  step: string;
}

export type AxisField = "from" | "to" | "step";
export type AxisFaults = Readonly<Partial<Record<AxisField, Fault>>>;

export interface CheckedAxis {
  /** Null while something is wrong with it. */
  axis: SweepAxisDto | null;
  /** How many values it has; 0 while something is wrong with it. */
  count: number;
  faults: AxisFaults;
}

export interface CheckedSweep {
  axes: readonly CheckedAxis[];
  /** Null while the axes or the form are at fault, or there are too many runs. */
  request: SweepRequest | null;
  /** How many runs there would be; 0 while an axis is at fault. */
  runs: number;
}

/** What is offered first: about ten values over all that the parameter takes. */
export function usualAxis(param: ParamDto): AxisTexts {
  const step = param.step ?? 1;
  const from = param.min ?? Math.min(param.default / 2, param.default * 2);
  const to = param.max ?? Math.max(param.default / 2, param.default * 2);
  const wide = step * Math.max(1, Math.ceil((to - from) / step / 10));
  return { name: param.name, from: tidy(from), to: tidy(to), step: tidy(wide) };
}

/** The axes as they stand: those chosen that the strategy has, else its first parameters. */
export function axesOf(strategy: StrategyDto, chosen: readonly AxisTexts[] | undefined): readonly AxisTexts[] {
  const known = chosen?.filter(({ name }) => strategy.params.some((param) => param.name === name)) ?? [];
  return known.length > 0 ? known : strategy.params.slice(0, MOST_AXES).map(usualAxis);
}

export function checkAxis(param: ParamDto, texts: AxisTexts): CheckedAxis {
  const faults: Partial<Record<AxisField, Fault>> = {};
  for (const field of ["from", "to"] as const) {
    const fault = paramFault(param, texts[field]);
    if (fault) faults[field] = fault;
  }
  const [from, to, step] = [texts.from, texts.to, texts.step].map(readFigure);
  if (step === null || step === undefined) faults.step = { kind: "number" };
  else if (step <= 0) faults.step = { kind: "positive" };
  else if (paramFault({ ...param, min: param.min === null ? null : 0, max: null }, texts.step)?.kind === "whole")
    faults.step = { kind: "whole" };
  if (from != null && to != null && from > to && !faults.to) faults.to = { kind: "order" };
  if (Object.keys(faults).length > 0 || from == null || to == null || step == null)
    return { axis: null, count: 0, faults };
  return { axis: { name: param.name, from, to, step }, count: countOf(from, to, step), faults };
}

/** How many values there are from one to the other; a last one that rounding puts just beyond the end still belongs. */
export const countOf = (from: number, to: number, step: number): number => Math.floor((to - from) / step + 1e-9) + 1;

/** `base` is what the form asks for; null where the form is at fault. */
export function checkSweep(
  strategy: StrategyDto,
  texts: readonly AxisTexts[],
  base: BacktestRequest | null,
): CheckedSweep {
  const axes = texts.flatMap((one) => {
    const param = strategy.params.find(({ name }) => name === one.name);
    return param ? [checkAxis(param, one)] : [];
  });
  const runs = axes.length === 0 ? 0 : axes.reduce((product, { count }) => product * count, 1);
  const found = axes.flatMap(({ axis }) => axis ?? []);
  const fine = base !== null && runs > 0 && runs <= MOST_RUNS && found.length === axes.length;
  return { axes, runs, request: fine ? { run: base, axes: found } : null };
}

/** The request of one run of a sweep, to be made as a backtest of its own. */
export function requestOfRow({ run, axes }: SweepRequest, values: readonly number[]): BacktestRequest {
  const tried = axes.map(({ name }, at) => ({ name, value: values[at] ?? 0 }));
  const others = run.terms.params.filter(({ name }) => !axes.some((axis) => axis.name === name));
  return { ...run, terms: { ...run.terms, params: [...others, ...tried] } };
}

/** Without what rounding left. */
function tidy(value: number): string {
  return String(Number(value.toPrecision(12)));
}
