// Jobs as the screens follow them that started them.
import { useQuery } from "@tanstack/react-query";
import type { JobDto, JobKindDto } from "./bindings";
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
