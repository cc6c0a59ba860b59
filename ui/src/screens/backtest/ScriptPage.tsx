import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { BookOpen, Save, SaveAll, Trash2, Undo2 } from "lucide-react";
import { useDeferredValue, useRef, useState } from "react";
import type { ScriptProblemDto, StrategyDto } from "../../backend/bindings";
import { answer, commands } from "../../backend/client";
import { keys, queries } from "../../backend/queries";
import { useCommand } from "../../backend/useCommand";
import { useText } from "../../i18n/text";
import { Button, IconButton } from "../../widgets/Button";
import { ConfirmDialog } from "../../widgets/Dialog";
import { PanelHead } from "../../widgets/PanelHead";
import { showDone } from "../../widgets/toast";
import { setScript, useForm } from "./formStore";
import { SaveAsDialog } from "./SaveAsDialog";
import { type DocsTab, ScriptDocs } from "./ScriptDocs";
import { ScriptEditor } from "./ScriptEditor";
import { ScriptProblems } from "./ScriptProblems";
import { useWide } from "./useWide";

const NONE: ScriptProblemDto[] = [];

interface ScriptPageProps {
  strategy: StrategyDto;
  strategies: readonly StrategyDto[];
  onRun: () => void;
}

/** The script of a strategy. Built-in ones are changed by saving them as one's own. */
export function ScriptPage({ strategy, strategies, onRun }: ScriptPageProps) {
  const all = useText().backtest;
  const text = all.script;
  const client = useQueryClient();
  const navigate = useNavigate();
  const changed = useForm((state) => state.scripts[strategy.id]);
  const source = changed ?? strategy.source;
  const dirty = changed !== undefined && changed !== strategy.source;
  const [asking, setAsking] = useState<"saveAs" | "delete" | null>(null);
  const editor = useRef<{ goTo: (line: number, column: number) => void; insert: (text: string) => void }>(null);
  const language = useQuery(queries.language()).data ?? null;
  const wide = useWide();
  const [docs, setDocs] = useState<{ shown: boolean | null; tab: DocsTab; query: string }>({
    shown: null,
    tab: "strategy",
    query: "",
  });
  const docsShown = docs.shown ?? wide;
  const checkedSource = useDeferredValue(source);
  const check = useQuery({
    queryKey: ["script", checkedSource],
    queryFn: () => answer(commands.checkScript(checkedSource)),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  const save = useCommand(async (id: string) => answer(commands.saveStrategy(id, source)));
  const saveAs = (id: string) =>
    save.mutate(id, {
      onSuccess: async (saved) => {
        await client.invalidateQueries({ queryKey: keys.strategies });
        setScript(strategy.id, null);
        setAsking(null);
        showDone(text.saved(saved.title));
        void navigate({ to: "/backtest", search: { strategy: saved.id } });
      },
    });
  const saveNow = () => (strategy.builtin ? setAsking("saveAs") : dirty && saveAs(strategy.id));
  const remove = useCommand((id: string) => answer(commands.deleteStrategy(id)));
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PanelHead
        title={strategy.title}
        aside={strategy.builtin ? text.builtin : dirty ? all.strategies.edited : text.own}
      >
        {dirty && (
          <IconButton label={text.revert} onClick={() => setScript(strategy.id, null)}>
            <Undo2 />
          </IconButton>
        )}
        {!strategy.builtin && (
          <>
            <IconButton label={all.strategies.remove} onClick={() => setAsking("delete")} data-testid="strategy-delete">
              <Trash2 />
            </IconButton>
            <Button
              icon={<Save />}
              className="h-6"
              keys="Ctrl S"
              disabled={!dirty || save.isPending}
              onClick={saveNow}
              data-testid="script-save"
            >
              {text.save}
            </Button>
          </>
        )}
        <IconButton
          label={docsShown ? all.docs.hide : all.docs.show}
          keys="F1"
          active={docsShown}
          onClick={() => setDocs({ ...docs, shown: !docsShown })}
          data-testid="toggle-docs"
        >
          <BookOpen />
        </IconButton>
        <Button icon={<SaveAll />} className="h-6" onClick={() => setAsking("saveAs")} data-testid="script-save-as">
          {text.saveAs}
        </Button>
      </PanelHead>
      <div className="flex min-h-0 flex-1">
        <ScriptEditor
          key={strategy.id}
          ref={editor}
          label={text.editor(strategy.title)}
          text={source}
          problems={check.data ?? NONE}
          onText={(next) => setScript(strategy.id, next === strategy.source ? null : next)}
          onRun={onRun}
          onSave={saveNow}
          language={language}
          onDocs={(query) => setDocs({ shown: true, tab: "functions", query })}
        />
        {docsShown && (
          <ScriptDocs
            strategy={strategy}
            source={source}
            tab={docs.tab}
            onTab={(tab) => setDocs({ ...docs, tab })}
            query={docs.query}
            onQuery={(query) => setDocs({ ...docs, query })}
            onInsert={(words) => editor.current?.insert(words)}
          />
        )}
      </div>
      <ScriptProblems check={check} onGoTo={(line, column) => editor.current?.goTo(line, column)} />
      {asking === "saveAs" && (
        <SaveAsDialog
          strategy={strategy}
          strategies={strategies}
          busy={save.isPending}
          onSave={saveAs}
          onClose={() => setAsking(null)}
        />
      )}
      <ConfirmDialog
        open={asking === "delete"}
        onClose={() => setAsking(null)}
        title={all.strategies.removeTitle(strategy.title)}
        about={all.strategies.removeBody}
        confirm={all.strategies.remove}
        onConfirm={() =>
          remove.mutate(strategy.id, {
            onSuccess: async () => {
              setScript(strategy.id, null);
              await client.invalidateQueries({ queryKey: keys.strategies });
              showDone(all.strategies.removed(strategy.title));
              void navigate({ to: "/backtest", search: {} });
            },
          })
        }
      />
    </div>
  );
}
