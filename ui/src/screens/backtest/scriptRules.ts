// What a strategy's script decides by itself: how it enters, where it stops, when it pauses. Read from its text, to be shown
// beside what the form decides. Pure.

/** Functions whose calls are rules of trading, in the order they are shown. */
const RULES = [
  "limit_order",
  "stop_order",
  "stop_limit_order",
  "stop_loss",
  "take_profit",
  "trailing_stop",
  "bracket",
  "order_share",
  "pyramiding",
  "cooldown",
  "in_session",
  "every",
  "timeframe",
] as const;

export type RuleName = (typeof RULES)[number];

export interface Rule {
  name: RuleName;
  /** As it is written: `pyramiding(2)`. */
  call: string;
}

/** A position can be sized by the way to one of these. */
const STOPS: readonly RuleName[] = ["stop_loss", "trailing_stop", "bracket"];

/** The script without its comments; line breaks stay. */
export function withoutComments(source: string): string {
  return source.replace(/"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith("/") ? " " : found,
  );
}

/** A call from its name to its closing bracket. */
function callAt(code: string, start: number): string | null {
  let depth = 0;
  for (let at = code.indexOf("(", start); at < code.length; at += 1) {
    if (code[at] === "(") depth += 1;
    if (code[at] === ")") depth -= 1;
    if (depth === 0) return code.slice(start, at + 1).replace(/\s+/g, " ");
  }
  return null;
}

/** The rules of a script, each call once. */
export function rulesOf(source: string): Rule[] {
  const code = withoutComments(source);
  return RULES.flatMap((name) => {
    const calls = [...code.matchAll(new RegExp(`(?<![\\w.])${name}\\s*\\(`, "g"))].map(({ index }) =>
      callAt(code, index),
    );
    const once = new Set(calls.filter((call) => call !== null));
    return [...once].map((call) => ({ name, call }));
  });
}

export const hasStop = (rules: readonly Rule[]) => rules.some(({ name }) => STOPS.includes(name));
