// What is open in this window right now. Not remembered.
import { create } from "zustand";

/** Something a screen can do, offered in the palette while the screen is shown. */
export interface Action {
  id: string;
  label: string;
  keys?: string;
  run: () => void;
}

export interface FetchStart {
  /** The default venue when left out. */
  venue?: string;
  symbol: string;
  interval: string;
  /** First and last day as typed; the usual span where both are left out or empty. */
  from?: string;
  to?: string;
}

interface WindowState {
  palette: { open: boolean; text: string };
  shortcutsOpen: boolean;
  /** Matters only where the window is too narrow for the inspector to stand beside the canvas. */
  inspectorOpen: boolean;
  dialog: "fetch" | "import" | null;
  /** What the fetch dialog starts with. */
  fetchStart: FetchStart | null;
  welcomeOpen: boolean;
  screenActions: readonly Action[];
  /** When the candle closes that the chart follows live. */
  nextClose: number | null;
}

export const useWindowState = create<WindowState>()(() => ({
  palette: { open: false, text: "" },
  shortcutsOpen: false,
  inspectorOpen: false,
  dialog: null,
  fetchStart: null,
  welcomeOpen: false,
  screenActions: [],
  nextClose: null,
}));

const set = useWindowState.setState;

export const openPalette = (text = "") => set({ palette: { open: true, text } });
export const closePalette = () => set({ palette: { open: false, text: "" } });
export const openShortcuts = (open: boolean) => set({ shortcutsOpen: open });
export const openInspector = (open: boolean) => set({ inspectorOpen: open });
export const openFetch = (start: FetchStart | null = null) => set({ dialog: "fetch", fetchStart: start });
export const openImport = () => set({ dialog: "import" });
export const closeDialog = () => set({ dialog: null });
export const openWelcome = (open: boolean) => set({ welcomeOpen: open });
export const setScreenActions = (screenActions: readonly Action[]) => set({ screenActions });
export const setNextClose = (nextClose: number | null) => set({ nextClose });
