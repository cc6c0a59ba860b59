import { useEffect } from "react";
import type { ImportPreviewDto, ImportRequest } from "../../backend/bindings";
import { isActive, useJob } from "../../backend/useJobs";
import { useText } from "../../i18n/text";
import { Button } from "../../widgets/Button";
import { JobRow } from "../JobRow";
import { closeDialog } from "../windowState";
import { ImportOutcome } from "./ImportOutcome";

interface ImportResultProps {
  job: string;
  request: ImportRequest;
  preview: ImportPreviewDto;
  onEnded: (ended: boolean) => void;
  onAnother: () => void;
}

/** How far an import is, and what came of it. */
export function ImportResult({ job: id, request, preview, onEnded, onAnother }: ImportResultProps) {
  const all = useText();
  const text = all.data.importDialog;
  const job = useJob(id);
  const ended = job !== null && !isActive(job);
  useEffect(() => onEnded(ended), [onEnded, ended]);
  if (!job) return <p className="p-6 text-center text-12 text-muted">{text.reading}</p>;
  if (!ended || job.state !== "succeeded") {
    return (
      <div className="grid gap-3">
        {ended && <h3 className="text-13 font-semibold">{text.stopped}</h3>}
        <ul className="rounded-md border border-line" data-testid="import-run">
          <JobRow job={job} />
        </ul>
        {ended && <p className="text-12 text-muted">{text.stoppedAbout}</p>}
        <div className="flex justify-end gap-2">
          {ended && <Button onClick={onAnother}>{text.another}</Button>}
          <Button onClick={closeDialog}>{ended ? all.shell.states.close : text.background}</Button>
        </div>
      </div>
    );
  }
  return <ImportOutcome job={job} request={request} preview={preview} onAnother={onAnother} />;
}
