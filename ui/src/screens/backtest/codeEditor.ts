// The editor of scripts: CodeMirror with the tokens' colours. Rust finds the mistakes; here they are only shown.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState, Prec, type Text } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import type { ScriptProblemDto } from "../../backend/bindings";
import { type CodeHelp, codeHelp } from "./codeHelp";
import { rhai } from "./rhai";

export interface CodeEditor {
  /** Takes over a text that was changed elsewhere. */
  setText(text: string): void;
  showProblems(problems: readonly ScriptProblemDto[]): void;
  goTo(line: number, column: number): void;
  /** Writes a text over the selection, and takes the focus. */
  insert(text: string): void;
  remove(): void;
}

export interface CodeEditorEvents {
  onText: (text: string) => void;
  /** Mod+Enter. */
  onRun: () => void;
  /** Mod+S. */
  onSave: () => void;
  help: CodeHelp;
}

const theme = EditorView.theme({
  "&": { height: "100%", backgroundColor: "transparent", color: "var(--color-fg)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  // No ligatures: an underlined sign must look like itself.
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "20px", fontVariantLigatures: "none" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--color-fg)" },
  ".cm-line": { padding: "0 12px" },
  ".cm-gutters": { backgroundColor: "transparent", border: "0", color: "var(--color-faint)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "40px", padding: "0 8px 0 0" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--color-hover) 55%, transparent)",
  },
  ".cm-cursor": { borderLeftColor: "var(--color-fg)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--color-accent) 28%, transparent)",
  },
  ".cm-matchingBracket": { backgroundColor: "var(--color-hover)", outline: "1px solid var(--color-edge)" },
  ".cm-tooltip": {
    backgroundColor: "var(--color-raised)",
    color: "var(--color-fg)",
    border: "1px solid var(--color-edge)",
    borderRadius: "6px",
    fontFamily: "var(--font-sans)",
    fontSize: "12px",
  },
  ".cm-gutter-lint": { width: "12px" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0" },
  ".cm-lint-marker-error": {
    content: "normal",
    width: "6px",
    height: "6px",
    margin: "7px 0",
    borderRadius: "50%",
    backgroundColor: "var(--color-danger)",
  },
  ".cm-diagnostic-error": { borderLeftColor: "var(--color-danger)" },
});

/** Where a problem lies in a text. A place of 0, or one beyond the text, is its nearest end. */
export function placeOf(doc: Text, line: number, column: number): { from: number; to: number } {
  const found = doc.line(Math.min(doc.lines, Math.max(1, line)));
  const from = Math.min(found.to, found.from + Math.max(0, column - 1));
  const word = /^\w+/.exec(found.text.slice(from - found.from))?.[0].length ?? 1;
  // Something must be underlined: an end of a line gets its last character.
  return from < found.to
    ? { from, to: Math.min(found.to, from + word) }
    : { from: Math.max(found.from, from - 1), to: from };
}

export function createCodeEditor(
  element: HTMLElement,
  text: string,
  label: string,
  events: CodeEditorEvents,
): CodeEditor {
  let quiet = false;
  const run = (act: () => void) => () => {
    act();
    return true;
  };
  const view = new EditorView({
    parent: element,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(
          keymap.of([
            { key: "Mod-Enter", run: run(events.onRun), preventDefault: true },
            { key: "Mod-s", run: run(events.onSave), preventDefault: true },
          ]),
        ),
        EditorView.lineWrapping,
        lineNumbers(),
        lintGutter(),
        history(),
        drawSelection(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        rhai,
        codeHelp(events.help),
        theme,
        EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !quiet) events.onText(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(next) {
      if (view.state.doc.toString() === next) return;
      quiet = true;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next } });
      quiet = false;
    },
    showProblems(problems) {
      const diagnostics = problems.map(
        ({ line, column, message, hint }): Diagnostic => ({
          ...placeOf(view.state.doc, line, column),
          severity: "error",
          message: hint === null ? message : `${message}\n${hint}`,
        }),
      );
      view.dispatch(setDiagnostics(view.state, diagnostics));
    },
    goTo(line, column) {
      const { from } = placeOf(view.state.doc, line, column);
      view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      view.focus();
    },
    insert(text) {
      view.dispatch(view.state.replaceSelection(text));
      view.focus();
    },
    remove: () => view.destroy(),
  };
}
