import type { Format } from "../../format";
import type { Catalogue } from "../../i18n/text";
import type { Fault } from "./faults";

/** What is wrong with a field, in words. */
export function faultText(
  fault: Fault | undefined,
  text: Catalogue["backtest"]["faults"],
  format: Format,
): string | null {
  if (!fault) return null;
  switch (fault.kind) {
    case "below":
    case "above":
    case "notBelow":
    case "manySymbols":
      return text[fault.kind](plain(fault.limit));
    case "noBars":
      return text.noBars(fault.symbol);
    case "outside":
      return text.outside(format.date(fault.from), format.date(fault.to));
    default:
      return text[fault.kind];
  }
}

/** A limit as it would be typed. */
export function plain(value: number): string {
  return String(value).replace("-", "−");
}
