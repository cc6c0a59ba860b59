import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { ImportPreviewDto, ImportRequest, JobDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { isActive, useJob } from "../../backend/useJobs";
import { useText } from "../../i18n/text";
import { GapList } from "../../screens/data/GapList";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { JobRow } from "../JobRow";
import { closeDialog } from "../windowState";
import { RejectedRows } from "./RejectedRows";

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
  return <Outcome job={job} request={request} preview={preview} onAnother={onAnother} />;
}

function Outcome({
  job,
  request,
  preview,
  onAnother,
}: {
  job: JobDto;
  request: ImportRequest;
  preview: ImportPreviewDto;
  onAnother: () => void;
}) {
  const text = useText().data.importDialog;
  const format = useFormat();
  const navigate = useNavigate();
  const series = job.resultId;
  const gaps = useQuery({ ...queries.gaps(series ?? 0), enabled: series !== null }).data ?? [];
  const open = (to: "/data" | "/chart") => {
    closeDialog();
    void navigate({ to, search: series === null ? {} : { series } });
  };
  return (
    <div className="grid gap-4" data-testid="import-result">
      <h3 className="text-13 font-semibold">{text.resultTitle(`${request.symbol} ${request.interval}`)}</h3>
      <dl className="grid grid-cols-3 gap-3 text-12">
        {(
          [
            [text.stored, preview.candles],
            [text.gaps, gaps.length],
            [text.rejected, preview.rejected],
          ] as const
        ).map(([label, count]) => (
          <div key={label}>
            <dt className="text-11 text-faint">{label}</dt>
            <dd className="text-15 font-semibold tabular-nums">{format.count(count)}</dd>
          </div>
        ))}
      </dl>
      {gaps.length > 0 ? (
        <div className="flex h-40 flex-col rounded-md border border-line">
          <GapList gaps={gaps} />
        </div>
      ) : (
        <p className="text-12 text-muted">{text.noGaps}</p>
      )}
      {preview.rejected > 0 ? (
        <RejectedRows preview={preview} />
      ) : (
        <p className="text-12 text-muted">{text.noRejected}</p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onAnother}>{text.another}</Button>
        <Button onClick={() => open("/data")}>{text.show}</Button>
        <Button kind="primary" onClick={() => open("/chart")} data-testid="import-open">
          {text.chart}
        </Button>
      </div>
    </div>
  );
}
