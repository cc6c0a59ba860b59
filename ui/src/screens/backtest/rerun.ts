// A run made once more: the request that gives the same run, and its span as the form has it. Pure.
import type { BacktestRequest, RunDto, RunReportDto, SeriesDto } from "../../backend/bindings";
import { otherSeriesOf } from "../../runSymbols";
import { figureOf } from "./figures";
import type { Terms } from "./terms";

/** Whether a run paid or got funding: the file of its rates is not kept with it, only what they came to in its hash. */
export function tookFunding({ metrics }: Pick<RunReportDto, "metrics">): boolean {
  return (figureOf(metrics, "funding_paid") ?? 0) !== 0;
}

/**
 * The request with everything as the run had it; null where one of its series is not stored any more. `funding` is the file of
 * its rates, where it had one: the hash of the new run shows whether it holds the same.
 */
export function requestOfRun({ run, terms }: RunReportDto, funding: string | null): BacktestRequest | null {
  const otherIds = otherSeriesOf(run);
  if (run.seriesId === null || otherIds === null) return null;
  return {
    strategy: run.strategy,
    seriesId: run.seriesId,
    otherIds,
    from: run.from,
    to: run.to,
    terms: { ...terms, funding },
  };
}

const day = (at: number) => new Date(at).toISOString().slice(0, 10);

/** All that is stored, or the days of the run. */
export function spanOfRun(run: RunDto, series: SeriesDto | null): Pick<Terms, "span" | "from" | "to"> {
  const all = series !== null && run.from <= (series.first ?? 0) && run.to > (series.last ?? Number.POSITIVE_INFINITY);
  return all ? { span: "all", from: "", to: "" } : { span: "dates", from: day(run.from), to: day(run.to - 1) };
}
