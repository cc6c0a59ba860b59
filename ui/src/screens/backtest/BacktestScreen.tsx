import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { Skeleton } from "../../widgets/Skeleton";

export function BacktestScreen() {
  const text = useText();
  return (
    <Frame
      title={text.shell.screens.backtest}
      bar={<span className="text-15 font-semibold">{text.shell.screens.backtest}</span>}
      list={<Skeleton />}
    >
      <Skeleton />
    </Frame>
  );
}
