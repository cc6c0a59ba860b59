import { clsx } from "clsx";
import { Fragment, useMemo, useState } from "react";
import type { ArticleDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { type Stretch, stretchesOf } from "./highlight";
import { OtherReports } from "./OtherReports";
import { ReaderHead } from "./ReaderHead";
import { WhyScore } from "./WhyScore";

const UNDERLINE = {
  positive: "border-b-2 border-pos pb-px text-fg",
  negative: "border-b-2 border-neg pb-px text-fg",
  neutral: "",
};

/** Headline, origin, text, who else reported it, and the scored sentences. */
export function ReaderBody({ article, onReport }: { article: ArticleDto; onReport: (id: number) => void }) {
  const text = useText().news.reader;
  const { sentences } = article;
  const [pointed, setPointed] = useState<number | null>(null);
  const isSummary = article.paragraphs.length === 0 && article.summary.trim() !== "";
  const paragraphs = useMemo(
    () => stretchesOf(isSummary ? [article.summary] : article.paragraphs, sentences),
    [isSummary, article.summary, article.paragraphs, sentences],
  );
  return (
    <article className="px-6 pt-4 pb-8">
      <ReaderHead article={article} />
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
      <OtherReports article={article} onReport={onReport} />
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
