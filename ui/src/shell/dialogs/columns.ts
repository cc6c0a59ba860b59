// Which column of a file means what, as a person chooses it. Pure.
import type { CandleFieldDto, ColumnChoiceDto, ImportColumnDto } from "../../backend/bindings";

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

/** The choices after a column was given a meaning, or none: a meaning belongs to one column, a column has one meaning. */
export function choose(
  choices: readonly ColumnChoiceDto[],
  column: string,
  field: CandleFieldDto | null,
): ColumnChoiceDto[] {
  const rest = choices.filter((one) => one.column !== column && one.field !== field);
  return field === null ? rest : [...rest, { field, column }];
}

/** Whether a column's meaning comes from its name, which a choice can replace but not take away. */
export function isGuessed(choices: readonly ColumnChoiceDto[], column: ImportColumnDto): boolean {
  return column.field !== null && !choices.some((one) => one.column === column.name);
}
