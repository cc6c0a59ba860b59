// Ways through the window that more than one test takes.

import { coloursOf } from "./desk.mjs";
import { Key } from "./webdriver.mjs";

/** Closes the greeting of the first start, which lies over the screens. */
export async function leaveWelcome(window) {
  await window.find("welcome");
  await window.until(async () => {
    if (!(await window.has("welcome"))) return true;
    await window.press(Key.Escape);
    return false;
  }, "the greeting to close");
}

/** Waits for the sample workspace, which a development build simulates for some seconds, and for its candles. */
export async function sampleChart(window) {
  await window.until(() => window.has("sample-badge"), "the sample workspace", 120_000);
  return window.until(async () => {
    const colours = await coloursOf(window, "chart-canvas");
    return colours > 5 && colours;
  }, "candles on the chart");
}

/** Fetches a symbol from the exchange and opens its chart. */
export async function fetchedChart(window, symbol) {
  await window.click("nav-data");
  await window.click("fetch-button");
  await window.fill("fetch-symbol", symbol);
  await window.press(Key.Tab); // leaves the field, which closes the list of symbols under it
  await window.click("fetch-start");
  // The sample may have a series of the same name, of the venue "simulated".
  await window.click("series-row", "Binance");
  await window.press(Key.Enter);
  await window.until(async () => !(await window.has("sample-badge")), "the chart of the fetched series");
  await window.until(async () => (await coloursOf(window, "chart-canvas")) > 5, "candles on the chart");
}

/** Waits until the chip in the top bar says this of the connections. */
export async function connectionIs(window, state, patience) {
  const seen = async () => (await window.attribute("live-state", "data-state-name")) === state;
  await window.until(seen, `the connection to be ${state}`, patience);
}

/** Follows what is on the chart. */
export async function goLive(window) {
  await window.click("live-toggle");
  await connectionIs(window, "live");
}

/** Lets the exchange go on until the price on the chart is another one than `last`, and answers it. */
export function movedPrice(window, exchange, last) {
  // Whoever begins to follow sees the next frame, not the one before.
  return window.until(async () => {
    await exchange.say("advance 5000");
    const price = await window.text("chart-price");
    return price !== last && price;
  }, "the price to move");
}

/** Chooses a theme in the settings. */
export async function setTheme(window, theme) {
  await window.click("nav-settings");
  await window.click(`settings-theme-${theme}`);
  await window.until(
    () => window.execute("return document.documentElement.dataset.theme === arguments[0];", theme),
    `the ${theme} theme`,
  );
}

/** Waits until the list of the News screen has scored articles. */
export async function scoredNews(window) {
  await window.find("news-list");
  return window.until(
    async () => {
      const rows = await window.findAll('[data-testid="news-row"]');
      const pills = await window.execute(
        `return [...document.querySelectorAll('[data-testid="news-row"] [data-testid="sentiment-pill"]')]
           .map((pill) => pill.textContent.trim());`,
      );
      const scored = pills.filter((text) => /\d/.test(text));
      return rows.length > 0 && scored.length > 0 && { articles: rows.length, scored: scored.length, first: scored[0] };
    },
    "scored articles",
    120_000,
  );
}

/** Runs the strategy of the form as it stands and reads the report: its title, its key figures, its trades. */
export async function backtestFromForm(window) {
  await window.click("run-backtest");
  await window.textThat("report-total-return", (figure) => /\d/.test(figure), "the total return");
  const figures = await window.execute(
    `return [...document.querySelectorAll('[data-testid="report-kpis"] [data-testid^="kpi-"]')]
       .map((figure) => [...figure.children].map((line) => line.textContent.trim()));`,
  );
  // The table draws only the rows in sight; the header is one of those that it counts.
  const trades = Number(await window.attribute("trades-table", "aria-rowcount")) - 1;
  return { title: await window.text("run-title"), figures, trades };
}
