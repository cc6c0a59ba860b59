import type { ReactNode } from "react";

/** Nothing here yet, and what to do about it. */
export function EmptyState({
  icon,
  title,
  body,
  actions,
}: {
  icon?: ReactNode;
  title: ReactNode;
  body?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div
      className="flex h-full min-h-40 flex-1 flex-col items-center justify-center gap-2 p-6 text-center"
      data-testid="empty-state"
    >
      {icon !== undefined && <div className="mb-1 text-faint [&_svg]:size-6 [&_svg]:stroke-[1.5]">{icon}</div>}
      <h2 className="text-15 font-semibold">{title}</h2>
      {body !== undefined && <p className="max-w-[44ch] text-12 leading-[18px] text-muted">{body}</p>}
      {actions !== undefined && <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
