import { useQuery } from "@tanstack/react-query";
import { Check, Download, Trash2, X } from "lucide-react";
import { useState } from "react";
import type { JobDto, ModelLineDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { isActive } from "../../backend/useJobs";
import { useText } from "../../i18n/text";
import { titleOf } from "../../shell/jobFigures";
import { Progress } from "../../shell/Progress";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { explain } from "../../widgets/ErrorView";
import { showDone } from "../../widgets/toast";

/** What can be done with a model, how far that is, and why it came to nothing. */
export function ModelActions({ model }: { model: ModelLineDto }) {
  const text = useText().model.actions;
  const [jobId, setJobId] = useState<string | null>(null);
  const jobs = useQuery(queries.jobs()).data ?? [];
  // The newest that was started here, or one that goes on from before.
  const own = jobs.find(({ id }) => id === jobId) ?? null;
  const job =
    own ?? jobs.find((one) => one.kind === "model" && isActive(one) && one.title.endsWith(` ${model.id}`)) ?? null;
  if (job && isActive(job)) return <Running job={job} />;
  if (!job && model.current && model.status.state === "installed") return null;
  return (
    <div className="grid gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Buttons model={model} onJob={setJobId} />
      </div>
      {job?.error && <Trouble job={job} />}
      {job?.state === "cancelled" && <p className="text-11 text-faint">{text.cancelled}</p>}
    </div>
  );
}

function Buttons({ model, onJob }: { model: ModelLineDto; onJob: (id: string) => void }) {
  const text = useText().model.actions;
  const format = useFormat();
  const download = useCommand(() => answer(commands.downloadModel(model.id)));
  const use = useCommand(() => answer(commands.chooseModel(model.id)));
  const remove = useCommand(() => answer(commands.removeModel(model.id)));
  const { state } = model.status;
  const here = state === "installed" || state === "refused";
  return (
    <>
      {state === "installed" && !model.current && (
        <Button
          kind="primary"
          icon={<Check />}
          disabled={use.isPending}
          data-testid="model-use"
          onClick={() => use.mutate(undefined, { onSuccess: () => showDone(text.used(model.title)) })}
        >
          {text.use}
        </Button>
      )}
      {!here && (
        <Button
          kind="primary"
          icon={<Download />}
          disabled={download.isPending}
          data-testid="model-download"
          onClick={() => download.mutate(undefined, { onSuccess: onJob })}
        >
          {state === "partly" ? text.resume : text.download(format.bytes(model.bytes))}
        </Button>
      )}
      {(state === "partly" || (here && model.origin !== "program" && !model.current)) && (
        <Button
          icon={<Trash2 />}
          disabled={remove.isPending}
          data-testid="model-remove"
          onClick={() => remove.mutate(undefined, { onSuccess: () => showDone(text.removed(model.title)) })}
        >
          {text.remove}
        </Button>
      )}
    </>
  );
}

function Running({ job }: { job: JobDto }) {
  const all = useText();
  const text = all.model.actions;
  const format = useFormat();
  const cancel = useCommand(() => answer(commands.cancelJob(job.id)));
  return (
    <div className="flex flex-wrap items-center gap-3 text-12">
      <Progress done={job.done} total={job.total} label={titleOf(job, all.shell.jobs)} className="w-48" />
      <span role="status" className="text-muted tabular-nums" data-testid="model-progress">
        {job.total ? text.progress(format.bytes(job.done), format.bytes(job.total)) : text.running}
        {job.etaMs !== null && job.total ? ` · ${text.left(format.duration(job.etaMs))}` : ""}
      </span>
      <Button
        icon={<X />}
        disabled={cancel.isPending}
        onClick={() => cancel.mutate(undefined)}
        data-testid="model-cancel"
      >
        {text.cancel}
      </Button>
    </div>
  );
}

function Trouble({ job }: { job: JobDto }) {
  const all = useText();
  if (!job.error) return null;
  const { title, cause, advice } = explain(job.error, all);
  return (
    <div
      role="alert"
      data-testid="model-problem"
      className="max-w-[640px] rounded-md border border-danger/50 px-2.5 py-2 text-12"
    >
      <p className="font-medium text-danger">{title}</p>
      <p className="select-text text-muted">{cause}</p>
      <p>{advice}</p>
    </div>
  );
}
