// The path of a curve in a box, with its zero line.

export interface RollingPath {
  /** Path data of the curve in a box of the given size. */
  d: string;
  /** Height of zero in the box. */
  zero: number;
  low: number;
  high: number;
}

/** Spreads a curve over a box; zero is always in sight. */
export function rollingPath(
  time: readonly number[],
  values: readonly number[],
  width: number,
  height: number,
): RollingPath | null {
  const first = time[0];
  const last = time.at(-1);
  if (first === undefined || last === undefined || values.length === 0) return null;
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = Math.max(high - low, Number.EPSILON);
  const length = Math.max(last - first, 1);
  const y = (value: number) => (1 - (value - low) / span) * (height - 2) + 1;
  const d = time
    .map((at, index) => {
      const x = ((at - first) / length) * width;
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)} ${y(values[index] ?? 0).toFixed(1)}`;
    })
    .join("");
  return { d, zero: y(0), low, high };
}
