// Jobs as the screens follow them that started them.
import { useQuery } from "@tanstack/react-query";
import type { JobDto, JobKindDto, SeriesDto, SeriesKeyDto } from "./bindings";
import { queries } from "./queries";

export function isActive(job: JobDto): boolean {
  return job.state === "running" || job.state === "queued";
}

/** The job of a kind that is under way, if there is one. */
export function useActiveJob(kind: JobKindDto): JobDto | null {
  return useQuery(queries.jobs()).data?.find((job) => job.kind === kind && isActive(job)) ?? null;
}

/** One job by its id; null until it is known. */
export function useJob(id: string | null): JobDto | null {
  return useQuery(queries.jobs()).data?.find((job) => job.id === id) ?? null;
}

/** Whether a job works on the candles of a series, by its number or by its name. */
export function worksOn(job: JobDto, series: SeriesKeyDto & { id?: number }): boolean {
  const key = job.seriesKey;
  return (
    (job.seriesId !== null && job.seriesId === series.id) ||
    (key !== null && key.venue === series.venue && key.symbol === series.symbol && key.interval === series.interval)
  );
}

/** The job under way on a series, stored or yet to be. */
export function useSeriesJob(series: SeriesKeyDto | SeriesDto): JobDto | null {
  return useQuery(queries.jobs()).data?.find((job) => isActive(job) && worksOn(job, series)) ?? null;
}
