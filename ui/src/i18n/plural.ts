// Counted nouns.

/** "1 bar", "1,440 bars": the count in the language's digits and the fitting noun. */
export function counter(language: string): (count: number, one: string, many: string) => string {
  const format = new Intl.NumberFormat(language);
  return (count, one, many) => `${format.format(count)} ${count === 1 ? one : many}`;
}
