import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { ScriptProblemDto } from "../../backend/bindings";
import { type CodeEditor, createCodeEditor } from "./codeEditor";

interface ScriptEditorProps {
  label: string;
  text: string;
  problems: readonly ScriptProblemDto[];
  onText: (text: string) => void;
  onRun: () => void;
  onSave: () => void;
  ref: Ref<Pick<CodeEditor, "goTo">>;
}

/** A script to be read and changed, its mistakes underlined. */
export function ScriptEditor({ label, text, problems, onText, onRun, onSave, ref }: ScriptEditorProps) {
  const element = useRef<HTMLDivElement>(null);
  const editor = useRef<CodeEditor | null>(null);
  const first = useRef({ text, label });
  const events = useRef({ onText, onRun, onSave });
  events.current = { onText, onRun, onSave };
  useImperativeHandle(ref, () => ({ goTo: (line, column) => editor.current?.goTo(line, column) }), []);
  useEffect(() => {
    if (!element.current) return;
    const made = createCodeEditor(element.current, first.current.text, first.current.label, {
      onText: (next) => events.current.onText(next),
      onRun: () => events.current.onRun(),
      onSave: () => events.current.onSave(),
    });
    editor.current = made;
    return () => {
      editor.current = null;
      made.remove();
    };
  }, []);
  useEffect(() => editor.current?.setText(text), [text]);
  useEffect(() => editor.current?.showProblems(problems), [problems]);
  return <div ref={element} data-testid="script-editor" className="min-h-0 flex-1 select-text overflow-hidden" />;
}
