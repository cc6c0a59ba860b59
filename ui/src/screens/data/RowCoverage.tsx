import { useQuery } from "@tanstack/react-query";
import type { SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useSeriesJob } from "../../backend/useJobs";
import { NONE } from "../../format";
import { useText } from "../../i18n/text";
import { titleOf } from "../../shell/jobFigures";
import { Progress } from "../../shell/Progress";
import { useFormat } from "../../useFormat";
import { CoverageStrip, useShare } from "./CoverageStrip";
import { presentShare, totalsOf } from "./strip";

/** Cells of a bar in the table: more would be thinner than a pixel or two. */
const CELLS = 60;

/** The coverage of a series in one row; how far its job is, while one runs. */
export function RowCoverage({ series }: { series: SeriesDto }) {
  const job = useSeriesJob(series);
  const format = useFormat();
  const text = useText().shell.jobs;
  const shown = useShare();
  const strip = useQuery(queries.strip(series.id, null, null, CELLS));
  const share = strip.data ? presentShare(totalsOf(strip.data)) : null;
  if (job) {
    return (
      <span className="flex items-center gap-2" data-testid="row-job">
        <Progress done={job.done} total={job.total} label={titleOf(job, text)} className="min-w-4 flex-1" />
        <span className="w-11 text-right text-muted tabular-nums">
          {job.total ? format.percent(job.done / job.total, 0) : format.count(job.done)}
        </span>
      </span>
    );
  }
  return (
    <span className="flex items-center gap-2">
      {strip.data ? <CoverageStrip cells={strip.data} className="h-2.5 flex-1" /> : <span className="flex-1" />}
      <span className="w-11 text-right text-muted tabular-nums">{share === null ? NONE : shown(share)}</span>
    </span>
  );
}
