// Keys that work everywhere.
import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { SCREENS } from "./screens";
import { openInspector, openPalette, openShortcuts, useWindowState } from "./windowState";

/** Whether a key belongs to a text that is being written. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, [role=textbox], [role=combobox]");
}

export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        openPalette();
        return;
      }
      if (event.altKey && !event.ctrlKey && !event.metaKey) {
        const screen = SCREENS.find(({ keys }) => event.code === `Digit${keys.slice(-1)}`);
        if (screen) {
          event.preventDefault();
          void navigate({ to: screen.path });
        } else if (event.code === "KeyI") {
          event.preventDefault();
          openInspector(!useWindowState.getState().inspectorOpen);
        }
        return;
      }
      if (event.key === "?" && !isTyping(event.target)) {
        event.preventDefault();
        openShortcuts(true);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [navigate]);
}
