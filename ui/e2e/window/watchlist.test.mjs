// The watchlist: a symbol is found at the exchange, and its figures arrive from there.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keepPicture, withProgram } from "../desk.mjs";
import { startDouble } from "../doubles.mjs";
import { fetchedChart, goLive, leaveWelcome, setTheme } from "../walk.mjs";
import { Key } from "../webdriver.mjs";

let exchange;

before(async () => {
  exchange = await startDouble("exchange", "--speed", "0");
});

after(() => exchange?.stop());

const config = () => `[exchange]\nrest_url = "${exchange.rest}"\nstream_url = "${exchange.ws}"\n`;

/** What a row of the list shows and how fresh it is; null where there is no such row. */
const row = (window, symbol) =>
  window.execute(
    `const row = document.querySelector('[data-testid="watchlist-row"][data-venue="binance"][data-symbol="' + arguments[0] + '"]');
     return row && {
       state: row.dataset.stateName,
       last: row.querySelector('[data-testid="watch-last"]').innerText,
       words: row.innerText,
     };`,
    symbol,
  );

test("a symbol is added by search, and its live figures arrive", async () => {
  await withProgram({ name: "watchlist", config: config() }, async (window) => {
    await leaveWelcome(window);
    await setTheme(window, "dark");
    await fetchedChart(window, "BTCUSDT");
    assert.equal(await row(window, "ETHUSDT"), null);
    await window.click("watchlist-add");
    await window.fill("watchlist-query", "eth");
    await window.click("watchlist-option", "ETHUSDT");
    await window.textThat("watchlist-option", (text) => /on the list/.test(text));
    await keepPicture(window, "watchlist-search");
    await window.press(Key.Escape);
    await window.until(async () => (await row(window, "ETHUSDT")) !== null, "the new row");

    await goLive(window);
    const figures = async (accept, what) =>
      window.until(async () => {
        await exchange.say("advance 2000");
        const seen = await row(window, "ETHUSDT");
        return seen?.state === "live" && accept(seen) && seen;
      }, what);
    const first = await figures(({ words }) => /\d[\s\S]*%/.test(words), "live figures of the new symbol");
    await figures(({ last }) => last !== first.last, "the price to move");
    await keepPicture(window, "watchlist-live");

    // What is not stored can be looked at all the same: the chart offers to fetch it.
    await window.click("watchlist-row", "ETHUSDT");
    await window.until(
      async () => (await window.has("unstored-symbol")) || (await window.has("sample-badge")),
      "the symbol on the canvas",
    );
    await keepPicture(window, "watchlist-unstored");
  });
});
