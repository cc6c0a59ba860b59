import { FileUp, Play, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { answer, commands } from "../../backend/client";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Progress } from "../../shell/Progress";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { explain } from "../../widgets/ErrorView";
import { Field, TextInput } from "../../widgets/Field";
import { changeRequest, useModelState } from "./modelStore";
import { type Evaluator, useEvaluator } from "./useEvaluator";

/** The last piece of a path of any system. */
export const fileName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

const FIELDS = [
  { key: "text", label: "textColumn", hint: "byName" },
  { key: "label", label: "labelColumn", hint: "byName" },
  { key: "labels", label: "names", hint: "namesHint" },
] as const;

/** Which file, how it is read, and how far it is. */
export function EvaluationForm() {
  const text = useText().model.check;
  const request = useModelState((state) => state.request);
  const evaluator = useEvaluator();
  const [open, setOpen] = useState(request.text !== null || request.label !== null || request.labels !== null);
  const pick = useCommand(() => answer(commands.pickLabelledFile(text.choose)));
  const choose = () =>
    pick.mutate(undefined, { onSuccess: (path) => (path === null ? undefined : changeRequest({ path })) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (request.path !== "" && !evaluator.busy) evaluator.start(request);
  };
  return (
    <form
      className="grid shrink-0 gap-3 border-line border-b px-4 py-3"
      onSubmit={submit}
      data-testid="evaluation-form"
    >
      <p className="max-w-[84ch] text-12 leading-[18px] text-muted">{text.about}</p>
      <div className="flex flex-wrap items-center gap-2 text-12">
        <Button icon={<FileUp />} onClick={choose} disabled={evaluator.busy} data-testid="evaluation-choose">
          {text.choose}
        </Button>
        <span className="min-w-0 truncate text-muted" title={request.path} data-testid="evaluation-file">
          {request.path === "" ? text.noFile : fileName(request.path)}
        </span>
        <Button kind="ghost" aria-expanded={open} onClick={() => setOpen(!open)} data-testid="evaluation-more">
          {text.more}
        </Button>
        <span className="ml-auto flex items-center gap-2">
          <Start evaluator={evaluator} ready={request.path !== ""} />
        </span>
      </div>
      {open && (
        <div className="grid max-w-[840px] grid-cols-3 gap-3">
          {FIELDS.map(({ key, label, hint }) => (
            <Field key={key} label={text[label]}>
              {({ id, describedBy }) => (
                <TextInput
                  id={id}
                  describedBy={describedBy}
                  value={request[key] ?? ""}
                  placeholder={text[hint]}
                  data-testid={`evaluation-${key}`}
                  onValue={(value) => changeRequest({ [key]: value === "" ? null : value })}
                />
              )}
            </Field>
          ))}
        </div>
      )}
      <Trouble evaluator={evaluator} />
    </form>
  );
}

function Start({ evaluator, ready }: { evaluator: Evaluator; ready: boolean }) {
  const text = useText().model.check;
  const format = useFormat();
  const { job, busy } = evaluator;
  if (!busy) {
    return (
      <Button kind="primary" type="submit" icon={<Play />} disabled={!ready} data-testid="evaluation-start">
        {text.start}
      </Button>
    );
  }
  return (
    <>
      <Progress done={job?.done ?? 0} total={job?.total ?? null} label={text.running} className="w-32" />
      <span role="status" className="text-muted tabular-nums" data-testid="evaluation-progress">
        {job?.total ? text.progress(format.count(job.done), format.count(job.total)) : text.running}
      </span>
      <Button icon={<X />} disabled={job === null} onClick={evaluator.cancel} data-testid="evaluation-cancel">
        {text.cancel}
      </Button>
    </>
  );
}

function Trouble({ evaluator }: { evaluator: Evaluator }) {
  const all = useText();
  if (evaluator.problem) {
    const { title, cause, advice } = explain(evaluator.problem, all);
    return (
      <div
        role="alert"
        data-testid="evaluation-problem"
        className="rounded-md border border-danger/50 px-2.5 py-2 text-12"
      >
        <p className="font-medium text-danger">{title}</p>
        <p className="select-text text-muted">{cause}</p>
        <p>{advice}</p>
      </div>
    );
  }
  return evaluator.cancelled ? <p className="text-11 text-faint">{all.model.check.cancelled}</p> : null;
}
