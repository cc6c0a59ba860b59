// The indicators on the chart, as they are chosen and as they are asked for.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { IndicatorDto, IndicatorRequest, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { type ChosenIndicator, usePreferences } from "../../preferences";

/** Ids kept as recently added. */
const RECENT = 8;

export interface Asked {
  /** Place among those chosen. */
  owner: number;
  request: IndicatorRequest;
}

/** The series of the chart's interval that a choice of a second one means; null where none is stored. */
export function otherSeries(
  other: ChosenIndicator["other"],
  series: SeriesDto,
  all: readonly SeriesDto[],
): SeriesDto | null {
  if (!other) return null;
  const fits = (one: SeriesDto) =>
    one.venue === other.venue && one.symbol === other.symbol && one.interval === series.interval;
  return all.find(fits) ?? null;
}

/** What can be drawn of what is chosen: one that needs a second series waits until there is one. */
export function askedOf(chosen: readonly ChosenIndicator[], series: SeriesDto, all: readonly SeriesDto[]): Asked[] {
  return chosen.flatMap(({ id, params, other }, owner) => {
    const second = otherSeries(other, series, all);
    if (other !== null && second === null) return [];
    return [{ owner, request: { id, params, other: second?.id ?? null } }];
  });
}

export function useIndicators(series: SeriesDto) {
  const chosen = usePreferences((state) => state.indicators);
  const all = useQuery(queries.series()).data;
  const asked = useMemo(() => askedOf(chosen, series, all ?? []), [chosen, series, all]);
  const requests = useMemo(() => asked.map(({ request }) => request), [asked]);
  return { chosen, asked, requests };
}

/** A new one with the catalogue's parameters. */
export function freshIndicator(
  indicator: IndicatorDto,
  other: ChosenIndicator["other"] = null,
  pane: string | null = null,
): ChosenIndicator {
  return { id: indicator.id, params: indicator.params.map((param) => param.default), other, hidden: false, pane };
}

export function addIndicator(added: ChosenIndicator): void {
  const { indicators, recentIndicators, set } = usePreferences.getState();
  const recent = [added.id, ...recentIndicators.filter((id) => id !== added.id)].slice(0, RECENT);
  set({ indicators: [...indicators, added], recentIndicators: recent });
}

export function changeIndicator(place: number, change: Partial<ChosenIndicator>): void {
  const { indicators, set } = usePreferences.getState();
  set({ indicators: indicators.map((one, at) => (at === place ? { ...one, ...change } : one)) });
}

export function removeIndicator(place: number): void {
  const { indicators, set } = usePreferences.getState();
  set({ indicators: indicators.filter((_, at) => at !== place) });
}

export function toggleFavourite(id: string): void {
  const { favouriteIndicators, set } = usePreferences.getState();
  const kept = favouriteIndicators.filter((one) => one !== id);
  set({ favouriteIndicators: kept.length < favouriteIndicators.length ? kept : [...kept, id] });
}
