import type { UseQueryResult } from "@tanstack/react-query";
import { CircleAlert, CircleCheck } from "lucide-react";
import type { ScriptProblemDto } from "../../backend/bindings";
import { problemOf } from "../../backend/client";
import { useText } from "../../i18n/text";

interface ScriptProblemsProps {
  check: UseQueryResult<ScriptProblemDto[]>;
  onGoTo: (line: number, column: number) => void;
}

/** What is wrong in a script, where, and what to write instead. */
export function ScriptProblems({ check, onGoTo }: ScriptProblemsProps) {
  const text = useText().backtest.script;
  const problems = check.data ?? [];
  return (
    <div className="shrink-0 border-line border-t text-12" data-testid="script-problems" role="status">
      {check.isError ? (
        <p className="px-3 py-2 text-warn">
          {text.unchecked}: {problemOf(check.error).message}
        </p>
      ) : problems.length === 0 ? (
        <p className="flex h-8 items-center gap-2 px-3 text-faint">
          <CircleCheck className="size-3.5" aria-hidden />
          {check.isPending ? text.checking : text.fine}
        </p>
      ) : (
        <ul className="max-h-40 overflow-y-auto py-1">
          {problems.map(({ line, column, message, hint }) => (
            <li key={`${line}:${column}:${message}`} className="flex gap-2 px-3 py-1">
              <CircleAlert className="mt-px size-3.5 shrink-0 text-danger" aria-hidden />
              <div className="min-w-0 flex-1">
                <p className="select-text">{message}</p>
                {hint !== null && <p className="select-text text-muted">{hint}</p>}
              </div>
              {line > 0 && (
                <button
                  type="button"
                  aria-label={text.goTo(line, column)}
                  onClick={() => onGoTo(line, column)}
                  className="shrink-0 self-start rounded-sm text-accent tabular-nums hover:underline"
                  data-testid="script-problem"
                >
                  {text.place(line, column)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
