// The screens in the order of the rail.

export const SCREENS = [
  { name: "chart", path: "/chart", keys: "Alt+1" },
  { name: "news", path: "/news", keys: "Alt+2" },
  { name: "backtest", path: "/backtest", keys: "Alt+3" },
  { name: "data", path: "/data", keys: "Alt+4" },
  { name: "model", path: "/model", keys: "Alt+5" },
  { name: "settings", path: "/settings", keys: "Alt+6" },
] as const;

export type ScreenName = (typeof SCREENS)[number]["name"];
