import { clsx } from "clsx";
import { useState } from "react";
import type { ArticleDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { shortHash } from "../../shortHash";
import { useFormat } from "../../useFormat";
import { toneColour } from "../../widgets/Pill";
import { Tooltip } from "../../widgets/Tooltip";
import { AssetScores } from "./AssetScores";

interface WhyScoreProps {
  article: ArticleDto;
  pointed: number | null;
  onPoint: (position: number | null) => void;
}

/** The sentences that made the score, with theirs, what they make for each asset, and the model that gave them. */
export function WhyScore({ article, pointed, onPoint }: WhyScoreProps) {
  const text = useText().news.reader;
  const format = useFormat();
  const { sentences, assetScores, model } = article;
  const [asset, setAsset] = useState<string | null>(null);
  const chosen = assetScores.find((score) => score.asset === asset);
  return (
    <section className="mt-5 border-line border-t pt-3" data-testid="why-score">
      <h3 className="mb-1 flex items-baseline gap-3 text-12 font-semibold">
        <span className="shrink-0">{text.why}</span>
        {model && (
          <Tooltip text={<span className="break-all font-mono text-11">{text.modelHint(model.sha256)}</span>}>
            <span className="ml-auto truncate font-normal text-faint" data-testid="score-model">
              {text.model(model.id, shortHash(model.sha256))} · {text.sentences(sentences.length)}
            </span>
          </Tooltip>
        )}
      </h3>
      <AssetScores scores={assetScores} chosen={chosen?.asset ?? null} onChoose={setAsset} />
      {sentences.length === 0 ? (
        <p className="text-12 text-faint">{text.waits}</p>
      ) : (
        <ol>
          {sentences.map(({ position, text: words, sentiment }) => {
            const parts = [sentiment.positive, sentiment.negative, sentiment.neutral].map((part) =>
              format.number(part, 2),
            );
            return (
              <li
                key={position}
                data-counts={chosen === undefined || chosen.sentences.includes(position)}
                title={text.probabilities(parts[0] ?? "", parts[1] ?? "", parts[2] ?? "")}
                onMouseEnter={() => onPoint(position)}
                onMouseLeave={() => onPoint(null)}
                className={clsx(
                  "-mx-2 grid grid-cols-[44px_minmax(0,1fr)] gap-2 rounded-sm px-2 py-1 text-12",
                  pointed === position && "bg-hover",
                  chosen && !chosen.sentences.includes(position) && "opacity-40",
                )}
              >
                <span className={clsx("text-right font-medium tabular-nums", toneColour(sentiment.tone))}>
                  {format.score(sentiment.score)}
                </span>
                <span className="select-text text-muted">
                  {position === 0 && <span className="mr-1.5 text-faint">{text.headline}</span>}
                  {words}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </section>
  );
}
