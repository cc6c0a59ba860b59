// Files of the in-memory program. One has a header that names everything, the other needs its columns to be chosen.
import type { CandleFieldDto, ColumnChoiceDto, ImportPreviewDto } from "../bindings";
import { DAY, fakeNow, HOUR } from "./clock";

const KNOWN: Record<string, CandleFieldDto> = {
  open_time: "openTime",
  open: "open",
  high: "high",
  low: "low",
  close: "close",
  volume: "volume",
  trades: "trades",
};

const REQUIRED: readonly CandleFieldDto[] = ["openTime", "open", "high", "low", "close", "volume"];

/** A file whose header is in another language: `promptpal.fake` with the flag `foreign`. */
const FOREIGN = ["Zeit", "Eröffnung", "Hoch", "Tief", "Schluss", "Menge", "Notiz"];
const PLAIN = ["open_time", "open", "high", "low", "close", "volume", "trades"];

export function previewOf(path: string, foreign: boolean, map: readonly ColumnChoiceDto[]): ImportPreviewDto {
  const at = Math.floor((fakeNow() - 60 * DAY) / HOUR) * HOUR;
  const names = foreign ? FOREIGN : PLAIN;
  const columns = names.map((name) => {
    const choice = map.find((one) => one.column === name);
    const guessed = KNOWN[name];
    const taken = guessed !== undefined && map.some((one) => one.field === guessed);
    return { name, field: choice ? choice.field : taken ? null : (guessed ?? null) };
  });
  const missing = REQUIRED.filter((field) => !columns.some((column) => column.field === field));
  const time = (row: number) =>
    foreign ? new Date(at + row * HOUR).toISOString().slice(0, 16).replace("T", " ") : String(at + row * HOUR);
  const rows = Array.from({ length: 8 }, (_, row) => [
    time(row),
    (41_620.11 + row * 31).toFixed(2),
    (41_902.4 + row * 29).toFixed(2),
    (41_588 + row * 30).toFixed(2),
    (41_651.11 + row * 31).toFixed(2),
    (1_204.8 - row * 7).toFixed(1),
    foreign ? "" : String(18_204 + row * 310),
  ]);
  const whole = missing.length === 0;
  return {
    path,
    format: "csv",
    hasHeader: true,
    columns,
    rows,
    missing,
    candles: whole ? 1_438 : 0,
    rejected: whole ? 2 : 0,
    problems: whole ? ["line 812: the high is below the low", "line 813: the open time repeats"] : [],
    interval: "1h",
    symbol: foreign ? null : "BTCUSDT",
    venue: null,
    first: whole ? at : null,
    last: whole ? at + 1_439 * HOUR : null,
  };
}
