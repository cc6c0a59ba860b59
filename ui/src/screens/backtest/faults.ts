// What can be wrong with a field of the form. Pure.

export type Fault =
  | {
      kind: "noSeries" | "number" | "whole" | "positive" | "date" | "order" | "noStop" | "noMinutes" | "isMinutes";
    }
  | { kind: "fewSymbols" }
  | { kind: "below" | "above" | "notBelow" | "manySymbols"; limit: number }
  | { kind: "noBars"; symbol: string }
  | { kind: "outside"; from: number; to: number };

/** By the names of the form's fields; parameters have "param:" before theirs. */
export type Faults = Readonly<Record<string, Fault>>;

/** A number as people write it: grouped by blanks, with a comma or a point, with either minus. Null for none. */
export function readFigure(text: string): number | null {
  const plain = text
    .trim()
    .replace(/[\s_']/g, "")
    .replace("−", "-")
    .replace(",", ".");
  const value = Number(plain);
  return plain === "" || !Number.isFinite(value) ? null : value;
}

export function limitFault(value: number, min: number | null, max: number | null): Fault | null {
  if (min !== null && value < min) return { kind: "below", limit: min };
  if (max !== null && value > max) return { kind: "above", limit: max };
  return null;
}
