import { useQuery } from "@tanstack/react-query";
import { Search, X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import type { FunctionDto, StrategyDto } from "../../backend/bindings";
import { queries } from "../../backend/queries";
import { useText } from "../../i18n/text";
import { IconButton } from "../../widgets/Button";
import { Markdown, Words } from "../../widgets/Markdown";
import { headOf } from "../../widgets/markdown";
import { QueryView } from "../../widgets/QueryView";
import { Tabs } from "../../widgets/Tabs";
import { findFunctions } from "./language";

export type DocsTab = "strategy" | "functions" | "guide";

interface ScriptDocsProps {
  strategy: StrategyDto;
  /** The script as it stands in the editor. */
  source: string;
  tab: DocsTab;
  onTab: (tab: DocsTab) => void;
  query: string;
  onQuery: (query: string) => void;
  /** Writes a call where the cursor is. */
  onInsert: (text: string) => void;
}

/** Beside the script: what the strategy does and when it fails, every function of the language, and how the language works. */
export function ScriptDocs({ strategy, source, tab, onTab, query, onQuery, onInsert }: ScriptDocsProps) {
  const text = useText().backtest.docs;
  const language = useQuery(queries.language());
  const head = headOf(source);
  return (
    <aside
      aria-label={text.title}
      className="flex w-80 shrink-0 flex-col border-line border-l"
      data-testid="script-docs"
    >
      <Tabs
        label={text.title}
        value={tab}
        onChange={onTab}
        tabs={[
          {
            value: "strategy",
            label: text.strategy,
            content: (
              <Scroll>
                {head === "" ? (
                  <p className="text-12 text-muted">{text.noHead(strategy.title)}</p>
                ) : (
                  <Markdown text={head} />
                )}
              </Scroll>
            ),
          },
          {
            value: "functions",
            label: text.functions,
            content: (
              <QueryView query={language}>
                {({ functions }) => (
                  <Functions functions={functions} query={query} onQuery={onQuery} onInsert={onInsert} />
                )}
              </QueryView>
            ),
          },
          {
            value: "guide",
            label: text.guide,
            content: (
              <QueryView query={language}>
                {({ guide }) => (
                  <Scroll>
                    <Markdown text={guide} />
                  </Scroll>
                )}
              </QueryView>
            ),
          },
        ]}
      />
    </aside>
  );
}

function Scroll({ children }: { children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <div tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-3 focus-visible:-outline-offset-2">
      {children}
    </div>
  );
}

interface FunctionsProps {
  functions: readonly FunctionDto[];
  query: string;
  onQuery: (query: string) => void;
  onInsert: (text: string) => void;
}

function Functions({ functions, query, onQuery, onInsert }: FunctionsProps) {
  const text = useText().backtest.docs;
  const found = useMemo(() => findFunctions(functions, query), [functions, query]);
  const groups: Record<string, string> = text.groups;
  const grouped = query.trim() === "";
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-2 border-line border-b px-3">
        <Search className="size-3.5 shrink-0 text-faint" aria-hidden />
        <input
          value={query}
          onChange={(event) => onQuery(event.target.value)}
          aria-label={text.search}
          placeholder={text.search}
          spellCheck={false}
          autoComplete="off"
          data-testid="docs-search"
          className="h-full min-w-0 flex-1 bg-transparent text-12 outline-none"
        />
        {query !== "" && (
          <IconButton label={text.clear} className="size-6" onClick={() => onQuery("")}>
            <X />
          </IconButton>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto py-1">
        {found.length === 0 && <p className="p-3 text-12 text-muted">{text.none}</p>}
        <ul aria-label={text.functions}>
          {found.map((one, at) => (
            <li key={one.name}>
              {grouped && one.group !== found[at - 1]?.group && (
                <p className="px-3 pt-2 pb-0.5 text-11 text-faint">{groups[one.group] ?? one.group}</p>
              )}
              <button
                type="button"
                title={text.insert(one.name)}
                onClick={() => onInsert(one.signature.startsWith("x.") ? `.${one.name}(` : `${one.name}(`)}
                data-testid="docs-function"
                data-function={one.name}
                className="block w-full px-3 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2"
              >
                <code className="block font-mono text-11 font-semibold leading-4">{one.signature}</code>
                <span className="block pt-0.5 text-11 text-muted leading-4">
                  <Words text={one.about} quiet />
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
