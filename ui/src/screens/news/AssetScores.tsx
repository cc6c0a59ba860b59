import { clsx } from "clsx";
import type { AssetScoreDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { toneColour } from "../../widgets/Pill";
import { Tooltip } from "../../widgets/Tooltip";

interface AssetScoresProps {
  scores: readonly AssetScoreDto[];
  chosen: string | null;
  onChoose: (asset: string | null) => void;
}

/** What the story says of each of its assets; pressing one shows which sentences count for it. */
export function AssetScores({ scores, chosen, onChoose }: AssetScoresProps) {
  const text = useText().news.reader;
  const format = useFormat();
  if (scores.length === 0) return null;
  return (
    <div className="mb-1 flex flex-wrap gap-1.5" data-testid="asset-scores">
      {scores.map(({ asset, sentiment, sentences }) => (
        <Tooltip key={asset} text={text.assetHint(asset, sentences.length)}>
          <button
            type="button"
            aria-pressed={chosen === asset}
            onClick={() => onChoose(chosen === asset ? null : asset)}
            className={clsx(
              "rounded-sm border px-1.5 text-11 leading-[18px] hover:bg-hover",
              chosen === asset ? "border-edge bg-hover" : "border-transparent",
            )}
          >
            <span className="text-muted">{asset}</span>{" "}
            <span className={clsx("font-medium tabular-nums", toneColour(sentiment.tone))}>
              {format.score(sentiment.score)}
            </span>
          </button>
        </Tooltip>
      ))}
    </div>
  );
}
