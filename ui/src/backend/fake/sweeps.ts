// Sweeps of the in-memory program: every run is one of its runs; how far they can be believed is made up.
import type { OverfittingDto, SweepDto, SweepReportDto, SweepRequest, SweepRowDto } from "../bindings";
import type { Commands } from "../client";
import { failed, ok } from "./answers";
import { runOn } from "./backtests";
import type { Book } from "./candles";
import { fakeNow } from "./clock";
import { startJob } from "./jobs";
import { announce, type World } from "./world";

export function sweepCommands(world: World): Pick<Commands, "runSweep" | "listSweeps" | "readSweep" | "deleteSweep"> {
  return {
    runSweep: (request) => {
      const book = world.books.find(({ series }) => series.id === request.run.seriesId);
      if (!book) return failed("not_found", `sweeping ${request.run.strategy}: there is no such series`);
      if (world.strategies.find(({ id }) => id === request.run.strategy)?.rotates)
        return failed("invalid", "a sweep runs over one symbol, and this strategy rotates over several");
      return ok(
        startJob(world, "sweep", request.run.strategy, { total: setsOf(request).length, unit: "runs" }, () => {
          const id = Math.max(0, ...world.sweeps.map(({ sweep }) => sweep.id)) + 1;
          world.sweeps = [sweepOn(book, request, id), ...world.sweeps];
          announce(world, { type: "sweepFinished", sweepId: id });
          return { id };
        }),
      );
    },
    listSweeps: () => ok(world.sweeps.map(({ sweep }) => sweep)),
    readSweep: (id) => {
      const report = world.sweeps.find(({ sweep }) => sweep.id === id);
      return report ? ok(report) : failed("not_found", `reading sweep ${id}: there is no such sweep`);
    },
    deleteSweep: (id) => {
      world.sweeps = world.sweeps.filter(({ sweep }) => sweep.id !== id);
      announce(world, { type: "sweepFinished", sweepId: id });
      return ok(null);
    },
  };
}

/** What each run of a sweep sets its axes to; the last axis changes fastest. */
function setsOf({ axes }: SweepRequest): number[][] {
  const tried = axes.map(({ from, to, step }) =>
    Array.from({ length: Math.floor((to - from) / step + 1e-9) + 1 }, (_, at) =>
      Number((from + at * step).toPrecision(12)),
    ),
  );
  return tried.reduce<number[][]>(
    (sets, values) => sets.flatMap((set) => values.map((value) => [...set, value])),
    [[]],
  );
}

/** Sweeps a book. */
export function sweepOn(book: Book, request: SweepRequest, id: number): SweepReportDto {
  const { run, axes } = request;
  const sets = setsOf(request);
  const fixed = run.terms.params.filter(({ name }) => !axes.some((axis) => axis.name === name));
  const one = (values: number[]) =>
    runOn(
      book,
      {
        ...run,
        terms: {
          ...run.terms,
          params: [...fixed, ...axes.map(({ name }, at) => ({ name, value: values[at] ?? 0 }))],
        },
      },
      0,
    );
  const reports = sets.map(one);
  const [first] = reports;
  const rows = reports.map((report, at): SweepRowDto => {
    const figure = (name: string) => report.metrics.find(({ id }) => id === name)?.value ?? null;
    const { totalReturn, sharpe, maxDrawdown, trades } = report.run;
    return {
      values: sets[at] ?? [],
      figures: {
        totalReturn,
        sharpe,
        sortino: figure("bar_sortino"),
        maxDrawdown,
        trades,
        winRate: figure("win_rate"),
        profitFactor: figure("profit_factor"),
      },
      problem: null,
    };
  });
  const { series } = book;
  const sweep: SweepDto = {
    id,
    strategy: run.strategy,
    seriesId: series.id,
    venue: series.venue,
    symbol: series.symbol,
    interval: series.interval,
    from: first?.run.from ?? 0,
    to: first?.run.to ?? 0,
    axes: axes.map(({ name }) => name),
    runs: rows.length,
    finished: fakeNow(),
    hash: first?.run.hash ?? "",
  };
  return {
    sweep,
    request,
    params: fixed,
    bars: first?.run.bars ?? 0,
    benchmarkReturn: first?.run.benchmarkReturn ?? 0,
    overfitting: overfittingOf(rows),
    rows,
  };
}

function overfittingOf(rows: readonly SweepRowDto[]): OverfittingDto {
  const ratios = rows.map((row) => row.figures?.sharpe ?? null);
  const trials = ratios.filter((ratio) => ratio !== null).length;
  const largest = Math.max(...ratios.map((ratio) => ratio ?? Number.NEGATIVE_INFINITY));
  const best = trials === 0 ? null : ratios.indexOf(largest);
  if (trials < 2) {
    const none = trials === 0 ? "noTrials" : "oneTrial";
    return {
      trials,
      best,
      deflatedSharpe: null,
      noDeflatedSharpe: none,
      probability: null,
      noProbability: none,
    };
  }
  return {
    trials,
    best,
    deflatedSharpe: {
      value: 0.62,
      sharpe: largest / Math.sqrt(8_760),
      expectedMaximum: 0.0121,
      skewness: 0.4,
      kurtosis: 9.1,
    },
    noDeflatedSharpe: null,
    probability: { value: 0.284, parts: 16, combinations: 12_870 },
    noProbability: null,
  };
}
