import { Play, X } from "lucide-react";
import { useText } from "../../i18n/text";
import { Progress } from "../../shell/Progress";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { explain } from "../../widgets/ErrorView";
import type { Runner } from "./useRunner";

/** The one primary action of the screen; while it runs, how far it is. */
export function RunButton({ runner, disabled, onRun }: { runner: Runner; disabled: boolean; onRun: () => void }) {
  const text = useText().backtest.form;
  const format = useFormat();
  const { job, busy } = runner;
  if (busy) {
    return (
      <div className="flex h-7 min-w-44 items-center gap-2 text-12 text-muted" data-testid="run-progress">
        <Progress done={job?.done ?? 0} total={job?.total ?? null} label={text.running} className="min-w-16 flex-1" />
        <span role="status" className="tabular-nums">
          {job?.total ? format.percent(job.done / job.total, 0) : text.running}
        </span>
        <Button icon={<X />} disabled={job === null} onClick={runner.cancel} data-testid="run-cancel">
          {text.cancel}
        </Button>
      </div>
    );
  }
  return (
    <Button
      kind="primary"
      icon={<Play />}
      keys="Ctrl ↵"
      disabled={disabled}
      onClick={onRun}
      className="w-full"
      data-testid="run-backtest"
    >
      {text.run}
    </Button>
  );
}

interface RunOutcomeProps {
  runner: Runner;
  unsaved: boolean;
  /** Leads to the script, where a mistake in it is shown at its place. */
  onScript: () => void;
}

/** Why the last run came to nothing, or what to know before the next. */
export function RunOutcome({ runner, unsaved, onScript }: RunOutcomeProps) {
  const all = useText();
  const text = all.backtest.form;
  const { problem } = runner;
  if (problem) {
    const { title, cause, advice } = explain(problem, all);
    return (
      <div role="alert" data-testid="run-problem" className="rounded-md border border-danger/50 px-2.5 py-2 text-12">
        <p className="font-medium text-danger">{title}</p>
        <p className="select-text text-muted">{cause}</p>
        <p>{advice}</p>
        {problem.code === "invalid" && (
          <Button kind="ghost" className="mt-1 -ml-2 h-6 px-2" onClick={onScript}>
            {text.openScript}
          </Button>
        )}
      </div>
    );
  }
  if (runner.cancelled) return <p className="text-11 text-faint">{text.cancelled}</p>;
  if (unsaved) return <p className="text-11 text-warn">{text.unsaved}</p>;
  return null;
}
