import { clsx } from "clsx";
import type { ReactNode } from "react";
import type { SentimentDto, ToneDto } from "../backend/bindings";
import { useText } from "../i18n/text";
import { useFormat } from "../useFormat";
import { Tooltip } from "./Tooltip";

const COLOUR: Record<ToneDto, string> = { positive: "text-pos", negative: "text-neg", neutral: "text-neu" };
const FILL: Record<ToneDto, string> = { positive: "bg-pos", negative: "bg-neg", neutral: "bg-neu" };
const SHAPE: Record<ToneDto, string> = { positive: "▲", negative: "▼", neutral: "■" };

/** Where the tone of a mean begins to be more than noise. */
const NEUTRAL_WITHIN = 0.15;

/** The tone of a mean score. */
export function toneOfScore(score: number): ToneDto {
  if (score > NEUTRAL_WITHIN) return "positive";
  return score < -NEUTRAL_WITHIN ? "negative" : "neutral";
}

/** The class of a text in a tone's colour. */
export function toneColour(tone: ToneDto): string {
  return COLOUR[tone];
}

/** Sentiment as shape, word and number, so that no one depends on its colour. */
export function SentimentPill({ sentiment, short }: { sentiment: SentimentDto | null; short?: boolean }) {
  const text = useText();
  const format = useFormat();
  const base =
    "inline-flex shrink-0 items-center gap-1 whitespace-nowrap rounded-sm border px-1.5 text-11 font-medium leading-[16px]";
  if (!sentiment) {
    return (
      <span
        data-testid="sentiment-pill"
        data-tone="none"
        className={clsx(base, "border-edge border-dashed text-faint")}
      >
        {text.shell.sentiment.none}
      </span>
    );
  }
  return (
    <span
      data-testid="sentiment-pill"
      data-tone={sentiment.tone}
      className={clsx(base, "border-current/60", COLOUR[sentiment.tone])}
    >
      <span aria-hidden className="text-[8px] leading-none">
        {SHAPE[sentiment.tone]}
      </span>
      {short ? (
        <span className="sr-only">{text.shell.sentiment[sentiment.tone]}</span>
      ) : (
        text.shell.sentiment[sentiment.tone]
      )}{" "}
      {format.score(sentiment.score)}
    </span>
  );
}

/** A square in the tone's colour, with its words for those who cannot see it. */
export function SentimentSquare({ score, label }: { score: number | null; label: string }) {
  const tone = score === null ? null : toneOfScore(score);
  return (
    <Tooltip text={label}>
      <span
        role="img"
        aria-label={label}
        className={clsx("size-2 rounded-[2px]", tone ? FILL[tone] : "border border-edge")}
      />
    </Tooltip>
  );
}

/** A quiet label such as an asset. */
export function Tag({ children }: { children: ReactNode }) {
  return <span className="shrink-0 rounded-sm bg-hover px-1.5 text-11 leading-[18px] text-muted">{children}</span>;
}

/** Stands wherever something simulated is shown. */
export function SampleBadge() {
  const text = useText();
  return (
    <Tooltip text={text.shell.sample.hint}>
      <span
        data-testid="sample-badge"
        className="inline-flex shrink-0 items-center whitespace-nowrap rounded-sm border border-warn/50 px-1.5 text-11 font-medium leading-[16px] text-warn"
      >
        {text.shell.sample.badge}
      </span>
    </Tooltip>
  );
}
