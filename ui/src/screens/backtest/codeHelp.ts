// Completion and hover of the editor: what the language offers, shown by CodeMirror.
import { autocompletion, type Completion, completionKeymap } from "@codemirror/autocomplete";
import { EditorView, hoverTooltip, keymap } from "@codemirror/view";
import type { LanguageDto } from "../../backend/bindings";
import { piecesOf } from "../../widgets/markdown";
import { COLUMNS, type Suggestion, suggestionsAt, variablesOf, wordAt } from "./language";

export interface CodeHelpTexts {
  groups: (group: string) => string;
  variables: string;
  columns: string;
  outputs: string;
  column: string;
}

export interface CodeHelp {
  language: () => LanguageDto | null;
  texts: () => CodeHelpTexts;
  /** F1 on a word. */
  onDocs: (word: string) => void;
}

const TYPES: Record<Suggestion["kind"], string> = {
  function: "function",
  column: "constant",
  variable: "variable",
  output: "property",
};

/** Words as elements: code and strong words are set apart, nothing is read as markup. */
function wordsInto(element: HTMLElement, text: string): HTMLElement {
  for (const { kind, text: words } of piecesOf(text)) {
    const piece = document.createElement(kind === "code" ? "code" : kind === "strong" ? "strong" : "span");
    piece.textContent = words;
    element.append(piece);
  }
  return element;
}

function explained(signature: string, about: string): HTMLElement {
  const box = document.createElement("div");
  box.className = "cm-help";
  const head = document.createElement("code");
  head.textContent = signature;
  box.append(head);
  if (about !== "") box.append(wordsInto(document.createElement("p"), about));
  return box;
}

function completionOf(suggestion: Suggestion, texts: CodeHelpTexts): Completion {
  const { label, kind, detail, about, group } = suggestion;
  const section = {
    function: texts.groups(group),
    column: texts.columns,
    variable: texts.variables,
    output: texts.outputs,
  };
  return {
    label,
    type: TYPES[kind],
    section: section[kind],
    // What the script itself has comes before the whole of the language.
    boost: kind === "function" ? 0 : 10,
    ...(kind === "variable" ? { detail } : {}),
    ...(kind === "function"
      ? // The bracket is left open: whoever types the arguments also types its end.
        { info: () => explained(detail, about), apply: detail.endsWith("()") ? `${label}()` : `${label}(` }
      : {}),
  };
}

/** Completion while typing and on Ctrl+Space, docs on hover and on F1. */
export function codeHelp(help: CodeHelp) {
  return [
    autocompletion({
      override: [
        ({ state, pos, explicit }) => {
          const language = help.language();
          if (!language) return null;
          const found = suggestionsAt(state.doc.toString(), pos, language.functions, explicit);
          if (!found || found.options.length === 0) return null;
          const options = found.options.map((one) => completionOf(one, help.texts()));
          return { from: found.from, options, validFor: /^\w*$/ };
        },
      ],
      icons: false,
      maxRenderedOptions: 60,
    }),
    keymap.of([
      ...completionKeymap,
      {
        key: "F1",
        preventDefault: true,
        run: (view) => {
          const { head } = view.state.selection.main;
          const line = view.state.doc.lineAt(head);
          const column = head - line.from;
          // Behind an opening bracket, the function that it belongs to is meant.
          help.onDocs((wordAt(line.text, column) ?? wordAt(line.text, column - 1))?.word ?? "");
          return true;
        },
      },
    ]),
    hoverTooltip((view, pos) => {
      const line = view.state.doc.lineAt(pos);
      const found = wordAt(line.text, pos - line.from);
      const language = help.language();
      if (!found || !language || /^\s*\/\//.test(line.text)) return null;
      const known = language.functions.find((one) => one.name === found.word);
      const value = variablesOf(view.state.doc.toString()).get(found.word);
      const isColumn = COLUMNS.some((name) => name === found.word);
      if (!known && value === undefined && !isColumn) return null;
      const create = () => ({
        dom: known
          ? explained(known.signature, known.about)
          : explained(
              value === undefined ? found.word : `${found.word} = ${value}`,
              isColumn ? help.texts().column : "",
            ),
      });
      return { pos: line.from + found.from, end: line.from + found.to, above: true, create };
    }),
    helpTheme,
  ];
}

const helpTheme = EditorView.theme({
  ".cm-help": { padding: "8px 10px", maxWidth: "380px", lineHeight: "18px" },
  ".cm-help > code": { fontFamily: "var(--font-mono)", fontWeight: "600" },
  ".cm-help p": { marginTop: "4px", color: "var(--color-muted)" },
  ".cm-help p code": { fontFamily: "var(--font-mono)", fontSize: "11px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", maxHeight: "240px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "2px 10px", lineHeight: "20px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--color-selected)",
    color: "var(--color-fg)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > completion-section": {
    padding: "6px 10px 2px",
    borderBottom: "0",
    color: "var(--color-muted)",
    fontFamily: "var(--font-sans)",
    fontSize: "11px",
    opacity: "1",
  },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionDetail": { color: "var(--color-muted)", fontStyle: "normal" },
  ".cm-tooltip.cm-completionInfo": { padding: "0" },
});
