// What is seen of a venue that refuses, falls silent or asks for a pause, and what a person can do.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keepPictures, withProgram } from "../desk.mjs";
import { startDouble } from "../doubles.mjs";
import { connectionIs, fetchedChart, goLive, leaveWelcome, movedPrice, setTheme } from "../walk.mjs";

let exchange;

before(async () => {
  exchange = await startDouble("exchange", "--speed", "0");
});

after(() => exchange?.stop());

const config = () => `[exchange]\nrest_url = "${exchange.rest}"\nstream_url = "${exchange.ws}"\n`;

/** Opens the program on a chart that is live, with the panel of its connections open. */
function liveWindow(name, body) {
  return withProgram({ name, config: config() }, async (window) => {
    await leaveWelcome(window);
    await setTheme(window, "dark");
    await fetchedChart(window, "BTCUSDT");
    await goLive(window);
    await window.click("live-state");
    await window.textThat("connection", (text) => /1 connection/.test(text), "the stream in the panel");
    await body(window);
  });
}

const panel = (window, accept, what) => window.textThat("connection", accept, what);

test("a place that is not served is told, and is tried again when asked", async () => {
  await liveWindow("restricted", async (window) => {
    await keepPictures(window, "connection-live");
    await exchange.say("fault refuse 451");
    await exchange.say("drop");
    await connectionIs(window, "restricted");
    const words = await panel(window, (text) => /\(451\)/.test(text), "why");
    assert.match(words, /The exchange does not serve the place/);
    assert.match(words, /To do\s+Choose the keyless market-data host/);
    await keepPictures(window, "connection-restricted");
    await window.click("try-now");
    await connectionIs(window, "live");
    await panel(window, (text) => /Prices and candles arrive/.test(text), "the stream to be live");
    assert.equal(await window.has("try-now"), false);
  });
});

test("a stream that breaks is made again by itself, but never during a pause", async () => {
  await liveWindow("broken", async (window) => {
    for (let times = 0; times < 4; times += 1) await exchange.say("fault refuse 503");
    await exchange.say("drop");
    await connectionIs(window, "reconnecting");
    await panel(window, (text) => /Tries again in \d+:\d\d/.test(text), "the time of the next try");
    await window.find("try-now");
    await keepPictures(window, "connection-reconnecting");
    await connectionIs(window, "live", 60_000);

    // What was missed is asked for over REST, which answers with a ban. The stream breaks again meanwhile, and nobody may
    // knock before the end.
    await exchange.say("fault 418 15");
    await exchange.say("drop");
    await exchange.say("advance 7200000");
    // By itself it would wait long after so many refusals.
    await window.click("try-now");
    await window.textThat("connection-not-before", (text) => /Not before \d\d:\d\d:\d\d/.test(text));
    await connectionIs(window, "live");
    await exchange.say("drop");
    await connectionIs(window, "paused");
    await panel(window, (text) => /Goes on by itself in 0:\d\d/.test(text), "the end of the pause");
    assert.equal(await window.has("try-now"), false, "a pause is not for asking");
    await keepPictures(window, "connection-paused");
    await connectionIs(window, "live", 60_000);
  });
});

test("a stream that falls silent is given up and made again", async () => {
  await liveWindow("silent", async (window) => {
    await exchange.say("stall");
    await connectionIs(window, "reconnecting", 90_000);
    await connectionIs(window, "live", 60_000);
    await movedPrice(window, exchange, await window.text("chart-price"));
  });
});
