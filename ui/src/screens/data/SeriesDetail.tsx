import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { LedgerDto, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useSeriesJob } from "../../backend/useJobs";
import { useText } from "../../i18n/text";
import { JobRow } from "../../shell/JobRow";
import { useFormat } from "../../useFormat";
import { PanelHead } from "../../widgets/PanelHead";
import { SampleBadge } from "../../widgets/Pill";
import { QueryView } from "../../widgets/QueryView";
import { Skeleton } from "../../widgets/Skeleton";
import { Tabs } from "../../widgets/Tabs";
import { venueName } from "../chart/venueName";
import { CoveragePanel } from "./CoveragePanel";
import { GapList } from "./GapList";
import { JournalList } from "./JournalList";
import { SeriesActions } from "./SeriesActions";
import { SeriesFacts } from "./SeriesFacts";

/** Cells of the bar in the inspector. */
const CELLS = 150;

/** One series: its coverage, its figures, what can be done with it, its gaps and its journal. */
export function SeriesDetail({ series }: { series: SeriesDto }) {
  const text = useText();
  const ledger = useQuery(queries.ledger(series.id, CELLS));
  const job = useSeriesJob(series);
  const name = `${series.symbol} ${series.interval}`;
  return (
    <>
      <PanelHead title={name} aside={series.simulated ? <SampleBadge /> : venueName(series.venue, text.chart)} />
      <QueryView query={ledger} loading={<Skeleton rows={8} />}>
        {(found) => (
          <>
            <CoveragePanel ledger={found} />
            {job && (
              <ul className="border-line border-y bg-raised" data-testid="series-job">
                <JobRow job={job} />
              </ul>
            )}
            <SeriesFacts series={series} ledger={found} />
            <SeriesActions series={series} ledger={found} name={name} busy={job !== null} />
            <Pages series={series} ledger={found} />
          </>
        )}
      </QueryView>
    </>
  );
}

function Pages({ series, ledger }: { series: SeriesDto; ledger: LedgerDto }) {
  const text = useText().data.detail;
  const format = useFormat();
  const [page, setPage] = useState<"gaps" | "journal">("gaps");
  const gaps = useQuery(queries.gaps(series.id));
  return (
    <div className="flex min-h-40 flex-1 flex-col border-line border-t">
      <Tabs
        label={text.pages}
        value={page}
        onChange={setPage}
        tabs={[
          {
            value: "gaps",
            label: `${text.gapsTitle} ${format.count(series.gaps)}`,
            content: (
              <QueryView query={gaps}>
                {(found) =>
                  found.length === 0 ? (
                    <p className="p-3 text-12 text-faint">{text.noGaps}</p>
                  ) : (
                    <GapList gaps={found} />
                  )
                }
              </QueryView>
            ),
          },
          {
            value: "journal",
            label: text.journal,
            content:
              ledger.journal.length === 0 ? (
                <p className="p-3 text-12 text-faint">{text.noJournal}</p>
              ) : (
                <JournalList rows={ledger.journal} />
              ),
          },
        ]}
      />
    </div>
  );
}
