// The strategy's parameters as typed, and the request that the form makes. Pure.
import type { BacktestRequest, ParamDto, ParamValue, RunDto, SeriesDto, StrategyDto } from "../../backend/bindings";
import { parseDate } from "../../shell/dialogs/span";
import { type Fault, type Faults, limitFault, readFigure } from "./faults";
import { chosenOthers, othersFault, possibleOthers, termsOfRotation } from "./rotation";
import { hasStop, rulesOf } from "./scriptRules";
import { checkTerms, type Terms } from "./terms";

const DAY = 86_400_000;

/** Parameters as typed, by name. */
export type ParamTexts = Readonly<Record<string, string>>;

export type Checked = { request: BacktestRequest; faults: null } | { request: null; faults: Faults };

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

/** The minutes of a series' symbol; null where none are stored. */
export function minutesOf(series: SeriesDto | null, all: readonly SeriesDto[]): SeriesDto | null {
  if (!series) return null;
  const { venue, symbol } = series;
  return (
    all.find((one) => one.venue === venue && one.symbol === symbol && one.interval === "1m" && one.rows > 0) ?? null
  );
}

/** The request, or what keeps it from being made. `all` are the stored series. */
export function checkForm(
  strategy: StrategyDto,
  texts: ParamTexts,
  entered: Terms,
  series: SeriesDto | null,
  all: readonly SeriesDto[] = [],
): Checked {
  const terms = strategy.rotates ? termsOfRotation(entered) : entered;
  const faults: Record<string, Fault> = {};
  const params: ParamValue[] = [];
  for (const param of strategy.params) {
    const text = texts[param.name] ?? String(param.default);
    const fault = paramFault(param, text);
    if (fault) faults[`param:${param.name}`] = fault;
    else params.push({ name: param.name, value: readFigure(text) ?? param.default });
  }
  const surroundings = { series, minutes: minutesOf(series, all), hasStop: hasStop(rulesOf(strategy.source)) };
  const checked = checkTerms(terms, params, surroundings);
  Object.assign(faults, checked.faults);
  if (!series) return { request: null, faults: { ...faults, series: { kind: "noSeries" } } };
  const span = spanOf(terms, series);
  if ("fault" in span) faults[span.field] = span.fault;
  const others = strategy.rotates ? chosenOthers(terms.otherIds, possibleOthers(series, all)) : [];
  const together = strategy.rotates ? othersFault(others, "fault" in span ? { from: null, to: null } : span) : null;
  if (together) faults.others = together;
  if ("fault" in span || Object.keys(faults).length > 0) return { request: null, faults };
  return {
    faults: null,
    request: {
      strategy: strategy.id,
      seriesId: series.id,
      otherIds: others.map(({ id }) => id),
      from: span.from,
      to: span.to,
      terms: checked.terms,
    },
  };
}

/** "10/30": a run's parameters in short. */
export function paramsInShort(run: Pick<RunDto, "params">): string {
  return run.params.map(({ value }) => String(value)).join("/");
}
