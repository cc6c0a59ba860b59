// Every screen in every state that matters, in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, fits, noSeriousFaults, paintedPixels, pictures, settled, windows } from "./harness.mjs";

const inWindow = windows();

const SCREENS = [
  { name: "chart", path: "/chart?series=1", ready: "chart-legend" },
  { name: "news", path: "/news", ready: "news-list" },
  { name: "backtest", path: "/backtest", ready: "run-backtest" },
  { name: "data", path: "/data?series=4", ready: "series-row" },
  { name: "model", path: "/model", ready: "model-card" },
  { name: "settings", path: "/settings", ready: "settings-theme-dark" },
];

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
];

describe("screens", () => {
  for (const screen of SCREENS) {
    for (const theme of ["dark", "light"]) {
      for (const size of SIZES) {
        it(`${screen.name}, ${theme}, ${size.width}x${size.height}: renders, has no serious fault, is pictured`, () =>
          inWindow({ path: screen.path, theme, ...size }, async (page) => {
            await page.getByTestId(screen.ready).first().waitFor();
            await eventually(async () =>
              assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), theme),
            );
            await fits(page);
            await noSeriousFaults(page);
            await page.screenshot({ path: join(pictures, `${screen.name}-${theme}-${size.width}.png`) });
          }));
      }
    }
  }

  it("come by the rail and by Alt and a digit", () =>
    inWindow({}, async (page) => {
      for (const [index, { name }] of SCREENS.entries()) {
        await page.getByTestId(`nav-${name}`).click();
        await page.waitForURL(new RegExp(`#/${name}`));
        await page.getByTestId("nav-chart").click();
        await page.waitForURL(/#\/chart/);
        await page.keyboard.press(`Alt+Digit${index + 1}`);
        await page.waitForURL(new RegExp(`#/${name}`));
      }
    }));

  it("say what to do next while nothing is stored", () =>
    inWindow({ flags: "empty" }, async (page) => {
      await page.getByTestId("empty-state").waitFor();
      await page.screenshot({ path: join(pictures, "chart-empty.png") });
      await page.getByTestId("nav-data").click();
      await page.getByTestId("empty-state").waitFor();
      await noSeriousFaults(page);
    }));

  it("speak German throughout", () =>
    inWindow({ locale: "de-DE", path: "/data?series=4" }, async (page) => {
      await page.getByText("Abdeckung").waitFor();
      await eventually(async () => assert.equal(await page.evaluate(() => document.documentElement.lang), "de"));
      await eventually(async () => assert.match(await page.getByTestId("series-table").innerText(), /4\.309/));
      await page.screenshot({ path: join(pictures, "data-german.png") });
    }));
});

describe("chart", () => {
  it("is painted, names what the crosshair is on, and labels the sample", () =>
    inWindow({ path: "/chart?series=1" }, async (page) => {
      const canvas = page.getByTestId("chart-canvas");
      await canvas.waitFor();
      await eventually(async () => assert.ok((await paintedPixels(page)) > 2_000));
      await page.getByTestId("sample-badge").first().waitFor();
      await eventually(async () =>
        assert.match(await page.getByTestId("sentiment-legend").innerText(), /^[+−]\d\.\d\d\s+\d+ articles?$/),
      );
      const legend = page.getByTestId("chart-legend");
      const newest = await legend.innerText();
      await canvas.hover({ position: { x: 200, y: 200 } });
      await page.waitForFunction(
        (before) => document.querySelector("[data-testid=chart-legend]")?.innerText !== before,
        newest,
      );
    }));

  it("loads older bars when it is dragged to them, and stays where it is", () =>
    inWindow({ path: "/chart?series=1" }, async (page) => {
      const canvas = page.getByTestId("chart-canvas");
      await page.waitForFunction(() => document.querySelector("[data-testid=chart-canvas]")?.dataset.bars === "1500");
      const box = await canvas.boundingBox();
      await page.mouse.move(box.x + 200, box.y + 200);
      for (let turn = 0; turn < 14; turn += 1) await page.mouse.wheel(-900, 0);
      await page.waitForFunction(
        () => Number(document.querySelector("[data-testid=chart-canvas]")?.dataset.bars) > 1_500,
      );
    }));

  it("follows the stream and counts down to the close", () =>
    inWindow({ path: "/chart?series=6" }, async (page) => {
      const canvas = page.getByTestId("chart-canvas");
      await canvas.waitFor();
      const before = await canvas.getAttribute("data-last-close");
      await page.getByTestId("live-toggle").click();
      await page.locator("[data-testid=live-state][data-state-name=live]").waitFor();
      await page.waitForFunction(
        (old) => document.querySelector("[data-testid=chart-canvas]")?.dataset.lastClose !== old,
        before,
      );
      await eventually(async () => assert.match(await page.getByTestId("next-close").innerText(), /\d:\d\d/));
      await page.screenshot({ path: join(pictures, "chart-live.png") });
      await page.getByTestId("live-toggle").click();
      await page.locator("[data-testid=live-state][data-state-name=off]").waitFor();
    }));

  it("draws a run's trades and centres on one", () =>
    inWindow({ path: "/chart?series=1&run=2&at=1703500000000" }, async (page) => {
      await page.getByTestId("run-layer").waitFor();
      const canvas = page.getByTestId("chart-canvas");
      await canvas.waitFor();
      await page.waitForFunction(
        () => Number(document.querySelector("[data-testid=chart-canvas]")?.dataset.trades) > 0,
      );
      await eventually(async () => assert.ok((await paintedPixels(page)) > 2_000));
      await canvas.hover({ position: { x: 360, y: 200 } });
      await page.screenshot({ path: join(pictures, "chart-run.png") });
    }));

  it("opens a story in the inspector with the sentences that made its score", () =>
    inWindow({ path: "/chart?series=1", width: 1024, height: 700 }, async (page) => {
      await page.getByTestId("toggle-inspector").click();
      await page.getByTestId("chart-news").getByRole("button").first().click();
      await page.getByTestId("chart-article").getByText("Why this score").waitFor();
      await noSeriousFaults(page);
    }));

  it("has a table with the same figures", () =>
    inWindow({ path: "/chart?series=1" }, async (page) => {
      await page.getByTestId("chart-table-toggle").click();
      const table = page.getByTestId("chart-table");
      await table.waitFor();
      await eventually(async () => {
        const close = await page.getByTestId("chart-canvas").getAttribute("data-last-close");
        const shown = (await table.getByRole("row").nth(1).innerText()).replaceAll(",", "");
        assert.ok(shown.includes(close), `${shown} holds ${close}`);
      });
      await noSeriousFaults(page);
    }));

  it("adds an indicator in a pane of its own and saves a picture", () =>
    inWindow({ path: "/chart?series=1" }, async (page) => {
      await page.getByTestId("indicators").click();
      await page.getByTestId("indicator-search").fill("relative strength");
      await page.getByTestId("indicator-add").click();
      await page.keyboard.press("Escape");
      await page.getByTestId("indicator-line").filter({ hasText: "RSI 14" }).waitFor();
      await settled(page);
      await page.screenshot({ path: join(pictures, "chart-indicators.png") });
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Save a picture" }).click();
      assert.equal((await download).suggestedFilename(), "BTCUSDT_1h.png");
    }));

  it("starts under a locale that Intl does not know", () =>
    inWindow({ path: "/chart?series=1", locale: "en-US" }, async (page) => {
      await page.addInitScript(() => {
        Object.defineProperty(navigator, "language", { value: "C" });
        Object.defineProperty(navigator, "languages", { value: ["C"] });
      });
      await page.reload();
      await page.getByTestId("chart-legend").waitFor();
      await eventually(async () => assert.ok((await paintedPixels(page)) > 2_000));
    }));
});
