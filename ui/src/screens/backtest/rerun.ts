// A run made once more: the request that gives the same run, and its span as the form has it. Pure.
import type { BacktestRequest, RunDto, RunReportDto, SeriesDto } from "../../backend/bindings";
import { otherSeriesOf } from "../../runSymbols";
import type { Terms } from "./terms";

/** The request with everything as the run had it; null where one of its series is not stored any more. */
export function requestOfRun({ run, terms }: RunReportDto): BacktestRequest | null {
  const otherIds = otherSeriesOf(run);
  if (run.seriesId === null || otherIds === null) return null;
  return { strategy: run.strategy, seriesId: run.seriesId, otherIds, from: run.from, to: run.to, terms };
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** All that is stored, or the days of the run. */
export function spanOfRun(run: RunDto, series: SeriesDto | null): Pick<Terms, "span" | "from" | "to"> {
  const all = series !== null && run.from <= (series.first ?? 0) && run.to > (series.last ?? Number.POSITIVE_INFINITY);
  return all ? { span: "all", from: "", to: "" } : { span: "dates", from: day(run.from), to: day(run.to - 1) };
}
