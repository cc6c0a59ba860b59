// The theme in force: the setting, or what the system prefers.
import { useEffect, useSyncExternalStore } from "react";
import type { CandleColours, ThemeDto } from "../backend/bindings";
import { useSettings } from "../backend/useSettings";

export type ResolvedTheme = "dark" | "light";

const prefersLight = window.matchMedia("(prefers-color-scheme: light)");

function subscribe(onChange: () => void): () => void {
  prefersLight.addEventListener("change", onChange);
  return () => prefersLight.removeEventListener("change", onChange);
}

export function resolveTheme(theme: ThemeDto, systemIsLight: boolean): ResolvedTheme {
  if (theme !== "system") return theme;
  return systemIsLight ? "light" : "dark";
}

export function useResolvedTheme(): ResolvedTheme {
  const { theme } = useSettings();
  const systemIsLight = useSyncExternalStore(subscribe, () => prefersLight.matches);
  return resolveTheme(theme, systemIsLight);
}

const CANDLES: Record<CandleColours, string> = { greenUp: "green-up", redUp: "red-up", colourBlind: "colour-blind" };

/** Keeps the document in the chosen colours and leaves them for the next start's first paint. */
export function useApplyTheme(ready: boolean): void {
  const { theme, candleColours } = useSettings();
  const resolved = useResolvedTheme();
  useEffect(() => {
    if (!ready) return;
    document.documentElement.dataset.theme = resolved;
    document.documentElement.dataset.candles = CANDLES[candleColours];
    localStorage.setItem("promptpal.theme", theme);
  }, [ready, theme, resolved, candleColours]);
}

/** A token's colour as it is now, for canvases. */
export function tokenColour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--color-${name}`).trim();
}
