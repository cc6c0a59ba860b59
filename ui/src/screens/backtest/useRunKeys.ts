// Mod+Enter runs the backtest wherever the focus is; the editor has its own binding.
import { useEffect, useRef } from "react";

export function useRunKeys(onRun: () => void): void {
  const now = useRef(onRun);
  now.current = onRun;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
      if (document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      now.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
