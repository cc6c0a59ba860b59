import { TriangleAlert } from "lucide-react";
import type { ArticleDto, PublishedDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { SampleBadge, SentimentPill, Tag } from "../../widgets/Pill";
import { Tooltip } from "../../widgets/Tooltip";

/** Where a story is from and how much of it there is, its headline, and what it is about. */
export function ReaderHead({ article }: { article: ArticleDto }) {
  const { row } = article;
  return (
    <>
      <Origin article={article} />
      <h2 className="mt-1 mb-2 max-w-[38ch] select-text text-20 font-semibold tracking-[-0.01em] text-balance">
        {row.title}
      </h2>
      <Labels article={article} />
      <Trouble article={article} />
    </>
  );
}

function Origin({ article }: { article: ArticleDto }) {
  const all = useText().news;
  const text = all.reader;
  const format = useFormat();
  const { row, dated, firstSeen, author } = article;
  const at = (time: number) => `${format.date(time)} ${format.time(time)}`;
  const sameDay = dated !== null && format.date(dated.at) === format.date(firstSeen);
  return (
    <p className="select-text text-11 text-faint" data-testid="reader-origin">
      {author !== null && `${text.by(author)} · `}
      {dated === null ? text.unpublished : <Dated dated={dated} />}
      {` · ${text.seen} ${sameDay ? format.time(firstSeen) : at(firstSeen)} · ${all.status[row.status]}`}
    </p>
  );
}

/** The date as exact as it was stated, with where that was. */
function Dated({ dated: { at, exactness, origin } }: { dated: PublishedDto }) {
  const text = useText().news.reader;
  const format = useFormat();
  const moment =
    exactness === "day"
      ? format.date(at)
      : `${format.date(at)} ${format.time(at)} ${exactness === "localTime" ? text.noZone : format.zoneName(at)}`;
  return (
    <Tooltip text={text.dateFrom[origin]}>
      <span>
        {text.published} {moment}
      </span>
    </Tooltip>
  );
}

function Labels({ article: { row, story } }: { article: ArticleDto }) {
  const all = useText().news;
  const text = all.reader;
  const format = useFormat();
  return (
    <div className="mb-4 flex flex-wrap items-center gap-1.5">
      <SentimentPill sentiment={row.sentiment} />
      {row.assets.map((tag) => (
        <Tooltip key={tag.asset} text={text.relevance(tag.asset, format.number(tag.relevance, 2))}>
          <span>
            <Tag>
              {tag.asset} {format.number(tag.relevance, 2)}
            </Tag>
          </span>
        </Tooltip>
      ))}
      {story.length > 0 && <Tag>{all.reports(story.length + 1)}</Tag>}
      {row.backfilled && (
        <Tooltip text={text.backfilledHint(format.dateTime(row.availableAt))}>
          <span>
            <Tag>{text.backfilled}</Tag>
          </span>
        </Tooltip>
      )}
      {row.simulated && <SampleBadge />}
    </div>
  );
}

/** Why there is no whole text, where there should be one. */
function Trouble({ article: { row, fault } }: { article: ArticleDto }) {
  const text = useText().news.reader;
  if (row.status === "full" || row.status === "summary" || row.status === "pending") return null;
  return (
    <p
      className="mb-4 flex max-w-[66ch] gap-2 rounded-sm bg-raised px-3 py-2 text-12 leading-[18px] text-muted"
      data-testid="reader-trouble"
    >
      <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
      <span className="select-text">
        {text.trouble[row.status]}
        {fault !== null && <span className="block text-11 text-faint">{fault}</span>}
      </span>
    </p>
  );
}
