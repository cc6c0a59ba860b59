import { clsx } from "clsx";
import type { StripCellDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { useFormat } from "../../useFormat";
import { type Piece, piecesOf, presentShare, type Totals, totalsOf } from "./strip";

const KINDS = ["pending", "absent", "present"] as const;

const LOOK: Record<(typeof KINDS)[number], string> = {
  present: "cover-present",
  absent: "cover-absent",
  pending: "cover-pending",
};

/** A share as a percentage: rounded down, so that only what is whole reads as whole. */
export function useShare(): (share: number) => string {
  const format = useFormat();
  return (share) => (share >= 1 ? `${format.count(100)}%` : `${format.number(Math.floor(share * 1_000) / 10, 1)}%`);
}

/** The bar's figures in words, for those who cannot see it. */
export function useCoverageWords(): (totals: Totals) => string {
  const text = useText().data.coverage;
  const format = useFormat();
  const shown = useShare();
  return (totals) => {
    const share = presentShare(totals);
    if (share === null) return text.unknown;
    return text.summary(shown(share), format.count(totals.absent), format.count(totals.pending));
  };
}

/** What is stored, what the exchange does not have, and what was not fetched, along the time. */
export function CoverageStrip({
  cells,
  className,
  hints = false,
}: {
  cells: readonly StripCellDto[];
  className?: string;
  /** Whether each piece tells its figures on hover. */
  hints?: boolean;
}) {
  const words = useCoverageWords();
  return (
    <span
      role="img"
      aria-label={words(totalsOf(cells))}
      data-testid="coverage-strip"
      className={clsx("flex min-w-0 overflow-hidden rounded-[2px]", className)}
    >
      {piecesOf(cells).map((piece) => (
        <PieceView key={piece.from} piece={piece} hints={hints} />
      ))}
    </span>
  );
}

function PieceView({ piece, hints }: { piece: Piece; hints: boolean }) {
  const text = useText().data.coverage;
  const format = useFormat();
  const title = hints
    ? text.cell(
        format.dateTime(piece.from),
        format.dateTime(piece.to),
        format.count(piece.present),
        format.count(piece.absent),
        format.count(piece.pending),
      )
    : undefined;
  return (
    <span
      title={title}
      // A single missing candle of a long series is still seen.
      className={clsx("flex flex-col", piece.present === piece.openings ? "min-w-0" : "min-w-[4px]")}
      style={{ flex: `${piece.openings} 0 0` }}
    >
      {KINDS.filter((kind) => piece[kind] > 0).map((kind) => (
        <span
          key={kind}
          className={clsx(LOOK[kind], kind !== "present" && "min-h-[60%]")}
          style={{ flex: `${piece[kind]} 1 0` }}
        />
      ))}
    </span>
  );
}
