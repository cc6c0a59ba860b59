// Market data in a real browser, on the program in memory: ledgers, fetching, importing, the watchlist, connections.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, fits, hold, noSeriousFaults, pictures, release, windows } from "./harness.mjs";

const inWindow = windows({ path: "/data" });

/** Does the same in both themes, so that the contrast of both is looked at and both are pictured. */
async function inBothThemes(name, options, act) {
  for (const theme of ["dark", "light"]) {
    await inWindow({ ...options, theme }, async (page) => {
      await act(page);
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
    });
  }
}

const text = (page, id) => page.getByTestId(id).innerText();

describe("ledger", () => {
  it("tells stored, absent and not fetched apart by pattern and by words", () =>
    inBothThemes("ledger", { path: "/data?series=10" }, async (page) => {
      await page.getByTestId("gap-row").nth(1).waitFor();
      await eventually(async () =>
        assert.match(
          await text(page, "coverage-panel"),
          /1,429\s+stored\s+\d+\s+absent at the source\s+\d+\s+not fetched/,
        ),
      );
      const strip = page.getByTestId("coverage-panel").getByTestId("coverage-strip");
      await eventually(async () =>
        assert.match(
          await strip.getAttribute("aria-label"),
          /^99\.\d% stored, \d+ absent at the source, \d+ not fetched$/,
        ),
      );
      for (const kind of ["present", "absent", "pending"]) {
        const look = page.getByTestId("coverage-panel").locator(`.cover-${kind}`).first();
        await eventually(async () => assert.ok((await look.boundingBox()).height >= 8, `${kind} can be seen`));
      }
    }));

  it("gives each gap its reason and its evidence", () =>
    inWindow({ path: "/data?series=10" }, async (page) => {
      const gaps = page.getByTestId("gap-row");
      await gaps.nth(1).waitFor();
      await eventually(async () =>
        assert.match(await gaps.nth(0).innerText(), /Exchange has none\s+Asked 2 times, last on 2024-01-2\d/),
      );
      await eventually(async () => assert.match(await gaps.nth(1).innerText(), /Not fetched yet\s+Nobody was asked/));
    }));

  it("fetches what is pending, and the job is seen at its series", () =>
    inWindow({ path: "/data?series=10" }, async (page) => {
      await hold(page);
      await page.getByTestId("resume-button").click();
      const job = page.getByTestId("series-job");
      await job.waitFor();
      await page.getByTestId("row-job").first().waitFor();
      await job.getByText(/candles\/s · \d+:\d\d left/).waitFor();
      await release(page);
      await page.getByTestId("series-job").waitFor({ state: "detached" });
      await page.waitForFunction(() => document.querySelectorAll('[data-testid="gap-row"]').length === 1);
      await eventually(async () => assert.match(await text(page, "coverage-panel"), /\b0\s+not fetched/));
      await eventually(async () => assert.equal(await page.getByTestId("resume-button").count(), 0));
      await page.getByRole("tab", { name: "Journal" }).click();
      await eventually(async () =>
        assert.match(await page.getByTestId("journal-row").first().innerText(), /Page api\.binance\.com/),
      );
    }));

  it("cancels a job in its place", () =>
    inWindow({ path: "/data?series=14" }, async (page) => {
      await page.getByTestId("series-job").getByTestId("job-cancel").click();
      await page.getByTestId("series-job").waitFor({ state: "detached" });
      await page.getByTestId("resume-button").waitFor();
    }));

  it("verifies a span: the evidence is newer and the journal has a page more", () =>
    inWindow({ path: "/data?series=10" }, async (page) => {
      await page.getByTestId("verify-button").click();
      await page.getByTestId("verify-plan").getByText("1,429 candles will be asked for and compared.").waitFor();
      await noSeriousFaults(page, "verify-dialog");
      await page.getByTestId("verify-start").click();
      await page.getByText("Check candles against the exchange: done").waitFor();
      await page.getByText("Asked 3 times, last on 2024-01-26").waitFor();
    }));

  it("offers verifying and fetching only where there is a venue to ask", () =>
    inWindow({ path: "/data?series=13" }, async (page) => {
      await page.getByTestId("verify-button").waitFor();
      await eventually(async () => assert.ok(await page.getByTestId("verify-button").isDisabled()));
      await eventually(async () => assert.ok(await page.getByRole("button", { name: "Fetch more" }).isDisabled()));
      await eventually(async () => assert.equal(await page.getByTestId("export-button").isDisabled(), false));
    }));

  it("exports in three forms", () =>
    inWindow({ path: "/data?series=6" }, async (page) => {
      await page.getByTestId("export-button").click();
      await page.getByTestId("export-parquetPartitioned").click();
      await page.getByText("which DuckDB, Polars and Spark read as one table").waitFor();
      await noSeriousFaults(page, "export-dialog");
      await page.getByTestId("export-start").click();
      await page.getByText("Export to BNBUSDT_1h: done").waitFor();
    }));

  it("shows at least 24 rows, sorts by coverage, and filters what is incomplete", () =>
    inWindow({}, async (page) => {
      const rows = page.getByTestId("series-row");
      await rows.first().waitFor();
      await eventually(async () => {
        const inView = await rows.evaluateAll(
          (all) => all.filter((row) => row.getBoundingClientRect().bottom < window.innerHeight - 24).length,
        );
        assert.ok(inView >= 24, `${inView} rows in view`);
      });
      await page.getByRole("button", { name: "Coverage" }).click();
      await eventually(async () => assert.match(await rows.first().innerText(), /ETHUSDT/));
      await page.getByRole("button", { name: "Incomplete" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[data-testid="series-row"]').length < 6);
    }));

  it("says what cannot be read, and what to do", () =>
    inWindow({ path: "/data?series=10", flags: "failing" }, async (page) => {
      await page.getByTestId("error-view").first().waitFor();
      await page.getByText("Copy the data folder, then restart.").first().waitFor();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "ledger-failing.png") });
    }));

  it("has an outline while it waits", () =>
    inWindow({ flags: "slow" }, async (page) => {
      await page.getByRole("status", { name: "Loading" }).first().waitFor();
    }));
});

describe("fetching", () => {
  const choose = async (page, id, option) => {
    await page.getByTestId(id).click();
    await page.getByRole("option", { name: option, exact: true }).click();
  };

  it("says how much is here and how much will be asked for", () =>
    inBothThemes("fetch", { path: "/data?series=6" }, async (page) => {
      await page.getByRole("button", { name: "Fetch more" }).click();
      const plan = page.getByTestId("fetch-plan");
      await plan.getByText("2,160 of 8,759 candles are here already. 6,599 will be asked for.").waitFor();
      await page.getByTestId("fetch-span-month").click();
      await plan.getByText("All of it is here already. Nothing will be asked for.").waitFor();
      await page.getByTestId("fetch-span-all").click();
      await plan.getByText(/will be asked for\./).waitFor();
      await page.getByTestId("fetch-source-archive").click();
      await page.getByText("nothing of today").waitFor();
    }));

  it("offers the symbols and the intervals of the venue", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("fetch-button").click();
      await choose(page, "fetch-venue", "Coinbase");
      await eventually(async () =>
        assert.equal(await page.getByTestId("fetch-source-archive").count(), 0, "Coinbase has no archive"),
      );
      await page.getByTestId("fetch-interval").click();
      await eventually(async () =>
        assert.deepEqual(await page.getByRole("option").allInnerTexts(), ["1m", "5m", "15m", "1h", "6h", "1d"]),
      );
      await page.keyboard.press("Escape");
      await page.getByTestId("fetch-symbol").fill("dot");
      await page.getByRole("option", { name: /DOT-USD/ }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("Nothing of it is here yet. Up to 8,759 candles").waitFor();
      await page.getByTestId("fetch-symbol").fill("zzz");
      await page.getByText("Coinbase knows no such symbol.").waitFor();
      await page.getByTestId("fetch-symbol").fill("DOT-USD");
      await page.keyboard.press("Tab");
      await page.getByTestId("fetch-start").click();
      await page.getByText("Fetch DOT-USD 1h: done").waitFor();
      await page.getByTestId("series-row").filter({ hasText: "DOT-USD" }).waitFor();
    }));

  it("takes a typed symbol while the venue cannot be asked", () =>
    inWindow({ flags: "offline" }, async (page) => {
      await page.getByTestId("fetch-button").click();
      await page.getByTestId("fetch-symbol").fill("ARBUSDT");
      await page.getByText("Type the symbol in full.").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("fetch-start").isDisabled(), false));
    }));
});

describe("importing", () => {
  const meaning = async (page, column, field) => {
    await page.getByTestId(`column-${column}`).click();
    await page.getByRole("option", { name: field, exact: true }).click();
  };

  it("asks what columns mean that no one can guess", () =>
    inWindow({ flags: "foreign" }, async (page) => {
      await page.getByTestId("import-button").click();
      await page.getByTestId("import-pick").click();
      await page.getByText("Choose a column for: Open time, Open, High, Low, Close, Volume").waitFor();
      await eventually(async () => assert.ok(await page.getByTestId("import-start").isDisabled()));
      const columns = [
        ["Zeit", "Open time"],
        ["Eröffnung", "Open"],
        ["Hoch", "High"],
        ["Tief", "Low"],
        ["Schluss", "Close"],
        ["Menge", "Volume"],
      ];
      for (const [column, field] of columns) await meaning(page, column, field);
      await page.getByText("line 812: the high is below the low").waitFor();
      await noSeriousFaults(page, "import-dialog");
      await eventually(async () =>
        assert.ok(await page.getByTestId("import-start").isDisabled(), "a symbol is missing"),
      );
      await page.getByTestId("import-symbol").fill("btcusdt");
      await page.getByTestId("import-start").click();
      await page.getByTestId("import-result").waitFor();
    }));

  it("moves a meaning to another column: the first one has none then", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("import-button").click();
      await page.getByTestId("import-pick").click();
      await meaning(page, "trades", "Volume");
      await page.waitForFunction(() => document.querySelector("[data-testid=column-volume]")?.innerText === "not read");
    }));

  it("leaves a column alone whose name tells its meaning", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("import-button").click();
      await page.getByTestId("import-pick").click();
      await meaning(page, "volume", "not read");
      await page.getByText("Choose a column for: Volume").waitFor();
      await meaning(page, "trades", "Volume");
      await page.getByText("Choose a column for").waitFor({ state: "detached" });
    }));

  it("shows progress in its place, then what came of it", () =>
    inBothThemes("import-result", {}, async (page) => {
      await page.getByTestId("import-button").click();
      await page.getByTestId("import-pick").click();
      await hold(page);
      await page.getByTestId("import-start").click();
      await page.getByTestId("import-run").getByRole("progressbar").waitFor();
      await release(page);
      await page.getByTestId("import-result").waitFor();
      await page.getByTestId("gap-row").first().waitFor();
      await eventually(async () =>
        assert.match(
          await text(page, "import-result"),
          /BTCUSDT 1h is imported.*New candles\s+1,420.*Unchanged\s+16.*Corrected\s+2.*left out\s+2.*Gaps in the series\s+2.*No candle in the file/s,
        ),
      );
      await page.getByText("line 813: the open time repeats").waitFor();
      await page.getByText("1,420 new candles · 16 unchanged · 2 corrected").first().waitFor();
    }));

  it("leads from the result to the chart", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("import-button").click();
      await page.getByTestId("import-pick").click();
      await page.getByTestId("import-start").click();
      await page.getByTestId("import-open").click();
      await page.waitForURL(/#\/chart\?series=29/);
    }));

  it("says that an import that was cancelled did not end", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("import-button").click();
      await page.getByTestId("import-pick").click();
      await hold(page);
      await page.getByTestId("import-start").click();
      await page.getByTestId("import-run").getByTestId("job-cancel").click();
      await page.getByText("The import did not end").waitFor();
    }));
});

describe("watchlist", () => {
  const rows = (page) => page.getByTestId("watchlist-row");
  const order = (page) => rows(page).evaluateAll((all) => all.map((row) => row.dataset.symbol));
  const row = (page, symbol, venue = "binance") =>
    page.locator(`[data-testid=watchlist-row][data-symbol="${symbol}"][data-venue=${venue}]`);
  const chart = { path: "/chart?series=6" };

  it("moves with the stream, without its rows being built anew", () =>
    inBothThemes("watchlist-live", chart, async (page) => {
      const bnb = row(page, "BNBUSDT");
      await bnb.waitFor();
      await eventually(async () => assert.equal(await bnb.getAttribute("data-state-name"), "stored"));
      await page.evaluate(() => {
        for (const one of document.querySelectorAll("[data-testid=watchlist-row]")) one.dataset.same = "yes";
      });
      await page.getByTestId("live-toggle").click();
      await page.locator("[data-testid=watchlist-row][data-symbol=BNBUSDT][data-state-name=live]").waitFor();
      const dot = row(page, "DOTUSDT").getByTestId("watch-last");
      let before = "";
      await eventually(async () => {
        before = await dot.innerText();
        assert.match(before, /\d/, "a symbol that is not stored has a price too");
      });
      await page.waitForFunction(
        (old) => document.querySelector("[data-symbol=DOTUSDT] [data-testid=watch-last]")?.textContent !== old,
        before,
      );
      const kept = await rows(page).evaluateAll((all) => all.every((one) => one.dataset.same === "yes"));
      assert.ok(kept, "the same rows are still there");
      await eventually(async () => assert.equal(await row(page, "LTCUSDT").getAttribute("data-state-name"), "stale"));
    }));

  it("is arranged by keyboard, and says so", () =>
    inWindow(chart, async (page) => {
      const bnb = row(page, "BNBUSDT");
      await bnb.focus();
      const before = await order(page);
      const at = before.indexOf("BNBUSDT");
      await page.keyboard.press("Alt+ArrowUp");
      await page.waitForFunction(
        (wanted) => document.querySelectorAll("[data-testid=watchlist-row]")[wanted]?.dataset.symbol === "BNBUSDT",
        at - 1,
      );
      await page.getByText(`BNBUSDT is at place ${at} of ${before.length}`).waitFor({ state: "attached" });
      await eventually(async () =>
        assert.equal(
          await page.evaluate(() => document.activeElement?.dataset.symbol),
          "BNBUSDT",
          "the focus went along",
        ),
      );
      await page.keyboard.press("Alt+ArrowDown");
      await page.waitForFunction(
        (wanted) => document.querySelectorAll("[data-testid=watchlist-row]")[wanted]?.dataset.symbol === "BNBUSDT",
        at,
      );
      await eventually(async () => assert.deepEqual(await order(page), before));
    }));

  it("is arranged by dragging, which opens nothing", () =>
    inWindow(chart, async (page) => {
      const bnb = row(page, "BNBUSDT");
      const box = await bnb.boundingBox();
      const before = await order(page);
      const at = before.indexOf("BNBUSDT");
      const address = page.url();
      await page.mouse.move(box.x + 60, box.y + 14);
      await page.mouse.down();
      await page.mouse.move(box.x + 60, box.y + 40);
      await page.mouse.move(box.x + 60, box.y + 14 + 3 * 28);
      await page.mouse.up();
      await page.waitForFunction(
        (wanted) => document.querySelectorAll("[data-testid=watchlist-row]")[wanted]?.dataset.symbol === "BNBUSDT",
        at + 3,
      );
      assert.equal(page.url(), address);
    }));

  it("takes in symbols of any venue, and lets them go", () =>
    inWindow(chart, async (page) => {
      await rows(page).first().waitFor();
      await page.getByTestId("watchlist-add").click();
      await page.getByTestId("watchlist-query").fill("btc");
      await page.getByTestId("watch-venue-coinbase").click();
      await page.getByTestId("watchlist-option").filter({ hasText: "BTC-USD" }).getByText("on the list").waitFor();
      await page.getByTestId("watchlist-query").fill("aave");
      await page.getByTestId("watchlist-option").filter({ hasText: "AAVE-USD" }).waitFor();
      await noSeriousFaults(page, "watchlist-search");
      await page.getByTestId("watchlist-query").press("Enter");
      await row(page, "AAVE-USD", "coinbase").waitFor();
      await page.keyboard.press("Escape");
      await row(page, "AAVE-USD", "coinbase").focus();
      await page.keyboard.press("Delete");
      await row(page, "AAVE-USD", "coinbase").waitFor({ state: "detached" });
    }));

  it("offers to fetch a symbol that is not stored, and opens its chart", () =>
    inWindow(chart, async (page) => {
      await row(page, "DOTUSDT").click();
      await page.getByTestId("unstored-symbol").getByText("DOTUSDT is not stored yet").waitFor();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "watchlist-unstored.png") });
      await page.getByTestId("fetch-unstored").click();
      await page.getByTestId("chart-canvas").waitFor();
      await page.waitForURL(/series=29/);
    }));

  it("says what cannot be read", () =>
    inWindow({ ...chart, flags: "failing" }, async (page) => {
      await page.getByText("Copy the data folder, then restart.").first().waitFor();
    }));
});

describe("connections", () => {
  const STATES = ["reconnecting", "paused", "banned", "restricted", "blocked", "unreachable", "failed", "connecting"];
  const open = async (page) => {
    await page.getByTestId("live-state").click();
    await page.getByTestId("connection-panel").waitFor();
    return page.locator("[data-testid=connection][data-venue=binance]");
  };

  for (const state of STATES) {
    it(`${state}: in words, with what happens next and what to do`, () =>
      inWindow({ path: "/chart?series=6", flags: `connection=${state}` }, async (page) => {
        await eventually(async () =>
          assert.equal(await page.getByTestId("live-state").getAttribute("data-state-name"), state),
        );
        const venue = await open(page);
        if (state !== "connecting") await eventually(async () => assert.match(await venue.innerText(), /To do\s+\S/));
        if (["reconnecting", "paused", "banned", "unreachable"].includes(state)) {
          const next = venue.getByTestId("connection-next");
          let shown = "";
          await eventually(async () => {
            shown = await next.innerText();
            assert.match(shown, /in \d+:\d\d|Trying now/);
          });
          await page.waitForFunction(
            (old) => document.querySelector("[data-testid=connection-next]")?.textContent !== old,
            shown,
          );
        }
        await noSeriousFaults(page, "connection-panel");
        await page.screenshot({ path: join(pictures, `connection-${state}.png`) });
      }));
  }

  it("is tried at once when asked, but never during a pause", async () => {
    await inWindow({ path: "/chart?series=6", flags: "connection=reconnecting" }, async (page) => {
      await (await open(page)).getByTestId("try-now").click();
      await page.locator("[data-testid=live-state][data-state-name=live]").waitFor();
      await page.getByTestId("try-now").waitFor({ state: "detached" });
    });
    for (const state of ["paused", "banned"]) {
      await inWindow({ path: "/chart?series=6", flags: `connection=${state}` }, async (page) => {
        const venue = await open(page);
        await eventually(async () =>
          assert.match(await venue.getByTestId("connection-not-before").innerText(), /Not before \d\d:\d\d:\d\d/),
        );
        await eventually(async () => assert.equal(await venue.getByTestId("try-now").count(), 0));
      });
    }
  });

  it("says how much of the budget is used and when the last message came", () =>
    inBothThemes("connection-live", { path: "/chart?series=6" }, async (page) => {
      await page.getByTestId("live-toggle").click();
      await page.locator("[data-testid=live-state][data-state-name=live]").waitFor();
      const venue = await open(page);
      for (const words of [/1,204 of 6,000/, /\d+ streams on 1 connection/, /\d s ago/])
        await eventually(async () => assert.match(await venue.innerText(), words));
    }));

  it("moves to hosts that serve the same data, and the state follows", () =>
    inWindow({ path: "/chart?series=6", flags: "connection=restricted" }, async (page) => {
      const venue = await open(page);
      await venue.getByTestId("use-hosts").click();
      await page.getByText("Asking data-api.binance.vision from now on").waitFor();
      await page.locator("[data-testid=live-state][data-state-name=off]").waitFor();
      await page.getByTestId("connection-panel").getByText("Addresses in Settings").click();
      await page.waitForFunction(
        () => document.querySelector("[data-testid=rest-url]")?.value === "https://data-api.binance.vision",
      );
    }));

  it("is reached and left by keyboard", () =>
    inWindow({ path: "/data" }, async (page) => {
      await page.getByTestId("live-state").focus();
      await page.keyboard.press("Enter");
      await page.getByTestId("connection-panel").waitFor();
      await page.keyboard.press("Escape");
      await page.getByTestId("connection-panel").waitFor({ state: "detached" });
      await eventually(async () =>
        assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "live-state"),
      );
    }));
});

describe("in German, on a narrow window", () => {
  it("nothing is wider than the window and nothing is left in English", () =>
    inWindow({ path: "/data?series=10", locale: "de-DE", width: 1024, height: 700 }, async (page) => {
      await page.getByTestId("series-row").first().waitFor();
      const hidden = () => page.getByTestId("series-table").evaluate((table) => table.scrollWidth - table.clientWidth);
      await eventually(async () => assert.equal(await hidden(), 0, "every column is in view"));
      await page.getByTestId("toggle-inspector").click();
      await page.getByTestId("gap-row").first().waitFor();
      await page.getByText("bei der Quelle nicht vorhanden").first().waitFor();
      await fits(page);
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "ledger-german-1024.png") });
      await page.getByTestId("live-state").click();
      await page.getByText("Von hier wird nichts verfolgt oder geholt.").first().waitFor();
    }));
});
