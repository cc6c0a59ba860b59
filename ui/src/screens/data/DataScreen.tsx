import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { Skeleton } from "../../widgets/Skeleton";

export function DataScreen() {
  const text = useText();
  return (
    <Frame
      title={text.shell.screens.data}
      bar={<span className="text-15 font-semibold">{text.shell.screens.data}</span>}
      list={<Skeleton />}
    >
      <Skeleton />
    </Frame>
  );
}
