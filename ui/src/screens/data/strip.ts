// Coverage bars: cells become the pieces that are drawn. Pure.
import type { StripCellDto } from "../../backend/bindings";

/** A piece of a bar: neighbouring cells that are wholly of one kind are one piece. */
export interface Piece extends StripCellDto {
  /** Openings in it. */
  openings: number;
}

export interface Totals {
  present: number;
  absent: number;
  pending: number;
}

type Kind = "present" | "absent" | "pending" | "mixed";

function kindOf(cell: Totals): Kind {
  const kinds = (["present", "absent", "pending"] as const).filter((kind) => cell[kind] > 0);
  const [only] = kinds;
  return kinds.length === 1 && only !== undefined ? only : "mixed";
}

const openingsOf = (cell: Totals) => cell.present + cell.absent + cell.pending;

export function piecesOf(cells: readonly StripCellDto[]): Piece[] {
  const pieces: Piece[] = [];
  for (const cell of cells) {
    if (openingsOf(cell) === 0) continue;
    const last = pieces.at(-1);
    const kind = kindOf(cell);
    if (last && kind !== "mixed" && kindOf(last) === kind) {
      last.to = cell.to;
      last.present += cell.present;
      last.absent += cell.absent;
      last.pending += cell.pending;
      last.openings += openingsOf(cell);
    } else {
      pieces.push({ ...cell, openings: openingsOf(cell) });
    }
  }
  return pieces;
}

export function totalsOf(cells: readonly Totals[]): Totals {
  return cells.reduce<Totals>(
    (sum, cell) => ({
      present: sum.present + cell.present,
      absent: sum.absent + cell.absent,
      pending: sum.pending + cell.pending,
    }),
    { present: 0, absent: 0, pending: 0 },
  );
}

/** The stored share of all openings, in [0, 1]; null where there are none. */
export function presentShare(totals: Totals): number | null {
  const all = openingsOf(totals);
  return all === 0 ? null : totals.present / all;
}
