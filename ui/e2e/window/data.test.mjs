// The Data screen over an exchange: fetching with progress, what is stored and missing, verifying, deleting.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { keepPictures, withProgram } from "../desk.mjs";
import { startDouble } from "../doubles.mjs";
import { leaveWelcome } from "../walk.mjs";
import { Key } from "../webdriver.mjs";

/** One request in the middle of a fetch is never answered: whatever is seen and done meanwhile has its time. */
const SCRIPT = "# A page does not come.\nat 10 requests fault silence\nat 40 requests end\n";

let exchange;
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "promptpal-script-"));
  await writeFile(join(folder, "silence.txt"), SCRIPT);
  exchange = await startDouble("exchange", "--speed", "0", "--days", "40");
});

after(async () => {
  await exchange?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const config = () => `[exchange]\nrest_url = "${exchange.rest}"\nstream_url = "${exchange.ws}"\n`;

/** What a screen reader is told of the coverage of the series that is selected. */
const coverage = (window) =>
  window.execute(
    `return document.querySelector('[data-testid="coverage-panel"] [data-testid="coverage-strip"]')?.getAttribute("aria-label") ?? "";`,
  );

const binanceRow = async (window) => (await window.texts("series-row")).find((row) => row.includes("Binance"));

test("history is fetched, told apart, verified and deleted", async () => {
  await withProgram({ name: "data", config: config() }, async (window) => {
    await leaveWelcome(window);
    await window.click("nav-data");
    await exchange.say(`script ${join(folder, "silence.txt")}`);

    // The dialog: the symbol comes from the exchange's own list, and the plan says how much will be asked for.
    await window.click("fetch-button");
    await window.fill("fetch-symbol", "btc");
    await window.until(
      async () =>
        (await window.execute("return document.querySelector('[role=option]')?.innerText;"))?.startsWith("BTCUSDT"),
      "the symbols of the exchange",
    );
    await window.press(Key.Enter);
    await window.pick("fetch-interval", "1m");
    await window.click("fetch-span-month");
    await window.click("fetch-source-rest");
    await window.textThat("fetch-plan", (text) => /Up to 43,\d{3} candles/.test(text));
    await keepPictures(window, "data-fetch");
    await window.click("fetch-start");

    // Under way: the row and the detail have the progress of the job. It is called off, and picked up again.
    await window.click("series-row", "Binance");
    await window.textThat("series-job", (text) => /[\d,]+ \/ [\d,]+ candles/.test(text), "the progress of the fetch");
    assert.ok(await window.has("row-job"), "the row shows how far the job is");
    await keepPictures(window, "data-fetching");
    await window.click("job-cancel");
    await window.gone("series-job");
    await window.textThat("resume-button", (text) => /Fetch [\d,]+ missing/.test(text));
    assert.match(await coverage(window), /, [1-9][\d,]* not fetched$/);
    await window
      .until(
        async () => (await window.texts("gap-row")).some((gap) => /Not fetched yet/.test(gap)),
        "a gap that is not fetched yet",
      )
      .catch(() => {}); // Only a hole between candles is a gap; the rest lies before the first candle.
    await keepPictures(window, "data-incomplete");
    await window.click("resume-button");
    await window.gone("resume-button", 60_000);
    await window.until(async () => /, 0 not fetched$/.test(await coverage(window)), "everything to be fetched");

    // The exchange has halts: they are gaps with a reason and a witness.
    await window.until(async () => (await window.texts("gap-row")).length > 0, "gaps");
    for (const gap of await window.texts("gap-row")) assert.match(gap, /Exchange has none\s+Asked once, on \d{4}-/);
    assert.match(await coverage(window), /^99\.\d% stored, [1-9]\d* absent at the source/);
    await window.until(async () => /99\.\d%/.test(await binanceRow(window)), "the same in the table");
    await keepPictures(window, "data-complete");

    await window.click("verify-button");
    await window.textThat("verify-plan", (text) => /4\d,\d{3} candles will be asked for and compared/.test(text));
    await keepPictures(window, "data-verify");
    await window.click("verify-start");
    await window.until(
      async () => (await window.texts("gap-row")).every((gap) => /Asked 2 times/.test(gap)),
      "the second answer of the exchange",
      90_000,
    );

    await window.click("delete-button");
    await window.textThat("confirm", (text) => /4\d,\d{3} candles will be removed/.test(text));
    await keepPictures(window, "data-delete");
    await window.click("confirm-yes");
    await window.until(async () => (await binanceRow(window)) === undefined, "the series to be gone");
  });
});
