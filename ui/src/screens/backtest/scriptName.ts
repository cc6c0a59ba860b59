// Names of one's own strategies. Pure.
import type { StrategyDto } from "../../backend/bindings";

export type NameFault = "form" | "taken";

/** Why a name cannot be saved under; null where it can. */
export function nameFault(id: string, strategies: readonly StrategyDto[]): NameFault | null {
  if (!/^[a-z0-9-]{1,60}$/.test(id)) return "form";
  return strategies.some((strategy) => strategy.builtin && strategy.id === id) ? "taken" : null;
}

/** A free name near a strategy's: "sma-cross-2". */
export function freeName(id: string, strategies: readonly StrategyDto[]): string {
  const base = id.replace(/-\d+$/, "").slice(0, 56);
  for (let number = 2; ; number += 1) {
    const name = `${base}-${number}`;
    if (!strategies.some((strategy) => strategy.id === name)) return name;
  }
}
