// Where the marks of a reliability picture stand. Pure.
import type { CalibrationBinDto } from "../../backend/bindings";

export interface Mark {
  /** Middle of the mark, in the units of the box. */
  x: number;
  y: number;
  /** Area grows with the texts behind it. */
  radius: number;
  bin: CalibrationBinDto;
}

const SMALLEST = 3;
const LARGEST = 13;

/** Marks in a square box of a side: sure from left to right, right from bottom to top. */
export function marksOf(bins: readonly CalibrationBinDto[], side: number): Mark[] {
  const most = Math.max(1, ...bins.map(({ texts }) => texts));
  return bins.map((bin) => ({
    x: bin.confidence * side,
    y: (1 - bin.accuracy) * side,
    radius: SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(bin.texts / most),
    bin,
  }));
}

/** How the bins lie together: the model is surer than it is right, less sure, or about as sure. */
export function leaning(bins: readonly CalibrationBinDto[]): "over" | "under" | "even" {
  const texts = bins.reduce((sum, bin) => sum + bin.texts, 0);
  if (texts === 0) return "even";
  const distance = bins.reduce((sum, bin) => sum + (bin.confidence - bin.accuracy) * bin.texts, 0) / texts;
  return Math.abs(distance) < 0.02 ? "even" : distance > 0 ? "over" : "under";
}
