import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import type { ImportPreviewDto, ImportRequest, JobDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { GapList } from "../../screens/data/GapList";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { closeDialog } from "../windowState";
import { RejectedRows } from "./RejectedRows";

interface ImportOutcomeProps {
  job: JobDto;
  request: ImportRequest;
  preview: ImportPreviewDto;
  onAnother: () => void;
}

/** What an import did to its series: the report at the end. */
export function ImportOutcome({ job, request, preview, onAnother }: ImportOutcomeProps) {
  const text = useText().data.importDialog;
  const navigate = useNavigate();
  const series = job.resultId;
  const gaps = useQuery({ ...queries.gaps(series ?? 0), enabled: series !== null }).data ?? [];
  // The job says what was read under the interval that was chosen; the preview had to guess it.
  const { rejected, problems } = job.changes ?? preview;
  const open = (to: "/data" | "/chart") => {
    closeDialog();
    void navigate({ to, search: series === null ? {} : { series } });
  };
  return (
    <div className="grid gap-4" data-testid="import-result">
      <h3 className="text-13 font-semibold">{text.resultTitle(`${request.symbol} ${request.interval}`)}</h3>
      <Figures job={job} gaps={gaps.length} />
      {(job.changes?.corrected ?? 0) > 0 && <p className="text-12 text-muted">{text.correctedAbout}</p>}
      {gaps.length > 0 ? (
        <div className="flex max-h-48 min-h-24 flex-col overflow-hidden rounded-md border border-line">
          <GapList gaps={gaps} />
        </div>
      ) : (
        <p className="text-12 text-muted">{text.noGaps}</p>
      )}
      {rejected > 0 ? (
        <RejectedRows rejected={rejected} problems={problems} />
      ) : (
        <p className="text-12 text-muted">{text.noRejected}</p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={onAnother} data-testid="import-another">
          {text.another}
        </Button>
        <Button onClick={() => open("/data")} data-testid="import-show">
          {text.show}
        </Button>
        <Button kind="primary" onClick={() => open("/chart")} data-testid="import-open">
          {text.chart}
        </Button>
      </div>
    </div>
  );
}

function Figures({ job, gaps }: { job: JobDto; gaps: number }) {
  const text = useText().data.importDialog;
  const format = useFormat();
  const { changes } = job;
  if (changes === null) return null;
  const figures = [
    ["inserted", text.inserted, changes.inserted, false],
    ["unchanged", text.unchanged, changes.unchanged, false],
    ["corrected", text.corrected, changes.corrected, true],
    ["rejected", text.leftOut, changes.rejected, true],
    ["gaps", text.gaps, changes.gaps ?? gaps, true],
  ] as const;
  return (
    <dl className="grid grid-cols-5 gap-3 rounded-md border border-line bg-raised px-3 py-2.5 text-12">
      {figures.map(([id, label, count, isWarning]) => (
        <div key={id}>
          <dt className="truncate text-11 text-faint">{label}</dt>
          <dd
            data-testid={`import-${id}`}
            className={clsx(
              "text-15 font-semibold tabular-nums",
              count === 0 ? "text-faint" : isWarning ? "text-warn" : "text-fg",
            )}
          >
            {format.count(count)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
