// Where an indicator is going to be drawn, and what it is held against, before it is added.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { IndicatorDto, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { MOST_OWN, paneOf } from "../../chart/drawnLines";
import { type ChosenIndicator, usePreferences } from "../../preferences";
import { freshIndicator } from "./useIndicators";

export interface Placing {
  /** The indicator as it would be added; null where something is missing. */
  ready: ChosenIndicator | null;
  /** The series it can be held against; empty for one that takes no second series. */
  others: readonly SeriesDto[];
  other: SeriesDto | null;
  setOther: (id: number) => void;
  /** Panes of other indicators, with what is drawn in them. */
  panes: readonly { pane: string; titles: readonly string[] }[];
  /** The pane it is to share; its own when null. */
  pane: string | null;
  setPane: (pane: string | null) => void;
  /** Whether no further pane fits. */
  full: boolean;
}

/** Panes of their own that are in use, and what is drawn in each. */
export function ownPanes(
  chosen: readonly ChosenIndicator[],
  known: readonly IndicatorDto[],
): { pane: string; titles: string[] }[] {
  const panes = new Map<string, string[]>();
  for (const one of chosen) {
    const about = known.find((indicator) => indicator.id === one.id);
    if (about?.pane !== "own") continue;
    panes.set(paneOf(one), [...(panes.get(paneOf(one)) ?? []), about.title]);
  }
  return [...panes].map(([pane, titles]) => ({ pane, titles }));
}

/** The series that a chart's indicator can be held against: other symbols, with candles of the same length. */
export function possibleOthers(series: SeriesDto, all: readonly SeriesDto[]): SeriesDto[] {
  return all.filter(
    (one) =>
      one.interval === series.interval &&
      one.id !== series.id &&
      !(one.symbol === series.symbol && one.venue === series.venue),
  );
}

export function usePlacing(indicator: IndicatorDto | null, series: SeriesDto): Placing {
  const all = useQuery(queries.series()).data ?? [];
  const known = useQuery(queries.indicators()).data ?? [];
  const chosen = usePreferences((state) => state.indicators);
  const [wanted, setWanted] = useState<number | null>(null);
  const [shared, setShared] = useState<string | null>(null);
  const needsOther = indicator?.input === "other";
  const others = needsOther ? possibleOthers(series, all) : [];
  const other = others.find((one) => one.id === wanted) ?? others[0] ?? null;
  const panes = ownPanes(chosen, known);
  const isOwn = indicator?.pane === "own";
  const pane = isOwn && panes.some((one) => one.pane === shared) ? shared : null;
  const hasPane = panes.some((one) => one.pane === (pane ?? indicator?.id));
  const full = isOwn && !hasPane && panes.length >= MOST_OWN;
  const missing = full || (needsOther && other === null);
  return {
    ready:
      indicator && !missing
        ? freshIndicator(indicator, needsOther && other ? { venue: other.venue, symbol: other.symbol } : null, pane)
        : null,
    others,
    other,
    setOther: setWanted,
    panes: isOwn ? panes.filter((one) => one.pane !== indicator.id) : [],
    pane,
    setPane: setShared,
    full,
  };
}
