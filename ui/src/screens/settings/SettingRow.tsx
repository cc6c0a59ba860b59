import type { ReactNode } from "react";

/** One setting: what it is on the left, its control on the right. */
export function SettingRow({ label, hint, children }: { label: ReactNode; hint?: ReactNode; children: ReactNode }) {
  return (
    <div className="grid min-h-12 grid-cols-[minmax(140px,200px)_minmax(0,1fr)] items-center gap-6 border-line border-b py-2">
      <div>
        <div className="text-13">{label}</div>
        {hint !== undefined && <div className="text-11 text-faint">{hint}</div>}
      </div>
      <div className="flex min-w-0 flex-wrap items-center justify-end gap-2">{children}</div>
    </div>
  );
}

/** A sentence under the rows. */
export function SettingNote({ children }: { children: ReactNode }) {
  return <p className="max-w-[64ch] pt-3 text-12 leading-[18px] text-faint">{children}</p>;
}
