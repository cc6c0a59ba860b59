import { Play, Plus, X } from "lucide-react";
import type { BacktestRequest, StrategyDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { Progress } from "../../shell/Progress";
import { openInspector } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { explain } from "../../widgets/ErrorView";
import { SweepAxisRow } from "./SweepAxisRow";
import { type AxisTexts, axesOf, checkSweep, MOST_AXES, MOST_RUNS, usualAxis } from "./sweep";
import { setAxes, useSweepState } from "./sweepStore";
import { type Sweeper, useSweeper } from "./useSweeper";

interface SweepFormProps {
  strategy: StrategyDto;
  /** What the form beside it asks for; null where that is at fault. */
  base: BacktestRequest | null;
}

/** One or two parameters with the values that are tried, how many runs that makes, and the start. */
export function SweepForm({ strategy, base }: SweepFormProps) {
  const text = useText().sweep;
  const format = useFormat();
  const sweeper = useSweeper();
  const texts = axesOf(
    strategy,
    useSweepState((state) => state.axes[strategy.id]),
  );
  const checked = checkSweep(strategy, texts, base);
  const { runs, request } = checked;
  const free = strategy.params.filter(({ name }) => !texts.some((one) => one.name === name));
  const [next] = free;
  const change = (at: number, axis: AxisTexts | null) =>
    setAxes(
      strategy.id,
      texts.flatMap((one, index) => (index === at ? (axis ?? []) : one)),
    );

  if (strategy.rotates) return <p className="border-line border-b p-3 text-12 text-muted">{text.noRotation}</p>;
  if (strategy.params.length === 0)
    return <p className="border-line border-b p-3 text-12 text-muted">{text.noParams}</p>;
  const why =
    base === null
      ? text.formFault
      : runs === 0
        ? text.axisFault
        : runs > MOST_RUNS
          ? text.tooMany(format.count(runs), format.count(MOST_RUNS))
          : null;
  return (
    <form
      aria-label={text.title}
      className="grid shrink-0 gap-2 border-line border-b px-3 py-2.5"
      data-testid="sweep-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (request && !sweeper.busy) sweeper.start(request);
        else if (base === null) openInspector(true);
      }}
    >
      {texts.map((axis, at) => (
        <SweepAxisRow
          // biome-ignore lint/suspicious/noArrayIndexKey: the place is what stays when another parameter is chosen
          key={at}
          at={at}
          params={strategy.params.filter((param) => param.name === axis.name || free.includes(param))}
          texts={axis}
          checked={checked.axes[at] ?? { axis: null, count: 0, faults: {} }}
          onChange={(changed) => change(at, changed)}
          onRemove={texts.length > 1 ? () => change(at, null) : null}
        />
      ))}
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1.5 text-12">
        {texts.length < MOST_AXES && next && (
          <Button
            kind="ghost"
            icon={<Plus />}
            className="-ml-2.5"
            onClick={() => setAxes(strategy.id, [...texts, usualAxis(next)])}
            data-testid="sweep-add"
          >
            {text.add}
          </Button>
        )}
        <span className="font-medium tabular-nums" role="status" data-testid="sweep-runs">
          {runs > 0 ? text.runs(runs) : ""}
        </span>
        {why !== null && (
          <span className="min-w-0 text-warn" id="sweep-why" data-testid="sweep-why">
            {why}
          </span>
        )}
        <span className="ml-auto flex items-center gap-2">
          <Start sweeper={sweeper} ready={request !== null} described={why === null ? undefined : "sweep-why"} />
        </span>
      </div>
      <SweepTrouble sweeper={sweeper} />
    </form>
  );
}

function Start({ sweeper, ready, described }: { sweeper: Sweeper; ready: boolean; described: string | undefined }) {
  const text = useText().sweep;
  const format = useFormat();
  const { job, busy } = sweeper;
  if (!busy) {
    return (
      <Button
        type="submit"
        icon={<Play />}
        aria-disabled={!ready}
        aria-describedby={described}
        className={ready ? undefined : "opacity-45"}
        data-testid="sweep-start"
      >
        {text.start}
      </Button>
    );
  }
  return (
    <>
      <Progress done={job?.done ?? 0} total={job?.total ?? null} label={text.running} className="w-32" />
      <span role="status" className="text-muted tabular-nums" data-testid="sweep-progress">
        {job?.total ? text.progress(format.count(job.done), format.count(job.total)) : text.running}
      </span>
      <Button icon={<X />} disabled={job === null} onClick={sweeper.cancel} data-testid="sweep-cancel">
        {text.cancel}
      </Button>
    </>
  );
}

function SweepTrouble({ sweeper }: { sweeper: Sweeper }) {
  const all = useText();
  if (sweeper.problem) {
    const { title, cause, advice } = explain(sweeper.problem, all);
    return (
      <div role="alert" data-testid="sweep-problem" className="rounded-md border border-danger/50 px-2.5 py-2 text-12">
        <p className="font-medium text-danger">{title}</p>
        <p className="select-text text-muted">{cause}</p>
        <p>{advice}</p>
      </div>
    );
  }
  return sweeper.cancelled ? <p className="text-11 text-faint">{all.sweep.cancelled}</p> : null;
}
