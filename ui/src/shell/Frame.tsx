import { clsx } from "clsx";
import type { ReactNode } from "react";
import { useText } from "../i18n/text";
import { TopBar } from "./TopBar";
import { useWindowState } from "./windowState";

interface FrameProps {
  /** The screen's name, for the document and for screen readers. */
  title: string;
  /** What this screen is about, in the top bar. */
  bar: ReactNode;
  /** The list on the left. */
  list?: ReactNode;
  listWidth?: "normal" | "wide";
  /** Explains or configures what is chosen. */
  inspector?: ReactNode;
  inspectorWidth?: "narrow" | "wide";
  /** The canvas. */
  children: ReactNode;
}

/** The one frame of every screen: top bar, list, canvas, inspector. The rail and the status bar belong to the window. */
export function Frame({
  title,
  bar,
  list,
  listWidth = "normal",
  inspector,
  inspectorWidth = "narrow",
  children,
}: FrameProps) {
  const text = useText();
  const inspectorOpen = useWindowState((state) => state.inspectorOpen);
  const hasInspector = inspector !== undefined && inspector !== null;
  return (
    <>
      <title>{`${title} · Promptpal`}</title>
      <TopBar hasInspector={hasInspector}>{bar}</TopBar>
      {list !== undefined && (
        <aside
          data-list={listWidth}
          aria-label={title}
          className="flex min-h-0 min-w-0 flex-col bg-panel [grid-area:list]"
        >
          {list}
        </aside>
      )}
      <main id="canvas" className="relative flex min-h-0 min-w-0 flex-col overflow-hidden bg-panel [grid-area:main]">
        <h1 className="sr-only">{title}</h1>
        {children}
      </main>
      {hasInspector && (
        <aside
          data-side={inspectorWidth}
          data-open={inspectorOpen}
          aria-label={text.shell.inspector.name}
          className={clsx(
            "flex min-h-0 min-w-0 flex-col overflow-hidden bg-panel [grid-area:side]",
            !inspectorOpen && "max-wide:hidden",
          )}
        >
          {inspector}
        </aside>
      )}
    </>
  );
}
