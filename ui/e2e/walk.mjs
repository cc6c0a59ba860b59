// Ways through the window that more than one test takes.

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

/** Runs the strategy of the form as it stands and reads the report. */
export async function backtestFromForm(window) {
  await window.click("run-backtest");
  const text = await window.textThat("report", (report) => report.length > 0, "the report");
  const totalReturn = await window.textThat("report-total-return", (figure) => /\d/.test(figure), "the total return");
  const trades = await window.execute(
    `return document.querySelectorAll('[data-testid="trades-table"] [role="row"], [data-testid="trades-table"] tbody tr').length;`,
  );
  return { text, totalReturn, trades };
}
