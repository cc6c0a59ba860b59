import { useText } from "../i18n/text";
import { Dialog } from "../widgets/Dialog";
import { Keys } from "../widgets/Keys";
import { openShortcuts, useWindowState } from "./windowState";

/** Every key of the program on one page. */
export function ShortcutSheet() {
  const text = useText().shell.shortcuts;
  const open = useWindowState((state) => state.shortcutsOpen);
  const lines: readonly (readonly [string, readonly string[]])[] = [
    [text.palette, ["Mod+K"]],
    [text.screen, ["Alt+1 … 6"]],
    [text.inspector, ["Alt+I"]],
    [text.type, ["A … Z", "0 … 9"]],
    [text.indicators, ["/"]],
    [text.fit, ["Alt+R"]],
    [text.moveRow, ["↑", "↓"]],
    [text.moveWatched, ["Alt+↑", "Alt+↓"]],
    [text.removeRow, ["Del"]],
    [text.news, ["J", "K", "/", "U", "M", "O"]],
    [text.close, ["Esc"]],
    [text.sheet, ["?"]],
  ];
  return (
    <Dialog open={open} onClose={() => openShortcuts(false)} title={text.title} testId="shortcuts">
      <dl className="grid">
        {lines.map(([label, keys]) => (
          <div key={label} className="flex h-8 items-center gap-2 border-line border-b text-12 last:border-0">
            <dt className="flex-1 text-muted">{label}</dt>
            <dd className="flex gap-1">
              {keys.map((key) => (
                <Keys key={key} of={key} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
