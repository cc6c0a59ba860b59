import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { Skeleton } from "../../widgets/Skeleton";

export function ChartScreen() {
  const text = useText();
  return (
    <Frame
      title={text.shell.screens.chart}
      bar={<span className="text-15 font-semibold">{text.shell.screens.chart}</span>}
      list={<Skeleton />}
    >
      <Skeleton />
    </Frame>
  );
}
