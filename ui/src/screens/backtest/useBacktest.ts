// What the Backtest screen shows, from its address, the stored things and the form.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { RunDto, SeriesDto, StrategyDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { usePreferences } from "../../preferences";
import type { BacktestSearch } from "../../router";
import { otherSeriesOf } from "../../runSymbols";
import { checkForm, defaultTexts, textsOfRun } from "./form";
import { useForm } from "./formStore";
import type { Terms } from "./terms";

/** The strategy a newcomer begins with. */
const FIRST_STRATEGY = "sma-cross";

export interface Choice {
  strategy: StrategyDto | null;
  run: RunDto | null;
}

/** The run asked for, or the newest of the strategy asked for, or the newest of all; and the strategy that belongs to it. */
export function chooseRun(strategies: readonly StrategyDto[], runs: readonly RunDto[], search: BacktestSearch): Choice {
  const asked = runs.find((run) => run.id === search.run);
  const newest = runs.reduce<RunDto | null>(
    (best, run) =>
      (search.strategy === undefined || run.strategy === search.strategy) && (!best || run.finished > best.finished)
        ? run
        : best,
    null,
  );
  const run = asked ?? newest;
  const id = search.strategy ?? run?.strategy ?? FIRST_STRATEGY;
  const strategy = strategies.find((one) => one.id === id) ?? strategies[0] ?? null;
  return { strategy, run };
}

/** The series of the form: the chosen, the last looked-at on the chart, or the first. */
export function chooseFormSeries(
  all: readonly SeriesDto[],
  chosen: number | null,
  last: number | null,
): SeriesDto | null {
  return all.find((one) => one.id === chosen) ?? all.find((one) => one.id === last) ?? all[0] ?? null;
}

/** The series of the form; where nothing was chosen yet, those of a shown run on several symbols. */
export function seriesTerms(entered: Terms, strategy: StrategyDto | null, run: RunDto | null): Terms {
  const shown = strategy?.rotates && run?.strategy === strategy.id && run.others.length > 0 ? run : null;
  if (entered.otherIds !== null || !shown) return entered;
  return { ...entered, seriesId: entered.seriesId ?? shown.seriesId, otherIds: otherSeriesOf(shown) };
}

export function useBacktest(search: BacktestSearch) {
  const strategies = useQuery(queries.strategies());
  const runs = useQuery(queries.runs());
  const stored = useQuery(queries.series());
  const entered = useForm((state) => state.terms);
  const params = useForm((state) => state.params);
  const last = usePreferences((state) => state.lastSeries);
  const { strategy, run } = useMemo(
    () => chooseRun(strategies.data ?? [], runs.data ?? [], search),
    [strategies.data, runs.data, search],
  );
  const terms = seriesTerms(entered, strategy, run);
  const series = chooseFormSeries(stored.data ?? [], terms.seriesId, last);
  // Nothing typed yet: the form stands as the shown run was made, so that running again gives the same hash.
  const ofRun = strategy && run?.strategy === strategy.id ? textsOfRun(strategy, run.params) : null;
  const texts = strategy ? (params[strategy.id] ?? ofRun ?? defaultTexts(strategy)) : {};
  return {
    strategies,
    runs,
    stored,
    strategy,
    run,
    series,
    terms,
    texts,
    checked: strategy ? checkForm(strategy, texts, terms, series, stored.data) : null,
  };
}
