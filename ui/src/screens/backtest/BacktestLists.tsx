import type { UseQueryResult } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { RunDto, StrategyDto } from "../../backend/bindings";
import { QueryView } from "../../widgets/QueryView";
import { RunList } from "./RunList";
import { StrategyList } from "./StrategyList";

interface BacktestListsProps {
  strategies: UseQueryResult<StrategyDto[]>;
  runs: UseQueryResult<RunDto[]>;
  strategy: string | null;
  run: number | null;
  nameOf: (strategy: string) => string;
  onRun: (run: RunDto) => void;
  onRemove: (run: RunDto) => void;
  onCompare: () => void;
}

/** The strategies, and the runs that were made with them. */
export function BacktestLists(props: BacktestListsProps) {
  const navigate = useNavigate();
  return (
    <>
      <QueryView query={props.strategies}>
        {(found) => (
          <StrategyList
            strategies={found}
            current={props.strategy}
            onChoose={(chosen) => void navigate({ to: "/backtest", search: { strategy: chosen.id } })}
          />
        )}
      </QueryView>
      <QueryView query={props.runs}>
        {(found) => (
          <RunList
            runs={found}
            current={props.run}
            nameOf={props.nameOf}
            onChoose={props.onRun}
            onRemove={props.onRemove}
            onCompare={props.onCompare}
          />
        )}
      </QueryView>
    </>
  );
}
