// Whether the inspector stands beside the canvas or lies over it.
import { useSyncExternalStore } from "react";

/** As the breakpoint of the tokens. */
const wide = window.matchMedia("(min-width: 1180px)");

function subscribe(onChange: () => void): () => void {
  wide.addEventListener("change", onChange);
  return () => wide.removeEventListener("change", onChange);
}

export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => wide.matches);
}
