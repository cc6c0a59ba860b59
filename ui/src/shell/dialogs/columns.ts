// Which column of a file means what, as a person chooses it. Pure.
import type { CandleFieldDto, ColumnChoiceDto } from "../../backend/bindings";

export const FIELDS: readonly CandleFieldDto[] = [
  "openTime",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "closeTime",
  "quoteVolume",
  "trades",
  "takerBaseVolume",
  "takerQuoteVolume",
];

/**
 * The choices after a column was given a meaning, or null for not to be read: a meaning belongs to one column, a column
 * has one meaning.
 */
export function choose(
  choices: readonly ColumnChoiceDto[],
  column: string,
  field: CandleFieldDto | null,
): ColumnChoiceDto[] {
  const rest = choices.filter((one) => one.column !== column && (field === null || one.field !== field));
  return [...rest, { field, column }];
}
