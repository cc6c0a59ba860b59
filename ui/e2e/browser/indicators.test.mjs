// Choosing, drawing and changing the chart's indicators in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, noSeriousFaults, pictures, settled, windows } from "./harness.mjs";

const inWindow = windows({ path: "/chart?series=1" });

const search = (page) => page.getByTestId("indicator-search");
const lines = (page) => page.getByTestId("indicator-line");
const line = (page, id) => page.locator(`[data-testid="indicator-line"][data-indicator="${id}"]`);
const panes = (page) =>
  page.getByTestId("indicator-legend").evaluateAll((all) => all.map((legend) => legend.dataset.pane));

/** The key is heard once the chart is there. */
async function openPicker(page) {
  await page.getByTestId("chart-canvas").focus();
  await settled(page);
  await page.keyboard.press("/");
  await page.getByTestId("indicator-row").first().waitFor();
}

/** Opens the picker and adds what is found first. */
async function add(page, ...names) {
  await openPicker(page);
  for (const name of names) {
    await search(page).fill(name);
    await page.keyboard.press("Enter");
    await page.getByRole("status").filter({ hasText: "added" }).waitFor();
  }
  await page.keyboard.press("Escape");
  await page.getByTestId("indicator-picker").waitFor({ state: "detached" });
}

describe("indicators", () => {
  it("are found by name, other name and kind, and added by keyboard", () =>
    inWindow({}, async (page) => {
      await openPicker(page);
      const rows = page.getByTestId("indicator-row");
      await rows.first().waitFor();
      await eventually(async () => assert.ok((await rows.count()) > 100));
      await page.keyboard.type("psar");
      await page.locator('[data-testid="indicator-row"][aria-selected="true"][data-indicator="sar"]').waitFor();
      await page.keyboard.press("Enter");
      await page.getByText("Parabolic SAR added").waitFor();
      await search(page).fill("");
      await page.getByTestId("shelf-volatility").click();
      await eventually(async () => assert.equal(await rows.first().getAttribute("data-indicator"), "atr"));
      await search(page).focus();
      await page.keyboard.press("ArrowDown");
      await page.getByTestId("indicator-details").getByText("natr", { exact: true }).waitFor();
      await page.keyboard.press("Alt+Enter");
      await page.getByTestId("shelf-favourites").click();
      await eventually(async () => assert.equal(await rows.count(), 1));
      await page.getByTestId("shelf-recent").click();
      await eventually(async () => assert.equal(await rows.first().getAttribute("data-indicator"), "sar"));
      await noSeriousFaults(page);
      await page.keyboard.press("Escape");
      await line(page, "sar").waitFor();
      await page.reload();
      await line(page, "sar").waitFor();
      await openPicker(page);
      await page.getByTestId("shelf-favourites").click();
      await eventually(async () => assert.equal(await rows.count(), 1, "favourites outlive the window"));
    }));

  it("draw several lines in one pane, and the bands on the candles", () =>
    inWindow({}, async (page) => {
      await add(page, "macd", "bollinger", "rsi", "rsi");
      await line(page, "macd").waitFor();
      await eventually(async () => assert.deepEqual((await panes(page)).sort(), ["macd", "price", "rsi"]));
      await eventually(async () => assert.equal(await line(page, "rsi").count(), 2, "two of a kind share a pane"));
      await eventually(async () => assert.equal(await line(page, "macd").locator("span[style]").count(), 3));
      await eventually(async () => assert.equal(await line(page, "bollinger").locator("span[style]").count(), 3));
      await eventually(async () => {
        const heights = await page.getByTestId("chart-canvas").evaluate((host) => {
          const rows = [...host.querySelectorAll("table tr")].map((row) => row.getBoundingClientRect().height);
          return rows.filter((height) => height > 40);
        });
        assert.ok(heights[0] > heights.slice(1).reduce((sum, one) => sum + one, 0), `${heights}`);
      });
      await noSeriousFaults(page);
      await page.mouse.move(700, 400);
      await page.screenshot({ path: join(pictures, "chart-panes-dark.png") });
    }));

  it("are changed, hidden and removed where they stand", () =>
    inWindow({}, async (page) => {
      await add(page, "rsi");
      await line(page, "rsi").hover();
      await line(page, "rsi").getByTestId("indicator-settings-open").click();
      await page.getByTestId("indicator-param-length").fill("21");
      await page.keyboard.press("Escape");
      await page.getByText("RSI 21", { exact: true }).waitFor();
      await line(page, "rsi").hover();
      await line(page, "rsi").getByTestId("indicator-hide").click();
      await eventually(async () => assert.equal(await line(page, "rsi").getAttribute("data-hidden"), "true"));
      await line(page, "rsi").getByTestId("indicator-remove").click();
      await page.waitForFunction(() => document.querySelectorAll('[data-pane="rsi"]').length === 0);
      await eventually(async () => assert.equal(await lines(page).count(), 1));
    }));

  it("keep the height that a pane was dragged to", () =>
    inWindow({}, async (page) => {
      await add(page, "rsi");
      await line(page, "rsi").waitFor();
      const topOf = async () => (await page.locator('[data-pane="rsi"]').boundingBox()).y;
      const before = await topOf();
      await page.mouse.move(600, before - 5);
      await page.mouse.down();
      await page.mouse.move(600, before - 125, { steps: 6 });
      await page.mouse.up();
      await page.waitForFunction(
        (y) => document.querySelector('[data-pane="rsi"]').getBoundingClientRect().y < y - 80,
        before,
      );
      const dragged = await topOf();
      await add(page, "ema");
      await line(page, "ema").waitFor();
      await eventually(async () =>
        assert.ok(Math.abs((await topOf()) - dragged) < 8, "another line on the candles does not move it"),
      );
    }));

  it("are held against a second series, or say why not", () =>
    inWindow({}, async (page) => {
      await openPicker(page);
      await search(page).fill("correlation");
      await page.getByText("It compares two series").waitFor();
      await page.getByTestId("indicator-other").click();
      await page.getByRole("option").filter({ hasText: "ETHUSDT" }).filter({ hasText: "Simulated" }).click();
      await page.screenshot({ path: join(pictures, "chart-picker-dark.png") });
      await page.getByTestId("indicator-add").click();
      await page.keyboard.press("Escape");
      await page.getByText("CORRELATION 30 ETHUSDT").waitFor();
      await page.waitForFunction(() =>
        /−?0\.\d/.test(document.querySelector('[data-indicator="correlation"]')?.textContent ?? ""),
      );
      await page.getByTestId("interval-15m").click();
      await page.getByText("ETHUSDT has no 15m candles").waitFor();
    }));

  it("leave room for the candles: a fourth pane is refused or shared", () =>
    inWindow({}, async (page) => {
      await add(page, "rsi", "macd", "cci");
      await openPicker(page);
      await search(page).fill("mfi");
      await page.getByText("Three panes are the most").waitFor();
      await eventually(async () => assert.ok(await page.getByTestId("indicator-add").isDisabled()));
      await page.getByTestId("indicator-pane").click();
      await page.getByRole("option", { name: "Together with Relative strength index" }).click();
      await page.getByTestId("indicator-add").click();
      await page.keyboard.press("Escape");
      await page.locator('[data-pane="rsi"] [data-indicator="mfi"]').waitFor();
    }));

  it("speak German, in light colours, on a narrow window", () =>
    inWindow({ theme: "light", locale: "de-DE", width: 1024, height: 700 }, async (page) => {
      await openPicker(page);
      await page.getByText("Bänder und Kanäle").first().waitFor();
      await search(page).fill("bb");
      await page.getByTestId("indicator-add").click();
      await search(page).fill("stoch");
      await page.getByTestId("indicator-add").click();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "chart-picker-light-de.png") });
      await page.keyboard.press("Escape");
      await line(page, "stoch").waitFor();
      await line(page, "stoch").hover();
      await line(page, "stoch").getByTestId("indicator-settings-open").click();
      await page.getByTestId("indicator-settings").waitFor();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "chart-settings-light-de.png") });
    }));
});
