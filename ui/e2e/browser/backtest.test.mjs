// The Backtest screen in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import AxeBuilder from "@axe-core/playwright";
import { pictures, start } from "./harness.mjs";

let browser;
before(async () => {
  browser = await start();
});
after(() => browser.stop());

/** Opens a window, does something in it, and fails on anything that went wrong in the page. */
async function inWindow(options, act) {
  const { page, problems, close } = await browser.open({ path: "/backtest", ...options });
  try {
    await act(page);
    assert.deepEqual(problems, [], "the page reports nothing wrong");
  } finally {
    await close();
  }
}

const runs = (page) => page.getByTestId("run-row");
const tradesOf = async (page) => Number(await page.getByTestId("trades-table").getAttribute("aria-rowcount")) - 1;
const runIs = (page, id) =>
  page.waitForFunction(
    (wanted) => document.querySelector('[data-testid="report"]')?.dataset.runId === String(wanted),
    id,
    { timeout: 10_000 },
  );

async function noSeriousFaults(page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`),
    [],
  );
}

describe("backtest", () => {
  it("shows the newest run: figures with definitions, curves, trades, months", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report").waitFor();
      assert.match(await page.getByTestId("report-total-return").innerText(), /^[+−]\d/);
      await page.getByTestId("kpi-sharpe").hover();
      await page.getByRole("tooltip").getByText("standard deviation (ddof 1)").first().waitFor({ state: "attached" });
      assert.match(
        await page.getByTestId("report-facts").innerText(),
        /\d+ closed · .*\d+ gaps · hash [0-9a-f]{4}…[0-9a-f]{2}/,
      );
      assert.ok((await page.getByTestId("equity-chart").locator("canvas").count()) > 0);
      assert.ok((await page.getByTestId("monthly-heat").locator("td[style]").count()) >= 6);
      await page.getByText("The series is simulated").waitFor();
      await page.getByTestId("toggle-equity").click();
      const inView = await page
        .getByTestId("trade-row")
        .evaluateAll((all) => all.filter((row) => row.getBoundingClientRect().bottom < window.innerHeight - 24).length);
      assert.ok(inView >= 23, `${inView} trades in view without the chart`);
    }));

  it("tells how the trades are spread and writes the report to files", () =>
    inWindow({ viewport: { width: 1440, height: 900 } }, async (page) => {
      await page.getByTestId("report").waitFor();
      assert.ok((await page.getByTestId("trade-spread").locator("i").count()) > 3);
      assert.match(await page.getByTestId("trade-spread").innerText(), /median [+−]?\d/);
      await page.getByTestId("rolling-sharpe").scrollIntoViewIfNeeded();
      await page
        .getByTestId("rolling-sharpe")
        .locator("svg")
        .hover({ position: { x: 4, y: 20 } });
      assert.match(await page.getByTestId("rolling-sharpe").innerText(), /Sharpe of 30 days/);
      for (const [format, file] of [
        ["html", ".html"],
        ["trades", "_trades.csv"],
        ["equity", "_equity.csv"],
        ["json", ".json"],
      ]) {
        await page.getByTestId("run-export").click();
        await page.getByTestId(`run-export-${format}`).click();
        await page.getByText(`Written: /home/ada/sma-cross_BTCUSDT_1h${file}`).waitFor();
      }
    }));

  it("runs the form: the same inputs give the same hash, others another", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report").waitFor();
      const hash = () => page.getByTestId("run-hash").getAttribute("data-hash");
      const before = await runs(page).count();
      const first = await hash();
      await page.getByTestId("run-backtest").click();
      await page.getByTestId("run-progress").waitFor();
      await runIs(page, 4);
      assert.equal(await runs(page).count(), before + 1);
      assert.equal(await hash(), first);
      await page.getByText("same result as 1 other run").waitFor();
      await page.getByTestId("param-fast").fill("12");
      await page.getByTestId("param-fast").press("ArrowUp");
      await page.keyboard.press("Control+Enter");
      await runIs(page, 5);
      assert.notEqual(await hash(), first);
      assert.match(await runs(page).first().innerText(), /13\/50/);
    }));

  it("refuses what cannot be run, at its field", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("param-slow").fill("999");
      await page.getByText("At most 240").waitFor();
      await page.getByTestId("form-cash").fill("0");
      await page.getByText("More than 0").waitFor();
      await page.getByTestId("span-dates").click();
      await page.getByTestId("span-from").fill("2001-01-01");
      await page.getByText(/Stored are \d{4}-\d\d-\d\d to/).waitFor();
      const before = await runs(page).count();
      await page.getByTestId("run-backtest").click();
      assert.equal(await page.getByTestId("run-progress").count(), 0);
      assert.equal(await runs(page).count(), before);
      await page.screenshot({ path: join(pictures, "backtest-faults.png") });
    }));

  it("cancels a run", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("run-backtest").click();
      await page.getByTestId("run-cancel").click();
      await page.getByText("Cancelled. Nothing was stored.").waitFor();
      await page.getByTestId("run-backtest").waitFor();
    }));

  it("chooses a series from the list", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("series-select").click();
      await page
        .getByRole("option", { name: /ETHUSDT 1h/ })
        .first()
        .click();
      await page.getByTestId("run-backtest").click();
      await runIs(page, 4);
      assert.match(await page.getByTestId("run-title").innerText(), /ETHUSDT 1h/);
    }));

  it("leads from a trade and from the report to the chart", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("trade-row").nth(3).click();
      await page.waitForURL(/#\/chart\?.*run=3.*at=\d+/);
      await page.getByTestId("run-layer").waitFor();
      await page.goBack();
      await page.getByTestId("show-on-chart").click();
      await page.waitForURL(/#\/chart\?.*run=3/);
    }));

  it("moves among runs by keyboard, notes one and deletes one", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report").waitFor();
      await page.getByTestId("run-list").focus();
      await page.keyboard.press("ArrowDown");
      await runIs(page, 2);
      assert.equal(await page.getByTestId("param-slow").inputValue(), "30");
      await page.getByTestId("run-note").click();
      await page.getByTestId("note-text").fill("the usual averages");
      await page.getByTestId("note-save").click();
      await page.getByRole("img", { name: "Note: the usual averages" }).waitFor();
      await page.getByTestId("run-delete").click();
      await page.getByTestId("confirm").getByRole("button", { name: "Delete the run" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[data-testid="run-row"]').length === 2);
    }));

  it("shows the script, its mistakes at their place, and saves it as one's own", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("page-script").click();
      const editor = page.getByTestId("script-editor").locator(".cm-content");
      assert.match(await editor.innerText(), /param\("fast"/);
      await page.getByText("No mistakes found").waitFor();
      await noSeriousFaults(page);
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.type("//! title: Mine\nexit(close > 1.0);");
      await page.getByText("the script never enters a position").first().waitFor();
      await page.getByText("Call enter(condition) once.").first().waitFor();
      await page.getByTestId("script-problem").click();
      await page.locator(".cm-lintRange-error").first().waitFor();
      await page.screenshot({ path: join(pictures, "backtest-script.png") });
      await page.getByText("The script has unsaved changes.").waitFor();
      await page.getByTestId("script-save-as").click();
      await page.getByTestId("strategy-id").fill("sma-cross");
      await page.getByText("comes with the program").last().waitFor();
      await page.getByTestId("strategy-id").fill("mine");
      await page.getByTestId("strategy-save").click();
      await page.locator('[data-testid="strategy-row"][data-strategy="mine"]').waitFor();
      await page.getByTestId("strategy-delete").click();
      await page.getByTestId("confirm").getByRole("button", { name: "Delete the strategy" }).click();
      await page.waitForFunction(() => !document.querySelector('[data-strategy="mine"]'));
    }));

  it("keeps what was entered while another screen is looked at", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("param-fast").fill("17");
      await page.getByTestId("nav-news").click();
      await page.getByTestId("nav-backtest").click();
      assert.equal(await page.getByTestId("param-fast").inputValue(), "17");
    }));

  it("has its run button within reach on a narrow window", () =>
    inWindow({ width: 1024, height: 700 }, async (page) => {
      await page.getByTestId("report").waitFor();
      await page.getByTestId("run-backtest").click();
      await runIs(page, 4);
      await page.getByTestId("toggle-inspector").click();
      await page.getByTestId("param-fast").waitFor({ state: "visible" });
      await noSeriousFaults(page);
    }));

  it("offers the next step where nothing is stored", () =>
    inWindow({ flags: "empty" }, async (page) => {
      await page.getByText("No candles to test on").waitFor();
      await page.getByRole("button", { name: "Load the sample" }).click();
      await page.getByText("No run yet").waitFor({ timeout: 10_000 });
      await page.getByTestId("run-backtest").click();
      await page.getByTestId("report").waitFor({ timeout: 10_000 });
      assert.ok((await tradesOf(page)) > 0);
    }));
});
