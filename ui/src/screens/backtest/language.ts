// What the editor knows of the strategy language: what can be written at a place, and what a word means. Pure.
import type { FunctionDto } from "../../backend/bindings";
import { withoutComments } from "./scriptRules";

/** Columns of the bars, as scripts name them. */
export const COLUMNS = ["open", "high", "low", "close", "volume"] as const;

export interface Suggestion {
  label: string;
  kind: "function" | "column" | "variable" | "output";
  /** How it is written, or where it comes from. */
  detail: string;
  about: string;
  /** The group it is listed in. */
  group: string;
}

export interface Suggestions {
  /** Where the word begins that is being written. */
  from: number;
  options: Suggestion[];
}

/** Variables of a script with the text that they are set to. */
export function variablesOf(source: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name, value] of withoutComments(source).matchAll(/\b(?:let|const)\s+(\w+)\s*=\s*([^;\n]*)/g)) {
    if (name !== undefined) found.set(name, (value ?? "").trim());
  }
  return found;
}

/** The function that an expression ends with a call of: `sma` for `2 * sma(close, 10)`. */
function lastCall(expression: string): string | null {
  if (!expression.trimEnd().endsWith(")")) return null;
  let depth = 0;
  for (let at = expression.trimEnd().length - 1; at >= 0; at -= 1) {
    if (expression[at] === ")") depth += 1;
    if (expression[at] === "(") depth -= 1;
    if (depth === 0) return /(\w+)\s*$/.exec(expression.slice(0, at))?.[1] ?? null;
  }
  return null;
}

/** The outputs and methods of what stands before a point. */
function membersOf(before: string, source: string, functions: readonly FunctionDto[]): Suggestion[] {
  const word = /(\w+)$/.exec(before)?.[1];
  const made = word === undefined ? before : (variablesOf(source).get(word) ?? "");
  const name = lastCall(made);
  const about = functions.find((one) => one.name === name);
  const outputs = name === "timeframe" ? [...COLUMNS] : (about?.outputs ?? []);
  const ago = functions.find((one) => one.name === "ago");
  return [
    ...outputs.map(
      (label): Suggestion => ({
        label,
        kind: "output",
        detail: name ?? "",
        about: about?.about ?? "",
        group: name ?? "",
      }),
    ),
    ...(ago ? [suggestionOf(ago)] : []),
  ];
}

const suggestionOf = ({ name, signature, about, group }: FunctionDto): Suggestion => ({
  label: name,
  kind: "function",
  detail: signature,
  about,
  group,
});

/** What can be written before the cursor; null inside of comments and texts, and where nothing was begun. */
export function suggestionsAt(
  source: string,
  at: number,
  functions: readonly FunctionDto[],
  asked: boolean,
): Suggestions | null {
  const line = source.slice(source.lastIndexOf("\n", at - 1) + 1, at);
  if (isQuiet(line)) return null;
  const member = /[\w)]\.(\w*)$/.exec(line);
  if (member && !/(?:^|[^\w)])\d+\.\d*$/.test(line)) {
    const begun = member[1] ?? "";
    const before = line.slice(0, line.length - begun.length - 1);
    return { from: at - begun.length, options: membersOf(before, source, functions) };
  }
  const word = /[A-Za-z_]\w*$/.exec(line)?.[0] ?? "";
  if (word === "" && !asked) return null;
  const variables = [...variablesOf(source)].map(
    ([label, value]): Suggestion => ({ label, kind: "variable", detail: value, about: "", group: "" }),
  );
  const columns = COLUMNS.map((label): Suggestion => ({ label, kind: "column", detail: "", about: "", group: "" }));
  const known = functions.filter((one) => one.name !== "ago").map(suggestionOf);
  return { from: at - word.length, options: [...variables, ...columns, ...known] };
}

/** Whether a line ends inside of a comment or a text. */
function isQuiet(line: string): boolean {
  let text: string | null = null;
  for (let at = line.search(/["`/]/); at >= 0 && at < line.length; at += 1) {
    const sign = line[at];
    if (text !== null) {
      if (sign === "\\") at += 1;
      else if (sign === text) text = null;
    } else if (sign === '"' || sign === "`") text = sign;
    else if (sign === "/" && line[at + 1] === "/") return true;
  }
  return text !== null;
}

/** The word at a place with where it begins and ends. */
export function wordAt(line: string, column: number): { word: string; from: number; to: number } | null {
  for (const match of line.matchAll(/[A-Za-z_]\w*/g)) {
    const [from, to] = [match.index, match.index + match[0].length];
    if (column >= from && column <= to) return { word: match[0], from, to };
  }
  return null;
}

/** Functions whose name, writing or meaning holds every word of a query; names first. */
export function findFunctions(functions: readonly FunctionDto[], query: string): FunctionDto[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...functions];
  const rank = ({ name, signature, about }: FunctionDto) => {
    const whole = `${name} ${signature} ${about}`.toLowerCase();
    if (!words.every((word) => whole.includes(word))) return 0;
    const first = words[0] ?? "";
    if (name === first) return 4;
    return name.startsWith(first) ? 3 : name.includes(first) ? 2 : 1;
  };
  return functions
    .map((one) => ({ one, rank: rank(one) }))
    .filter((found) => found.rank > 0)
    .toSorted((a, b) => b.rank - a.rank)
    .map(({ one }) => one);
}
