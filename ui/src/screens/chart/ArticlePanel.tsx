import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { ArrowLeft, ExternalLink } from "lucide-react";
import type { ArticleDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { openExternal } from "../../shell/useExternalLinks";
import { useFormat } from "../../useFormat";
import { Button, IconButton } from "../../widgets/Button";
import { SampleBadge, SentimentPill, Tag, toneColour } from "../../widgets/Pill";
import { QueryView } from "../../widgets/QueryView";

/** One article beside the chart, with the sentences that made its score. */
export function ArticlePanel({ id, onBack }: { id: number; onBack: () => void }) {
  const text = useText().chart.news;
  const navigate = useNavigate();
  const query = useQuery(queries.article(id));
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-1 border-line border-b pr-2 pl-1">
        <Button kind="ghost" icon={<ArrowLeft />} onClick={onBack}>
          {text.back}
        </Button>
        <Button
          kind="ghost"
          className="ml-auto"
          onClick={() => void navigate({ to: "/news", search: { article: id } })}
        >
          {text.fullScreen}
        </Button>
        {query.data && (
          <IconButton label={text.open} onClick={() => openExternal(query.data.row.url)}>
            <ExternalLink />
          </IconButton>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto" data-testid="chart-article">
        <QueryView query={query}>{(article) => <Body article={article} />}</QueryView>
      </div>
    </>
  );
}

function Body({ article }: { article: ArticleDto }) {
  const text = useText().chart.news;
  const format = useFormat();
  const { row } = article;
  const at = row.published ?? row.availableAt;
  return (
    <article className="grid gap-3 p-3">
      <p className="text-11 text-faint">
        {row.source} · {format.dateTime(at)} {format.zoneName(at)}
      </p>
      <h2 className="select-text text-15 font-semibold leading-[21px]">{row.title}</h2>
      <div className="flex flex-wrap gap-1.5">
        <SentimentPill sentiment={row.sentiment} />
        {row.assets.map((tag) => (
          <Tag key={tag.asset}>
            {tag.asset} {format.number(tag.relevance, 2)}
          </Tag>
        ))}
        {row.simulated && <SampleBadge />}
      </div>
      {article.paragraphs.length === 0 && <p className="text-12 text-faint">{text.noText}</p>}
      {article.paragraphs.map((paragraph) => (
        <p key={paragraph} className="select-text text-13 leading-[21px] text-muted">
          {paragraph}
        </p>
      ))}
      <section className="border-line border-t pt-3">
        <h3 className="mb-1 flex text-12 font-semibold">
          {text.why}
          <span className="ml-auto font-normal text-faint">{article.model?.id}</span>
        </h3>
        {article.sentences.length === 0 && <p className="text-12 text-faint">{text.notScored}</p>}
        <ul>
          {article.sentences.map((sentence) => (
            <li key={sentence.position} className="grid grid-cols-[40px_1fr] gap-2 py-1 text-12 leading-[16px]">
              <span className={clsx("text-right font-medium tabular-nums", toneColour(sentence.sentiment.tone))}>
                {format.score(sentence.sentiment.score)}
              </span>
              <span className="select-text text-muted">{sentence.text}</span>
            </li>
          ))}
        </ul>
      </section>
    </article>
  );
}
