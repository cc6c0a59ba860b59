import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { Skeleton } from "../../widgets/Skeleton";

export function SettingsScreen() {
  const text = useText();
  return (
    <Frame
      title={text.shell.screens.settings}
      bar={<span className="text-15 font-semibold">{text.shell.screens.settings}</span>}
      list={<Skeleton />}
    >
      <Skeleton />
    </Frame>
  );
}
