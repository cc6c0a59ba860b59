// How much a job has done and how fast, in words. Bytes are said as sizes are.
import type { JobDto } from "../backend/bindings";
import type { Format } from "../format";
import type { Catalogue } from "../i18n/text";

type Words = Catalogue["shell"]["jobs"];

export function amountOf({ done, total, unit }: JobDto, format: Format): string | null {
  if (unit === "bytes") return total ? `${format.bytes(done)} / ${format.bytes(total)}` : null;
  if (total) return `${format.count(done)} / ${format.count(total)} ${unit}`;
  return done > 0 ? `${format.count(done)} ${unit}` : null;
}

export function rateOf({ rate, unit }: JobDto, format: Format, text: Words): string | null {
  if (rate === null) return null;
  return unit === "bytes" ? `${format.bytes(rate)}/s` : text.rate(format.rate(rate), unit);
}
