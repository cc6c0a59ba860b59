// A changed field in a few words, for the chip of a closed group.
import { useText } from "../../i18n/text";
import type { Terms } from "./terms";

/** The last piece of a path, whichever slashes it has. */
export const fileName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

export function useFieldText(terms: Terms): (field: keyof Terms) => string {
  const text = useText().backtest.form;
  return (field) => {
    switch (field) {
      case "side":
        return text.sides[terms.side ?? "auto"];
      case "fills":
        return text.fills[terms.fills ?? "auto"];
      case "funding":
        return terms.funding === null ? "" : text.chips.funding(fileName(terms.funding));
      case "feePercent":
      case "makerPercent":
      case "slippageBps":
      case "spreadBps":
      case "impactBps":
      case "tick":
      case "lot":
      case "minNotional":
      case "leverage":
      case "maintenancePercent":
      case "daysPerYear":
        return text.chips[field](terms[field].trim());
      default:
        return field;
    }
  };
}
