import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import type { BacktestRequest, RunDto, RunReportDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { openInspector } from "../../shell/windowState";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { showDone } from "../../widgets/toast";
import { BacktestBar, type Page } from "./BacktestBar";
import { BacktestInspector } from "./BacktestInspector";
import { BacktestLists } from "./BacktestLists";
import { ComparePage } from "./ComparePage";
import { DeleteRunDialog } from "./DeleteRunDialog";
import { paramsInShort, textsOfRun } from "./form";
import { changeTerms, setCompared, setParams, useForm } from "./formStore";
import { NoReport } from "./NoReport";
import { Report } from "./Report";
import { RunButton, RunOutcome } from "./RunControls";
import { spanOfRun, tookFunding } from "./rerun";
import { SweepPage } from "./SweepPage";
import { termsOfRun } from "./terms";
import { useBacktest } from "./useBacktest";
import { useRerun } from "./useRerun";
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
  const compared = useForm((state) => state.compared);
  const runner = useRunner();
  const wide = useWide();
  const [page, setPage] = useState<Page>("report");
  const [deleting, setDeleting] = useState<RunDto | null>(null);
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
    if (chosen.others.length > 0) changeTerms({ otherIds: chosen.others.flatMap(({ seriesId }) => seriesId ?? []) });
    setPage("report");
    void navigate({ to: "/backtest", search: { run: chosen.id } });
  };

  const take = (from: RunReportDto) => {
    const of = all.find((one) => one.id === from.run.strategy);
    if (of) setParams(of.id, textsOfRun(of, from.run.params));
    const on = allSeries.find((one) => one.id === from.run.seriesId) ?? null;
    changeTerms({ ...termsOfRun(from), ...spanOfRun(from.run, on) });
    openInspector(true);
    showDone(tookFunding(from) ? text.backtest.rerun.takenNoFunding : text.backtest.rerun.taken);
  };
  const rerun = useRerun(runner);
  const openRow = (request: BacktestRequest) => {
    setPage("report");
    runner.start(request);
  };
  const compare = (ids: readonly number[] = compared) => {
    setCompared(ids);
    setPage("compare");
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
        <BacktestLists
          strategies={strategies}
          runs={runs}
          strategy={strategy?.id ?? null}
          run={run?.id ?? null}
          nameOf={nameOf}
          onRun={chooseRun}
          onRemove={setDeleting}
          onCompare={() => compare()}
        />
      }
      inspector={
        strategy && (
          <BacktestInspector
            form={{ strategy, texts, terms, all: allSeries, series, faults: checked?.faults ?? null, onSubmit: start }}
            report={report.data ?? null}
            onScript={() => setPage("script")}
          >
            {wide && runButton}
            <RunOutcome runner={runner} unsaved={strategy.id in scripts} onScript={() => setPage("script")} />
          </BacktestInspector>
        )
      }
    >
      {page === "script" && strategy ? (
        <Suspense fallback={<Skeleton />}>
          <ScriptPage strategy={strategy} strategies={all} onRun={start} />
        </Suspense>
      ) : page === "sweep" && strategy ? (
        <SweepPage strategy={strategy} base={checked?.request ?? null} onOpen={runner.busy ? null : openRow} />
      ) : page === "compare" ? (
        <ComparePage compared={compared} nameOf={nameOf} fullName={fullName} onOpen={chooseRun} />
      ) : run ? (
        <Report
          run={run}
          name={fullName(run)}
          runs={runs.data ?? []}
          stored={allSeries}
          against={search.run === run.id ? (search.against ?? null) : null}
          onRemove={() => setDeleting(run)}
          onRerun={runner.busy ? null : rerun}
          onTake={take}
          onCompare={compare}
        />
      ) : (
        <QueryView query={stored}>{(found) => <NoReport hasSeries={found.length > 0} onRun={start} />}</QueryView>
      )}
      {deleting && (
        <DeleteRunDialog
          run={deleting}
          name={fullName(deleting)}
          onClose={() => setDeleting(null)}
          onDeleted={() => void navigate({ to: "/backtest", search: {} })}
        />
      )}
    </Frame>
  );
}
