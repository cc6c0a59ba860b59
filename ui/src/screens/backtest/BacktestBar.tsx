import type { ReactNode } from "react";
import type { RunDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { symbolsInFull, symbolsInShort } from "../../runSymbols";
import { useFormat } from "../../useFormat";
import { SampleBadge } from "../../widgets/Pill";
import { Segmented } from "../../widgets/Segmented";

export type Page = "report" | "script" | "sweep" | "compare";

interface BacktestBarProps {
  run: RunDto | null;
  name: string;
  page: Page;
  onPage: (page: Page) => void;
  /** The run button, where the inspector does not stand beside the canvas. */
  children: ReactNode;
}

/** What is looked at: which run over which bars, and which page of it. */
export function BacktestBar({ run, name, page, onPage, children }: BacktestBarProps) {
  const text = useText();
  const format = useFormat();
  const { pages } = text.backtest;
  return (
    <>
      <span className="text-15 font-semibold">{text.shell.screens.backtest}</span>
      <span
        className="hidden min-w-0 truncate text-12 text-faint tabular-nums wide:inline"
        data-testid="run-title"
        title={run && run.others.length > 0 ? symbolsInFull(run) : undefined}
      >
        {name}
        {run && ` · ${symbolsInShort(run)} ${run.interval} · ${format.date(run.from)} → ${format.date(run.to)}`}
      </span>
      {run?.venue === "simulated" && <SampleBadge />}
      <Segmented
        label={pages.name}
        value={page}
        onChange={onPage}
        choices={[
          { value: "report", label: pages.report, testId: "page-report" },
          { value: "script", label: pages.script, testId: "page-script" },
          { value: "sweep", label: pages.sweep, testId: "page-sweep" },
          { value: "compare", label: pages.compare, testId: "page-compare" },
        ]}
      />
      {children}
    </>
  );
}
