// How much a fetch would ask for. Pure.
import type { StripCellDto } from "../../backend/bindings";
import { intervalMs } from "../paletteItems";

export interface FetchPlan {
  /** Openings of the span. */
  all: number;
  present: number;
  absent: number;
  /** What would be asked for. */
  ask: number;
}

/** The span on the interval's grid, so that the same choice asks the same question until the next candle opens. */
export function aligned(
  interval: string,
  span: { from: number; to: number | null },
  now: number,
): { from: number; to: number } {
  const step = intervalMs(interval);
  const floor = (at: number) => Math.floor(at / step) * step;
  return { from: Math.ceil(span.from / step) * step, to: floor(span.to ?? now) };
}

/** What a span holds already, by the ledger of the stored series; by nothing where none is stored. */
export function planOf(
  interval: string,
  span: { from: number; to: number },
  stored: readonly StripCellDto[] | null,
): FetchPlan {
  const openings = Math.max(0, Math.ceil((span.to - span.from) / intervalMs(interval)));
  const present = (stored ?? []).reduce((sum, cell) => sum + cell.present, 0);
  const absent = (stored ?? []).reduce((sum, cell) => sum + cell.absent, 0);
  // Months have no fixed length: the ledger knows better how many openings there are.
  const pending = (stored ?? []).reduce((sum, cell) => sum + cell.pending, 0);
  const all = stored ? present + absent + pending : openings;
  return { all, present, absent, ask: Math.max(0, all - present - absent) };
}
