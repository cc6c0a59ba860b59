import type { StrategyDto } from "../../backend/bindings";
import { useText } from "../../i18n/text";
import { List, ListRow } from "../../widgets/List";
import { PanelHead } from "../../widgets/PanelHead";
import { isEdited } from "./form";
import { useForm } from "./formStore";

interface StrategyListProps {
  strategies: readonly StrategyDto[];
  current: string | null;
  onChoose: (strategy: StrategyDto) => void;
}

/** The program's strategies and the person's own. */
export function StrategyList({ strategies, current, onChoose }: StrategyListProps) {
  const text = useText().backtest.strategies;
  const params = useForm((state) => state.params);
  const scripts = useForm((state) => state.scripts);
  return (
    <div className="flex max-h-[56%] shrink-0 flex-col">
      <PanelHead title={text.title} aside={strategies.length || ""} />
      <List label={text.title} className="py-1" testId="strategy-list">
        {strategies.map((strategy) => {
          const edited = strategy.id in scripts || isEdited(strategy, params[strategy.id]);
          return (
            <ListRow
              key={strategy.id}
              current={strategy.id === current}
              title={strategy.about}
              onClick={() => onChoose(strategy)}
              data-testid="strategy-row"
              data-strategy={strategy.id}
            >
              <span className="truncate font-medium">{strategy.title}</span>
              <span className="text-11 text-faint">{edited ? text.edited : strategy.builtin ? "" : text.own}</span>
            </ListRow>
          );
        })}
      </List>
    </div>
  );
}
