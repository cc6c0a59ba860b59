import type { ReactNode } from "react";

/** The line over a list, a table or the inspector: its name, and a figure or two at the end. */
export function PanelHead({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 border-line border-b px-3 text-12">
      <h2 className="shrink-0 truncate font-semibold">{title}</h2>
      {aside !== undefined && <span className="ml-auto truncate text-faint">{aside}</span>}
      {children !== undefined && (
        <div
          className={aside === undefined ? "-mr-1 ml-auto flex items-center gap-1" : "-mr-1 flex items-center gap-1"}
        >
          {children}
        </div>
      )}
    </div>
  );
}
