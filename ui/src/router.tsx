// Addresses of the screens. Each screen is loaded when it is first opened.
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { Crashed } from "./shell/Crashed";
import { Shell } from "./shell/Shell";

/** Which candles the chart shows, and whose trades on them. */
export interface ChartSearch {
  series?: number;
  /** A run whose trades are drawn. */
  run?: number;
  /** A time to be centred, in milliseconds. */
  at?: number;
  /** With `symbol`: a watched symbol that has no series yet. */
  venue?: string;
  symbol?: string;
}

export interface NewsSearch {
  article?: number;
  asset?: string;
}

export interface BacktestSearch {
  run?: number;
  /** The run that `run` was made once more of. */
  against?: number;
  strategy?: string;
  series?: number;
}

export interface DataSearch {
  series?: number;
}

export const MODEL_PAGES = ["card", "check", "prices"] as const;
export type ModelPage = (typeof MODEL_PAGES)[number];

export interface ModelSearch {
  page?: ModelPage;
  /** Whose prices are held beside the news. */
  series?: number;
  /** Whose card is shown; the current one's when absent. */
  model?: string;
}

export const SETTINGS_SECTIONS = ["appearance", "network", "news", "sentiment", "account", "updates", "about"] as const;
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number];

export interface SettingsSearch {
  section?: SettingsSection;
}

type Raw = Record<string, unknown>;

/** The key with its value if that is a finite number, else nothing. */
function numberOf<K extends string>(raw: Raw, key: K): { [P in K]?: number } {
  const value = Number(raw[key] ?? Number.NaN);
  const found: { [P in K]?: number } = {};
  return Number.isFinite(value) ? { ...found, [key]: value } : found;
}

function textOf<K extends string>(raw: Raw, key: K): { [P in K]?: string } {
  const value = raw[key];
  const found: { [P in K]?: string } = {};
  return typeof value === "string" && value !== "" ? { ...found, [key]: value } : found;
}

const root = createRootRoute({ component: Shell });

const index = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/chart" });
  },
});

export const chartRoute = createRoute({
  getParentRoute: () => root,
  path: "/chart",
  validateSearch: (raw: Raw): ChartSearch => ({
    ...numberOf(raw, "series"),
    ...numberOf(raw, "run"),
    ...numberOf(raw, "at"),
    ...textOf(raw, "venue"),
    ...textOf(raw, "symbol"),
  }),
  component: lazyRouteComponent(() => import("./screens/chart/ChartScreen"), "ChartScreen"),
});

export const newsRoute = createRoute({
  getParentRoute: () => root,
  path: "/news",
  validateSearch: (raw: Raw): NewsSearch => ({ ...numberOf(raw, "article"), ...textOf(raw, "asset") }),
  component: lazyRouteComponent(() => import("./screens/news/NewsScreen"), "NewsScreen"),
});

export const backtestRoute = createRoute({
  getParentRoute: () => root,
  path: "/backtest",
  validateSearch: (raw: Raw): BacktestSearch => ({
    ...numberOf(raw, "run"),
    ...numberOf(raw, "against"),
    ...textOf(raw, "strategy"),
    ...numberOf(raw, "series"),
  }),
  component: lazyRouteComponent(() => import("./screens/backtest/BacktestScreen"), "BacktestScreen"),
});

export const dataRoute = createRoute({
  getParentRoute: () => root,
  path: "/data",
  validateSearch: (raw: Raw): DataSearch => numberOf(raw, "series"),
  component: lazyRouteComponent(() => import("./screens/data/DataScreen"), "DataScreen"),
});

export const modelRoute = createRoute({
  getParentRoute: () => root,
  path: "/model",
  validateSearch: (raw: Raw): ModelSearch => {
    const page = MODEL_PAGES.find((known) => known === raw.page);
    return { ...(page ? { page } : {}), ...numberOf(raw, "series"), ...textOf(raw, "model") };
  },
  component: lazyRouteComponent(() => import("./screens/model/ModelScreen"), "ModelScreen"),
});

export const settingsRoute = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  validateSearch: (raw: Raw): SettingsSearch => {
    const section = SETTINGS_SECTIONS.find((known) => known === raw.section);
    return section ? { section } : {};
  },
  component: lazyRouteComponent(() => import("./screens/settings/SettingsScreen"), "SettingsScreen"),
});

export const router = createRouter({
  routeTree: root.addChildren([index, chartRoute, newsRoute, backtestRoute, dataRoute, modelRoute, settingsRoute]),
  history: createHashHistory(),
  defaultErrorComponent: Crashed,
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
