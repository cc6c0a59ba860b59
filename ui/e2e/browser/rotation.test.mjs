// Strategies that rotate over several symbols, on the Backtest screen in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, noSeriousFaults, pictures, windows } from "./harness.mjs";

const inWindow = windows({ path: "/backtest" });

const runIs = (page, id) =>
  page.waitForFunction(
    (wanted) => document.querySelector('[data-testid="report"]')?.dataset.runId === String(wanted),
    id,
  );
const chips = (page) => page.getByTestId("other-chip").allInnerTexts();
const choose = (page, strategy) => page.locator(`[data-testid="strategy-row"][data-strategy="${strategy}"]`).click();

describe("rotation", () => {
  it("asks for at least two symbols, takes them in the chosen order, and runs on them", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report").waitFor();
      await choose(page, "momentum-rotation");
      await page.getByText("Choose at least one more: a rotation needs two symbols or more").waitFor();
      await page.getByTestId("rotation-size").waitFor();
      const label = page.getByText("From one ranking to the next", { exact: true });
      await eventually(async () =>
        assert.ok(
          await label.evaluate((one) => one.clientWidth > 0 && one.scrollWidth <= one.clientWidth),
          "the label is whole",
        ),
      );
      await eventually(async () => assert.equal(await page.getByTestId("form-size").count(), 0));
      await page.getByTestId("run-backtest").click();
      await eventually(async () => assert.equal(await page.getByTestId("run-progress").count(), 0));
      await page.getByTestId("others-open").click();
      await page.getByTestId("others-search").fill("sol");
      await page.keyboard.press("Enter");
      await page.getByTestId("others-all").click();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "rotation-choice-dark.png") });
      await page.keyboard.press("Escape");
      await eventually(async () => assert.deepEqual(await chips(page), ["SOLUSDT", "ETHUSDT"]));
      await page.getByRole("button", { name: "Take SOLUSDT out" }).click();
      await eventually(async () => assert.deepEqual(await chips(page), ["ETHUSDT"]));
      await page.getByTestId("others-open").click();
      await page.getByRole("checkbox", { name: "SOLUSDT" }).click();
      await page.keyboard.press("Escape");
      await eventually(async () => assert.deepEqual(await chips(page), ["ETHUSDT", "SOLUSDT"]));
      for (const group of ["orders", "leverage"]) {
        await page.getByTestId(`group-${group}`).getByRole("button").first().click();
      }
      await page.getByText("A rotation borrows nothing and pays no funding.").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("side-long").count(), 0));
      await eventually(async () => assert.equal(await page.getByTestId("fills-minute").count(), 0));
      await page.getByTestId("run-backtest").click();
      await runIs(page, 4);
      const title = page.getByTestId("run-title");
      await eventually(async () => assert.match(await title.innerText(), /BTCUSDT \+2 1h/));
      await eventually(async () => assert.equal(await title.getAttribute("title"), "BTCUSDT, ETHUSDT, SOLUSDT"));
      await eventually(async () =>
        assert.match(await page.getByTestId("run-symbols").first().innerText(), /BTCUSDT \+2/),
      );
      const row = page.getByTestId("run-row").first().locator("[title]").first();
      await eventually(async () => assert.match(await row.getAttribute("title"), /BTCUSDT, ETHUSDT, SOLUSDT 1h/));
      await choose(page, "sma-cross");
      await eventually(async () => assert.equal(await page.getByTestId("others-open").count(), 0));
      await page.getByTestId("run-backtest").click();
      await runIs(page, 5);
      await eventually(async () => assert.match(await title.innerText(), /BTCUSDT 1h/));
      await choose(page, "momentum-rotation");
      await eventually(async () => assert.deepEqual(await chips(page), ["ETHUSDT", "SOLUSDT"]));
    }));

  it("shows a run on several symbols: their column, what is open, and each trade on its own chart", () =>
    inWindow({ flags: "rotation" }, async (page) => {
      await runIs(page, 4);
      await eventually(async () => assert.deepEqual(await chips(page), ["ETHUSDT", "SOLUSDT"]));
      const table = page.getByTestId("trades-table");
      await table.getByRole("columnheader", { name: "Symbol" }).waitFor();
      await page.getByTestId("open-positions-open").click();
      await page.getByTestId("open-position").first().waitFor();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "rotation-report-dark.png") });
      await page.keyboard.press("Escape");
      const trade = page.getByTestId("trade-row").filter({ hasText: "SOLUSDT" }).first();
      await trade.click();
      await page.waitForURL(/#\/chart\?.*series=5.*run=4.*at=\d+/);
      await page.getByTestId("run-layer").waitFor();
      await page.waitForFunction(
        () => Number(document.querySelector('[data-testid="chart-canvas"]')?.dataset.trades) > 0,
      );
      const onSol = Number(await page.getByTestId("chart-canvas").getAttribute("data-trades"));
      await page.goBack();
      await table.waitFor();
      await eventually(async () => {
        const all = Number(await table.getAttribute("aria-rowcount")) - 1;
        assert.ok(onSol > 0 && onSol < all, `${onSol} of ${all} trades are of SOLUSDT`);
      });
    }));

  it("is made again to the byte, and gives its inputs to the form", () =>
    inWindow({ flags: "rotation" }, async (page) => {
      await runIs(page, 4);
      await page.getByTestId("run-again").click();
      await runIs(page, 5);
      await eventually(async () =>
        assert.equal(await page.getByTestId("rerun-verdict").getAttribute("data-verdict"), "same"),
      );
      await page.getByTestId("others-open").click();
      await page.getByTestId("others-none").click();
      await page.keyboard.press("Escape");
      await eventually(async () => assert.deepEqual(await chips(page), []));
      await page.getByTestId("run-take").click();
      await eventually(async () => assert.deepEqual(await chips(page), ["ETHUSDT", "SOLUSDT"]));
    }));

  it("stands beside other runs, in German and in light colours on a narrow window", () =>
    inWindow({ flags: "rotation", theme: "light", locale: "de-DE", width: 1024, height: 700 }, async (page) => {
      await runIs(page, 4);
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "rotation-report-light.png") });
      for (const at of [0, 1]) await page.getByTestId("run-mark").nth(at).click();
      await page.getByTestId("compare-runs").click();
      const row = page.getByTestId("input-row").filter({ hasText: "BTCUSDT, ETHUSDT, SOLUSDT 1h" });
      await row.waitFor();
      await eventually(async () => assert.equal(await row.getAttribute("data-differs"), "true"));
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "rotation-compare-light.png") });
    }));
});
