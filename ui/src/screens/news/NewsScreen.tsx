import { useText } from "../../i18n/text";
import { Frame } from "../../shell/Frame";
import { Skeleton } from "../../widgets/Skeleton";

export function NewsScreen() {
  const text = useText();
  return (
    <Frame
      title={text.shell.screens.news}
      bar={<span className="text-15 font-semibold">{text.shell.screens.news}</span>}
      list={<Skeleton />}
    >
      <Skeleton />
    </Frame>
  );
}
