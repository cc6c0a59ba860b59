import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import type { MoodStudyDto, SeriesDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { openFetch } from "../../shell/windowState";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { EmptyState } from "../../widgets/EmptyState";
import { QueryView } from "../../widgets/QueryView";
import { Segmented } from "../../widgets/Segmented";
import { Select } from "../../widgets/Select";
import { Skeleton } from "../../widgets/Skeleton";
import { StudyChart } from "./StudyChart";
import { StudyTable } from "./StudyTable";
import { apartOf } from "./study";

const STRENGTHS = ["0.3", "0.5", "0.7"] as const;
type Strength = (typeof STRENGTHS)[number];
const LENGTHS = [1, 4, 12, 24, 72];

interface StudyPageProps {
  /** The prices that were chosen. */
  series: number | null;
  onSeries: (series: number) => void;
}

/** Whether the sentiment of news led prices, for one series of an asset. */
export function StudyPage({ series: chosen, onSeries }: StudyPageProps) {
  const {
    model: { prices: text },
    data: { fetch },
  } = useText();
  const query = useQuery(queries.series());
  const [strong, setStrong] = useState<Strength>("0.3");
  return (
    <QueryView query={query}>
      {(all) => {
        const known = all.filter(({ asset }) => asset !== null);
        const series = known.find(({ id }) => id === chosen) ?? firstOf(known);
        if (series === null) {
          return (
            <EmptyState
              title={text.empty.title}
              body={text.empty.body}
              actions={
                <Button kind="primary" icon={<Download />} onClick={() => openFetch()}>
                  {fetch}
                </Button>
              }
            />
          );
        }
        return (
          <div className="flex min-h-0 flex-1 flex-col overflow-y-auto" data-testid="model-prices">
            <div className="grid shrink-0 gap-3 border-line border-b px-4 py-3">
              <p className="max-w-[84ch] text-12 leading-[18px] text-muted">{text.about}</p>
              <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-12">
                <span className="flex items-center gap-2">
                  <span className="text-muted">{text.series}</span>
                  <span className="block w-64">
                    <Select
                      label={text.series}
                      value={String(series.id)}
                      onChange={(id) => onSeries(Number(id))}
                      options={known.map((one) => ({ value: String(one.id), label: nameOf(one), aside: one.asset }))}
                      testId="study-series"
                    />
                  </span>
                </span>
                <span className="flex items-center gap-2">
                  <span className="text-muted">{text.strong}</span>
                  <Strengths value={strong} onChange={setStrong} />
                </span>
              </div>
            </div>
            <Study key={series.id} series={series} strong={Number(strong)} />
          </div>
        );
      }}
    </QueryView>
  );
}

/** Hours tell most of what news do; else whatever there is. */
function firstOf(known: readonly SeriesDto[]): SeriesDto | null {
  return known.find(({ interval }) => interval === "1h") ?? known[0] ?? null;
}

const nameOf = ({ venue, symbol, interval }: SeriesDto) => `${symbol} ${interval} · ${venue}`;

function Strengths({ value, onChange }: { value: Strength; onChange: (value: Strength) => void }) {
  const text = useText().model.prices;
  const format = useFormat();
  return (
    <Segmented
      label={text.strong}
      value={value}
      onChange={onChange}
      choices={STRENGTHS.map((one) => ({
        value: one,
        label: `±${format.number(Number(one), 1)}`,
        testId: `study-strong-${one}`,
      }))}
    />
  );
}

function Study({ series, strong }: { series: SeriesDto; strong: number }) {
  const query = useQuery(queries.study({ seriesId: series.id, from: null, to: null, strong, lengths: LENGTHS }));
  return (
    <QueryView query={query} loading={<Skeleton rows={12} />}>
      {(study) => <Found study={study} />}
    </QueryView>
  );
}

function Found({ study }: { study: MoodStudyDto }) {
  const text = useText().model.prices;
  const format = useFormat();
  const { apart, judged } = apartOf(study);
  const events = [...study.positive, ...study.negative].some((response) => response.events > 0);
  const counted = text.counted(study.articles, study.asset, format.count(study.bars));
  if (!events) {
    return (
      <EmptyState
        title={text.none.title}
        body={
          <>
            {text.none.body} <span className="block pt-2 text-faint">{counted}</span>
          </>
        }
      />
    );
  }
  return (
    <div className="px-4 py-4" data-testid="study">
      <p className="text-15 font-semibold" data-testid="study-lead">
        {text.lead(apart, judged)}
      </p>
      <p className="pb-4 text-12 text-faint tabular-nums">{counted}</p>
      <StudyChart study={study} />
      <StudyTable study={study} />
      <p className="pt-3 text-11 text-faint">{text.noAdvice}</p>
    </div>
  );
}
