// How much a job has done and how fast, in words. Bytes are said as sizes are.
import type { JobDto } from "../backend/bindings";
import type { Format } from "../format";
import type { Catalogue } from "../i18n/text";

type Words = Catalogue["shell"]["jobs"];

/** What a job is for. */
export function titleOf({ task, subject }: JobDto, text: Words): string {
  return text.tasks[task](subject ?? "");
}

/** What it is doing now; null where that is not known. */
export function stepOf({ now }: JobDto, text: Words): string | null {
  return now && text.steps[now.step](now.of[0] ?? "", now.of[1] ?? "");
}

export function amountOf({ done, total, counts }: JobDto, format: Format, text: Words): string | null {
  if (counts === "bytes") return total ? `${format.bytes(done)} / ${format.bytes(total)}` : null;
  const unit = counts === null ? "" : ` ${text.units[counts]}`;
  if (total) return `${format.count(done)} / ${format.count(total)}${unit}`;
  return done > 0 ? `${format.count(done)}${unit}` : null;
}

export function rateOf({ rate, counts }: JobDto, format: Format, text: Words): string | null {
  if (rate === null || counts === null) return null;
  return counts === "bytes" ? `${format.bytes(rate)}/s` : text.rate(format.rate(rate), text.units[counts]);
}
