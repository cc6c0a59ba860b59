import { CandlestickChart, ChartLine, ListRestart, RotateCw, StickyNote, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { OpenPositionDto, RunDto, RunReportDto } from "../../backend/bindings";
import { type Catalogue, useText } from "../../i18n/text";
import { otherSeriesOf } from "../../runSymbols";
import { shortHash } from "../../shortHash";
import { Button, IconButton } from "../../widgets/Button";
import { Tooltip } from "../../widgets/Tooltip";
import { showDone } from "../../widgets/toast";
import { ExportMenu } from "./ExportMenu";
import { OpenPositions } from "./OpenPositions";
import { tookFunding } from "./rerun";

interface TradesHeadProps {
  report: RunReportDto;
  /** Other runs with the same hash. */
  twins: readonly RunDto[];
  chartShown: boolean;
  onChartShown: (shown: boolean) => void;
  decimals: (symbol: string | null) => number;
  /** Null where the series of the newest trade is not stored any more. */
  onShowOnChart: (() => void) | null;
  onPosition: (position: OpenPositionDto) => void;
  /** Makes the run once more; null while one is under way. */
  onRerun: (() => void) | null;
  /** Takes the run's inputs into the form. */
  onTake: () => void;
  onNote: () => void;
  onRemove: () => void;
}

/** How many trades, what is missing, the hash that names the result, and what can be done with the run. */
export function TradesHead(props: TradesHeadProps) {
  const { report, twins, chartShown, onChartShown } = props;
  const all = useText().backtest;
  const text = all.trades;
  const { run } = report;
  const open = <OpenPositions key="open" report={report} decimals={props.decimals} onOpen={props.onPosition} />;
  const facts: ReactNode[] = [
    text.closed(run.trades),
    ...(report.openPositions.length > 0 ? [open] : []),
    text.gaps(run.gaps),
    <Hash key="hash" run={run} />,
  ];
  const rerunHint = whyNotAgain(report, all, props.onRerun === null);
  if (twins.length > 0) facts.push(text.sameAs(twins.length));
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 border-line border-b pr-2 pl-3 text-12">
      <h2 className="shrink-0 font-semibold">{text.title}</h2>
      <p className="min-w-0 flex-1 truncate text-faint tabular-nums" data-testid="report-facts">
        {facts.map((fact, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed row of facts
          <span key={index}>
            {index > 0 && " · "}
            {fact}
          </span>
        ))}
      </p>
      <Button
        icon={<CandlestickChart />}
        className="h-6"
        disabled={props.onShowOnChart === null}
        title={props.onShowOnChart === null ? text.seriesGone : text.openHint}
        onClick={() => props.onShowOnChart?.()}
        data-testid="show-on-chart"
      >
        {text.showOnChart}
      </Button>
      <div className="flex">
        <IconButton
          label={chartShown ? all.report.hideChart : all.report.showChart}
          active={chartShown}
          onClick={() => onChartShown(!chartShown)}
          data-testid="toggle-equity"
        >
          <ChartLine />
        </IconButton>
        <IconButton
          label={rerunHint ?? (tookFunding(report) ? all.rerun.againFunding : all.rerun.again)}
          aria-disabled={rerunHint !== null}
          onClick={() => rerunHint === null && props.onRerun?.()}
          className={rerunHint === null ? undefined : "opacity-40"}
          data-testid="run-again"
        >
          <RotateCw />
        </IconButton>
        <IconButton label={all.rerun.take} onClick={props.onTake} data-testid="run-take">
          <ListRestart />
        </IconButton>
        <ExportMenu run={run} />
        <IconButton label={all.runs.note} active={run.note !== ""} onClick={props.onNote} data-testid="run-note">
          <StickyNote />
        </IconButton>
        <IconButton label={all.runs.remove} onClick={props.onRemove} data-testid="run-delete">
          <Trash2 />
        </IconButton>
      </div>
    </div>
  );
}

/** Why a run cannot be made once more; null where it can. */
function whyNotAgain(report: RunReportDto, all: Catalogue["backtest"], busy: boolean): string | null {
  if (busy) return all.form.running;
  if (report.run.seriesId === null || otherSeriesOf(report.run) === null) return all.trades.seriesGone;
  return null;
}

function Hash({ run }: { run: RunDto }) {
  const text = useText().backtest.trades;
  return (
    <Tooltip
      text={
        <span>
          {text.hashAbout} <span className="break-all font-mono text-11">{run.hash}</span>
        </span>
      }
    >
      <button
        type="button"
        data-testid="run-hash"
        data-hash={run.hash}
        className="rounded-sm hover:text-fg"
        onClick={() => void navigator.clipboard.writeText(run.hash).then(() => showDone(text.hashCopied))}
      >
        {text.hash(shortHash(run.hash, 4, 2))}
      </button>
    </Tooltip>
  );
}
