// The order of a list that a person arranges. Pure.

/** The list with the item at one place moved to another; both are held within the list. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const item = list[from];
  if (item === undefined) return [...list];
  const rest = list.filter((_, index) => index !== from);
  rest.splice(Math.min(rest.length, Math.max(0, to)), 0, item);
  return rest;
}

/** The place that a row dragged by `dy` pixels is over. */
export function placeOf(from: number, dy: number, rowHeight: number, count: number): number {
  return Math.min(count - 1, Math.max(0, from + Math.round(dy / rowHeight)));
}
