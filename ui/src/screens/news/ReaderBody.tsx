import { clsx } from "clsx";
import { Fragment, useMemo, useState } from "react";
import type { ArticleDto, ArticleRowDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { SampleBadge, SentimentPill, Tag } from "../../widgets/Pill";
import { Tooltip } from "../../widgets/Tooltip";
import { type Stretch, stretchesOf } from "./highlight";
import { WhyScore } from "./WhyScore";

const UNDERLINE = {
  positive: "border-b-2 border-pos pb-px text-fg",
  negative: "border-b-2 border-neg pb-px text-fg",
  neutral: "",
};

/** Headline, origin, text and the scored sentences. */
export function ReaderBody({ article }: { article: ArticleDto }) {
  const text = useText().news.reader;
  const { row, sentences } = article;
  const [pointed, setPointed] = useState<number | null>(null);
  const isSummary = article.paragraphs.length === 0 && article.summary.trim() !== "";
  const paragraphs = useMemo(
    () => stretchesOf(isSummary ? [article.summary] : article.paragraphs, sentences),
    [isSummary, article.summary, article.paragraphs, sentences],
  );
  return (
    <article className="px-6 pt-4 pb-8">
      <Origin article={article} />
      <h2 className="mt-1 mb-2 max-w-[38ch] select-text text-20 font-semibold tracking-[-0.01em] text-balance">
        {row.title}
      </h2>
      <Labels row={row} />
      {paragraphs.length === 0 && <p className="text-13 text-faint">{text.noText}</p>}
      {isSummary && <p className="mb-1 text-11 text-faint">{text.summary}</p>}
      {paragraphs.map((stretches, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: paragraphs of one article never move
        <p key={index} className="mb-3 max-w-[66ch] select-text text-15 leading-[26px] text-muted">
          {stretches.map((stretch, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: nor do their parts
            <Piece key={place} stretch={stretch} pointed={pointed} onPoint={setPointed} />
          ))}
        </p>
      ))}
      <WhyScore article={article} pointed={pointed} onPoint={setPointed} />
    </article>
  );
}

interface PieceProps {
  stretch: Stretch;
  pointed: number | null;
  onPoint: (position: number | null) => void;
}

function Piece({ stretch: { text, sentence }, pointed, onPoint }: PieceProps) {
  if (!sentence) return <Fragment>{text}</Fragment>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing only shows the sentence's line below
    <span
      data-tone={sentence.sentiment.tone}
      onMouseEnter={() => onPoint(sentence.position)}
      onMouseLeave={() => onPoint(null)}
      className={clsx(UNDERLINE[sentence.sentiment.tone], pointed === sentence.position && "bg-hover text-fg")}
    >
      {text}
    </span>
  );
}

function Origin({ article }: { article: ArticleDto }) {
  const all = useText().news;
  const text = all.reader;
  const format = useFormat();
  const { row, firstSeen, author } = article;
  const at = (time: number) => `${format.date(time)} ${format.time(time)}`;
  const sameDay = row.published !== null && format.date(row.published) === format.date(firstSeen);
  const parts = [
    author === null ? null : text.by(author),
    row.published === null
      ? text.unpublished
      : `${text.published} ${at(row.published)} ${format.zoneName(row.published)}`,
    `${text.seen} ${sameDay ? format.time(firstSeen) : at(firstSeen)}`,
    all.status[row.status],
  ];
  return <p className="select-text text-11 text-faint">{parts.filter((part) => part !== null).join(" · ")}</p>;
}

function Labels({ row }: { row: ArticleRowDto }) {
  const text = useText().news.reader;
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
      {row.simulated && <SampleBadge />}
    </div>
  );
}
