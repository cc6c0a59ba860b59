import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { LanguageDto, ScriptProblemDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { type CodeEditor, createCodeEditor } from "./codeEditor";

interface ScriptEditorProps {
  label: string;
  text: string;
  problems: readonly ScriptProblemDto[];
  onText: (text: string) => void;
  onRun: () => void;
  onSave: () => void;
  /** What completion and hover know; null while it is on the way. */
  language: LanguageDto | null;
  /** F1 on a word. */
  onDocs: (word: string) => void;
  ref: Ref<Pick<CodeEditor, "goTo" | "insert">>;
}

/** A script to be read and changed, its mistakes underlined. */
export function ScriptEditor(props: ScriptEditorProps) {
  const { label, text, problems, ref } = props;
  const docs = useText().backtest.docs;
  const element = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const first = useRef({ text, label });
  // The editor outlives renders: its events reach the newest handlers and texts through this.
  const now = useRef({ props, docs });
  now.current = { props, docs };
  useImperativeHandle(
    ref,
    () => ({
      goTo: (line, column) => editor.current?.goTo(line, column),
      insert: (words) => editor.current?.insert(words),
    }),
    [],
  );
  useEffect(() => {
    if (!element.current) return;
    const made = createCodeEditor(element.current, first.current.text, first.current.label, {
      onText: (next) => now.current.props.onText(next),
      onRun: () => now.current.props.onRun(),
      onSave: () => now.current.props.onSave(),
      help: {
        language: () => now.current.props.language,
        texts: () => {
          const { groups, ...words } = now.current.docs;
          const named: Record<string, string> = groups;
          return { ...words.completion, groups: (group) => named[group] ?? group };
        },
        onDocs: (word) => now.current.props.onDocs(word),
      },
    });
    editor.current = made;
    return () => {
      editor.current = null;
      made.remove();
    };
  }, []);
  useEffect(() => editor.current?.setText(text), [text]);
  useEffect(() => editor.current?.showProblems(problems), [problems]);
  return (
    <div ref={element} data-testid="script-editor" className="min-h-0 min-w-0 flex-1 select-text overflow-hidden" />
  );
}
