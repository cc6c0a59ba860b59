import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import type { RunDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { openInspector } from "../../shell/windowState";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { BacktestBar, type Page } from "./BacktestBar";
import { paramsInShort, textsOfRun } from "./form";
import { changeTerms, setParams, useForm } from "./formStore";
import { MonthlyHeat } from "./MonthlyHeat";
import { NoReport } from "./NoReport";
import { Report } from "./Report";
import { RollingSharpe } from "./RollingSharpe";
import { RunButton, RunOutcome } from "./RunControls";
import { RunDialogs, type RunQuestion } from "./RunDialogs";
import { RunForm } from "./RunForm";
import { RunList } from "./RunList";
import { StrategyList } from "./StrategyList";
import { TradeSpread } from "./TradeSpread";
import { useBacktest } from "./useBacktest";
import { useRunKeys } from "./useRunKeys";
import { useRunner } from "./useRunner";
import { useWide } from "./useWide";

const route = getRouteApi("/backtest");
/** The editor is as big as the rest of the screen together: it is loaded when a script is opened. */
const ScriptPage = lazy(() => import("./ScriptPage").then((page) => ({ default: page.ScriptPage })));

/** Strategies, the form they are run with, and the reports that come of it. */
export function BacktestScreen() {
  const text = useText();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { strategies, runs, stored, strategy, run, series, terms, texts, checked } = useBacktest(search);
  const report = useQuery({ ...queries.run(run?.id ?? 0), enabled: run !== null });
  const scripts = useForm((state) => state.scripts);
  const runner = useRunner();
  const wide = useWide();
  const [page, setPage] = useState<Page>("report");
  const [asking, setAsking] = useState<RunQuestion | null>(null);
  const all = strategies.data ?? [];
  const allSeries = stored.data ?? [];
  const nameOf = (id: string) => all.find((one) => one.id === id)?.title ?? id;
  const fullName = (one: RunDto) => `${nameOf(one.strategy)} ${paramsInShort(one)}`.trim();

  const asked = search.series;
  useEffect(() => {
    if (asked !== undefined) changeTerms({ seriesId: asked });
  }, [asked]);

  const start = () => {
    if (checked?.request && !runner.busy) {
      setPage("report");
      runner.start(checked.request);
    } else if (checked?.faults) openInspector(true);
  };
  useRunKeys(start);
  const chooseRun = (chosen: RunDto) => {
    const of = all.find((one) => one.id === chosen.strategy);
    if (of) setParams(of.id, textsOfRun(of, chosen.params));
    if (chosen.seriesId !== null) changeTerms({ seriesId: chosen.seriesId });
    setPage("report");
    void navigate({ to: "/backtest", search: { run: chosen.id } });
  };

  const runButton = strategy && <RunButton runner={runner} disabled={series === null} onRun={start} />;
  return (
    <Frame
      title={text.shell.screens.backtest}
      bar={
        <BacktestBar
          run={page === "report" ? run : null}
          name={run && page === "report" ? fullName(run) : (strategy?.title ?? "")}
          page={page}
          onPage={setPage}
        >
          {!wide && <div className="shrink-0">{runButton}</div>}
        </BacktestBar>
      }
      list={
        <>
          <QueryView query={strategies}>
            {(found) => (
              <StrategyList
                strategies={found}
                current={strategy?.id ?? null}
                onChoose={(chosen) => void navigate({ to: "/backtest", search: { strategy: chosen.id } })}
              />
            )}
          </QueryView>
          <QueryView query={runs}>
            {(found) => (
              <RunList
                runs={found}
                current={run?.id ?? null}
                nameOf={nameOf}
                onChoose={chooseRun}
                onRemove={(one) => setAsking({ what: "delete", run: one })}
              />
            )}
          </QueryView>
        </>
      }
      inspector={
        strategy && (
          <div className="min-h-0 flex-1 overflow-y-auto">
            <RunForm
              strategy={strategy}
              texts={texts}
              terms={terms}
              all={allSeries}
              series={series}
              faults={checked?.faults ?? null}
              onSubmit={start}
            >
              {wide && runButton}
              <RunOutcome runner={runner} unsaved={strategy.id in scripts} onScript={() => setPage("script")} />
            </RunForm>
            {report.data && (
              <>
                <MonthlyHeat months={report.data.months} />
                <TradeSpread spread={report.data.spread} />
                <RollingSharpe rolling={report.data.rolling} />
              </>
            )}
          </div>
        )
      }
    >
      {page === "script" && strategy ? (
        <Suspense fallback={<Skeleton />}>
          <ScriptPage strategy={strategy} strategies={all} onRun={start} />
        </Suspense>
      ) : run ? (
        <Report
          run={run}
          name={fullName(run)}
          runs={runs.data ?? []}
          decimals={allSeries.find((one) => one.id === run.seriesId)?.priceDecimals ?? 2}
          onNote={() => setAsking({ what: "note", run })}
          onRemove={() => setAsking({ what: "delete", run })}
        />
      ) : (
        <QueryView query={stored}>{(found) => <NoReport hasSeries={found.length > 0} onRun={start} />}</QueryView>
      )}
      <RunDialogs
        question={asking}
        nameOf={fullName}
        onClose={() => setAsking(null)}
        onDeleted={() => void navigate({ to: "/backtest", search: {} })}
      />
    </Frame>
  );
}
