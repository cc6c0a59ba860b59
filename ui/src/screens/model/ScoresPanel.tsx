import { useQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import type { ArticlesRequest } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useActiveJob } from "../../backend/useJobs";
import { useText } from "../../i18n/text";
import { troubleOf } from "../../shell/workerTrouble";
import { useFormat } from "../../useFormat";
import { Button } from "../../widgets/Button";
import { type Spread, STEPS, spreadOf } from "./scores";

/** The newest articles: enough to see how scores are spread. */
const NEWEST: ArticlesRequest = {
  asset: null,
  sourceId: null,
  tone: null,
  search: null,
  unread: false,
  before: null,
  beforeId: null,
  limit: 500,
};

/** What the current model is doing, what waits for it, and how its scores are spread. */
export function ScoresPanel() {
  const text = useText().model.scoring;
  const articles = useQuery(queries.articles(NEWEST)).data;
  const spread = articles && spreadOf(articles);
  return (
    <section className="grid gap-3 border-line border-t pt-4 text-12" data-testid="model-scores">
      <Queue />
      {spread && spread.scored > 0 && <Histogram spread={spread} />}
      {spread && spread.scored === 0 && <p className="text-muted">{text.none}</p>}
    </section>
  );
}

/** The state of the scoring program, and the articles that wait. */
function Queue() {
  const all = useText();
  const text = all.model.scoring;
  const format = useFormat();
  const status = useQuery(queries.status()).data;
  const job = useActiveJob("score");
  const score = useCommand(() => answer(commands.scoreArticles()));
  if (!status) return null;
  const trouble = troubleOf(status.sentiment, all.shell.status);
  const { state } = status.sentiment;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1" data-testid="model-queue">
      <span>
        <span className="text-faint">{text.state}</span> {all.shell.status.model[state]}
      </span>
      <span className="tabular-nums">
        <span className="text-faint">{text.waiting}</span> {format.count(status.unscored)}
      </span>
      {job && job.rate !== null && (
        <span className="text-muted tabular-nums">
          {text.rate(format.rate(job.rate))}
          {job.etaMs !== null && ` · ${all.shell.jobs.left(format.duration(job.etaMs))}`}
        </span>
      )}
      {status.unscored > 0 && !job && (
        <Button icon={<RotateCw />} disabled={score.isPending} onClick={() => score.mutate(undefined)}>
          {text.now}
        </Button>
      )}
      {trouble !== null && (
        <span className="basis-full select-text text-warn" data-testid="worker-trouble">
          {trouble}
        </span>
      )}
    </div>
  );
}

const WIDTH = 420;
const HEIGHT = 84;

function Histogram({ spread }: { spread: Spread }) {
  const text = useText().model.scoring;
  const format = useFormat();
  const most = Math.max(...spread.counts);
  const step = WIDTH / STEPS;
  const colour = (at: number) =>
    at < (STEPS - 1) / 2 ? "var(--color-neg)" : at > (STEPS - 1) / 2 ? "var(--color-pos)" : "var(--color-neu)";
  const edge = (at: number) => format.score((at / STEPS) * 2 - 1);
  const said = text.spread(spread.positive, spread.neutral, spread.negative);
  return (
    <figure>
      <figcaption className="pb-2 text-muted">
        {text.title(spread.scored)} {said}
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        width={WIDTH}
        height={HEIGHT}
        role="img"
        aria-label={said}
        className="max-w-full"
      >
        {spread.counts.map((count, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps do not move
          <g key={at}>
            <title>{text.step(edge(at), edge(at + 1), count)}</title>
            <rect x={at * step} y={0} width={step} height={HEIGHT} fill="transparent" />
            <rect
              x={at * step + 1}
              y={HEIGHT - Math.max(count > 0 ? 2 : 0, (count / most) * HEIGHT)}
              width={step - 2}
              height={Math.max(count > 0 ? 2 : 0, (count / most) * HEIGHT)}
              fill={colour(at)}
            />
          </g>
        ))}
        <line x1={0} x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} stroke="var(--color-edge)" />
      </svg>
      <div className="flex max-w-[420px] justify-between pt-1 text-11 text-faint tabular-nums">
        <span>{format.score(-1)}</span>
        <span>0</span>
        <span>{format.score(1)}</span>
      </div>
    </figure>
  );
}
