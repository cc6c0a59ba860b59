import { PanelRightClose, PanelRightOpen, Search } from "lucide-react";
import type { ReactNode } from "react";
import { useText } from "../i18n/text";
import { IconButton } from "../widgets/Button";
import { Keys } from "../widgets/Keys";
import { AccountChip } from "./AccountChip";
import { BrandMark } from "./BrandMark";
import { LiveChip } from "./LiveChip";
import { openInspector, openPalette, useWindowState } from "./windowState";

/** What the screen is about on the left, search, state and account on the right. */
export function TopBar({ hasInspector, children }: { hasInspector: boolean; children: ReactNode }) {
  const text = useText();
  const inspectorOpen = useWindowState((state) => state.inspectorOpen);
  return (
    <header className="flex min-w-0 items-center gap-3 bg-panel pr-3 [grid-area:top]">
      <div className="grid w-12 shrink-0 place-items-center text-accent">
        <BrandMark />
      </div>
      <div className="-ml-3 flex min-w-0 flex-1 items-center gap-3 overflow-hidden py-1 pl-3">{children}</div>
      <button
        type="button"
        aria-label={text.shell.search}
        data-testid="open-palette"
        onClick={() => openPalette()}
        className="flex h-7 w-9 shrink-0 items-center gap-2 rounded-md border border-line bg-raised px-2 text-12 text-faint hover:border-edge wide:w-[280px]"
      >
        <Search className="size-3.5 shrink-0" aria-hidden />
        <span className="hidden truncate wide:inline">{text.shell.search}</span>
        <span className="ml-auto hidden wide:inline">
          <Keys of="Mod+K" />
        </span>
      </button>
      <LiveChip />
      <AccountChip />
      {hasInspector && (
        <span className="wide:hidden">
          <IconButton
            label={inspectorOpen ? text.shell.inspector.hide : text.shell.inspector.show}
            keys="Alt+I"
            active={inspectorOpen}
            data-testid="toggle-inspector"
            onClick={() => openInspector(!inspectorOpen)}
          >
            {inspectorOpen ? <PanelRightClose /> : <PanelRightOpen />}
          </IconButton>
        </span>
      )}
    </header>
  );
}
