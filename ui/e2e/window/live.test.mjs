// The outside world, played by the doubles: an exchange whose candle moves, a news site that publishes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keepPicture, withProgram } from "../desk.mjs";
import { publish, startDouble } from "../doubles.mjs";
import { fetchedChart, goLive, leaveWelcome, movedPrice } from "../walk.mjs";

let exchange;
let site;

before(async () => {
  [exchange, site] = await Promise.all([
    startDouble("exchange", "--speed", "0", "--interval", "1m"),
    startDouble("news"),
  ]);
});

after(async () => {
  await exchange?.stop();
  await site?.stop();
});

const config = () => `
[exchange]
rest_url = "${exchange.rest}"
stream_url = "${exchange.ws}"

[news]
allow_private_addresses = true
host_delay_ms = 50
crawl_seconds = 2
`;

test("the live candle of the exchange moves the chart", async () => {
  await withProgram({ name: "live", config: config() }, async (window) => {
    await leaveWelcome(window);
    await fetchedChart(window, "BTCUSDT");
    await goLive(window);
    let last = await window.textThat("chart-price", (text) => /\d/.test(text), "a price");
    for (let step = 0; step < 3; step += 1) last = await movedPrice(window, exchange, last);
    assert.match(last, /\d/);
    await keepPicture(window, "chart-live");
  });
});

test("an article that is published appears with its sentiment within seconds", async () => {
  await withProgram({ name: "published", config: config() }, async (window) => {
    await leaveWelcome(window);
    await window.click("nav-news");
    await window.click("add-source");
    await window.fill("source-url", site.rss);
    await window.click("source-look");
    await window.click("add-full");
    await window.click("source-save");
    await window.until(
      () => window.execute(`return document.querySelectorAll('[data-testid="news-row"]').length > 0;`),
      "articles",
    );
    const title = "Bitcoin rallies as exchange reports record inflows";
    await publish(site, {
      title,
      paragraphs: [
        "Bitcoin rose to a record high on Monday after the exchange reported the largest inflows in its history.",
        "Analysts welcomed the strong demand and raised their forecasts for the rest of the year.",
        "Trading volume was twice the average of the last month, and fees stayed low.",
      ],
    });
    const published = Date.now();
    const pill = await window.until(
      () =>
        window.execute(
          `const row = [...document.querySelectorAll('[data-testid="news-row"]')].find((row) => row.textContent.includes(arguments[0]));
           const text = row?.querySelector('[data-testid="sentiment-pill"]')?.textContent.trim();
           return text && /\\d/.test(text) ? text : null;`,
          title,
        ),
      "the article with its sentiment",
      60_000,
    );
    console.log(`shown with "${pill}" after ${Date.now() - published} ms`);
    await keepPicture(window, "news-published");
  });
});
