// Colours for the strategy language: Rhai, of which only the surface is read.
import { HighlightStyle, StreamLanguage, type StringStream, syntaxHighlighting } from "@codemirror/language";
import { tags } from "@lezer/highlight";

const KEYWORDS =
  /^(?:let|const|if|else|switch|for|in|while|loop|until|do|break|continue|return|fn|this|true|false|throw|try|catch)\b/;
const COLUMNS = /^(?:open|high|low|close|volume|time)\b(?!\s*\()/;

interface State {
  /** Nested block comments. */
  depth: number;
}

function comment(stream: StringStream, state: State): string {
  while (!stream.eol()) {
    if (stream.match("*/")) {
      state.depth -= 1;
      if (state.depth === 0) break;
    } else if (stream.match("/*")) state.depth += 1;
    else stream.next();
  }
  return "comment";
}

/** The style of the next piece of a line; null where it has none. */
export function token(stream: StringStream, state: State): string | null {
  if (state.depth > 0) return comment(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match("//")) {
    stream.skipToEnd();
    return "comment";
  }
  if (stream.match("/*")) {
    state.depth = 1;
    return comment(stream, state);
  }
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^`[^`]*`?/)) return "string";
  if (stream.match(/^\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?/i)) return "number";
  if (stream.match(KEYWORDS)) return "keyword";
  if (stream.match(COLUMNS)) return "atom";
  if (stream.match(/^[A-Za-z_]\w*(?=\s*\()/)) return "function";
  if (stream.match(/^[A-Za-z_]\w*/)) return "variableName";
  stream.next();
  return null;
}

const language = StreamLanguage.define<State>({
  name: "rhai",
  startState: () => ({ depth: 0 }),
  copyState: (state) => ({ ...state }),
  token,
  tokenTable: { function: tags.function(tags.variableName) },
  languageData: {
    commentTokens: { line: "//", block: { open: "/*", close: "*/" } },
    closeBrackets: { brackets: ["(", "[", "{", '"'] },
  },
});

/** Few colours: what is not a name of the person's own. Gain, loss and sentiment keep theirs. */
const style = HighlightStyle.define([
  { tag: tags.comment, color: "var(--color-faint)" },
  { tag: tags.keyword, color: "var(--color-accent)" },
  { tag: tags.function(tags.variableName), color: "var(--color-fg)", fontWeight: "600" },
  { tag: [tags.string, tags.number], color: "var(--color-warn)" },
  { tag: tags.atom, color: "var(--color-accent)" },
  { tag: tags.variableName, color: "var(--color-muted)" },
]);

export const rhai = [language, syntaxHighlighting(style)];
