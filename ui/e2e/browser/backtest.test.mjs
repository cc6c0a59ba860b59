// The Backtest screen in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, explained, hold, noSeriousFaults, pictures, release, windows } from "./harness.mjs";

const inWindow = windows({ path: "/backtest" });

const runs = (page) => page.getByTestId("run-row");
const tradesOf = async (page) => Number(await page.getByTestId("trades-table").getAttribute("aria-rowcount")) - 1;
const runIs = (page, id) =>
  page.waitForFunction(
    (wanted) => document.querySelector('[data-testid="report"]')?.dataset.runId === String(wanted),
    id,
    { timeout: 10_000 },
  );

describe("backtest", () => {
  it("shows the newest run: figures with definitions, curves, trades, months", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report").waitFor();
      await eventually(async () => assert.match(await page.getByTestId("report-total-return").innerText(), /^[+−]\d/));
      await explained(page, page.getByTestId("kpi-sharpe"), "standard deviation (ddof 1)");
      await eventually(async () =>
        assert.match(
          await page.getByTestId("report-facts").innerText(),
          /\d+ closed · .*\d+ gaps · hash [0-9a-f]{4}…[0-9a-f]{2}/,
        ),
      );
      await eventually(async () => assert.ok((await page.getByTestId("equity-chart").locator("canvas").count()) > 0));
      await eventually(async () =>
        assert.ok((await page.getByTestId("monthly-heat").locator("td[style]").count()) >= 6),
      );
      await page.getByText("The series is simulated").waitFor();
      await page.getByTestId("toggle-equity").click();
      await eventually(async () => {
        const inView = await page
          .getByTestId("trade-row")
          .evaluateAll(
            (all) => all.filter((row) => row.getBoundingClientRect().bottom < window.innerHeight - 24).length,
          );
        assert.ok(inView >= 23, `${inView} trades in view without the chart`);
      });
    }));

  it("tells how the trades are spread and writes the report to files", () =>
    inWindow({ viewport: { width: 1440, height: 900 } }, async (page) => {
      await page.getByTestId("report").waitFor();
      await eventually(async () => assert.ok((await page.getByTestId("trade-spread").locator("i").count()) > 3));
      await eventually(async () => assert.match(await page.getByTestId("trade-spread").innerText(), /median [+−]?\d/));
      await page.getByTestId("rolling-sharpe").scrollIntoViewIfNeeded();
      await page
        .getByTestId("rolling-sharpe")
        .locator("svg")
        .hover({ position: { x: 4, y: 20 } });
      await eventually(async () =>
        assert.match(await page.getByTestId("rolling-sharpe").innerText(), /Sharpe of 30 days/),
      );
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
      await hold(page);
      await page.getByTestId("run-backtest").click();
      await page.getByTestId("run-progress").waitFor();
      await release(page);
      await runIs(page, 4);
      await eventually(async () => assert.equal(await runs(page).count(), before + 1));
      await eventually(async () => assert.equal(await hash(), first));
      await page.getByText("same result as 1 other run").waitFor();
      await page.getByTestId("param-fast").fill("12");
      await page.getByTestId("param-fast").press("ArrowUp");
      await page.keyboard.press("Control+Enter");
      await runIs(page, 5);
      await eventually(async () => assert.notEqual(await hash(), first));
      await eventually(async () => assert.match(await runs(page).first().innerText(), /13\/50/));
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
      await eventually(async () => assert.equal(await page.getByTestId("run-progress").count(), 0));
      await eventually(async () => assert.equal(await runs(page).count(), before));
      await page.screenshot({ path: join(pictures, "backtest-faults.png") });
    }));

  it("cancels a run", () =>
    inWindow({}, async (page) => {
      await hold(page);
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
      await eventually(async () => assert.match(await page.getByTestId("run-title").innerText(), /ETHUSDT 1h/));
    }));

  it("leads from a trade and from the report to the chart", () =>
    inWindow({}, async (page) => {
      await explained(
        page,
        page.getByTestId("trades-table").getByRole("button", { name: "P&L" }),
        "with the fees of both sides",
      );
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
      await eventually(async () => assert.equal(await page.getByTestId("param-slow").inputValue(), "30"));
      await page.getByTestId("run-note").click();
      await page.getByTestId("note-text").fill("the usual averages");
      await page.keyboard.press("Enter");
      await page.getByTestId("note-line").getByRole("button", { name: "the usual averages" }).click();
      await page.getByTestId("note-text").fill("something else");
      await page.keyboard.press("Escape");
      await page.getByTestId("note-line").getByText("the usual averages").waitFor();
      await page.getByRole("img", { name: "Note: the usual averages" }).waitFor();
      await page.getByTestId("run-delete").click();
      await page.getByTestId("confirm").getByRole("button", { name: "Delete the run" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[data-testid="run-row"]').length === 2);
    }));

  it("shows the script, its mistakes at their place, and saves it as one's own", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("page-script").click();
      const editor = page.getByTestId("script-editor").locator(".cm-content");
      await eventually(async () => assert.match(await editor.innerText(), /param\("fast"/));
      await page.getByText("No mistakes found").waitFor();
      await noSeriousFaults(page);
      await editor.click();
      await page.keyboard.press("Control+a");
      await page.keyboard.type("//! title: Mine\nexit(close > 1.0);");
      await page.getByText("the script never enters a position").first().waitFor();
      await page.getByText("Call enter_long(condition)").first().waitFor();
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

  it("compares runs: figures with the best marked, inputs that differ, curves from one beginning", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report").waitFor();
      const marks = page.getByTestId("run-mark");
      await marks.nth(0).click();
      await eventually(async () => assert.ok(await page.getByTestId("compare-runs").isDisabled()));
      await page.getByTestId("run-list").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Space");
      await marks.nth(2).click();
      await page.getByTestId("compare-runs").click();
      const table = page.getByTestId("compare-table");
      await table.waitFor();
      await eventually(async () => assert.equal(await table.locator('[data-figure="return"] [data-best]').count(), 1));
      await eventually(async () => assert.equal(await table.locator('[data-figure="final"] [data-best]').count(), 0));
      const value = (text) => Number.parseFloat(text.replace("−", "-"));
      await eventually(async () => {
        const returns = await table.locator('[data-figure="return"] td').allInnerTexts();
        const best = await table.locator('[data-figure="return"] [data-best]').innerText();
        assert.equal(value(best), Math.max(...returns.map(value)));
      });
      const inputs = page.getByTestId("input-row");
      await eventually(async () => {
        const headers = await inputs.getByRole("rowheader").allInnerTexts();
        assert.deepEqual(
          headers.map((words) => words.replace(/\s+/g, " ")),
          ["Parameter fast (differs)", "Parameter slow (differs)"],
        );
      });
      await page.getByTestId("only-different").click();
      await eventually(async () => assert.ok((await inputs.count()) > 15));
      await explained(page, table.getByRole("button", { name: "Calmar" }), "Annual return over the deepest drawdown");
      await eventually(async () => assert.ok((await page.getByTestId("compare-chart").locator("canvas").count()) > 0));
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "backtest-compare-dark.png") });
      await page.getByRole("button", { name: "Take SMA cross 5/50 out of the comparison" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[data-figure="return"] td').length === 2);
    }));

  it("compares in German and in light colours on a narrow window", () =>
    inWindow({ theme: "light", locale: "de-DE", width: 1024, height: 700 }, async (page) => {
      await page.getByTestId("report").waitFor();
      await page.getByTestId("page-compare").click();
      await page.getByText("Noch nichts zu vergleichen").waitFor();
      for (const at of [0, 1]) await page.getByTestId("run-mark").nth(at).click();
      await page.getByTestId("compare-table").waitFor();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "backtest-compare-light.png") });
      await page.getByTestId("page-script").click();
      await page.getByTestId("toggle-docs").click();
      await page.getByRole("tab", { name: "Funktionen" }).click();
      await page.getByTestId("docs-function").first().waitFor();
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "backtest-docs-light.png") });
    }));

  it("makes a run again and says whether it is the same", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report").waitFor();
      await page.getByTestId("form-cash").fill("5000");
      await page.getByTestId("run-again").click();
      await runIs(page, 4);
      const verdict = page.getByTestId("rerun-verdict");
      await verdict.waitFor();
      await eventually(async () => assert.equal(await verdict.getAttribute("data-verdict"), "same"));
      await verdict.getByText("the same report to the byte").waitFor();
      await page.screenshot({ path: join(pictures, "backtest-rerun.png") });
      await verdict.getByRole("button", { name: "Hide this" }).click();
      await verdict.waitFor({ state: "detached" });
      await page.getByTestId("run-take").click();
      await eventually(async () => assert.equal(await page.getByTestId("form-cash").inputValue(), "10000"));
    }));

  it("asks for the file of funding rates before it makes such a run again", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("group-leverage").getByRole("button").first().click();
      await page.getByTestId("form-funding").click();
      await page.getByTestId("form-funding").getByText("btcusdt.csv").waitFor();
      await page.getByTestId("run-backtest").click();
      await runIs(page, 4);
      const first = await page.getByTestId("run-hash").getAttribute("data-hash");
      await page.getByRole("button", { name: "choose the file of its funding rates" }).click();
      await runIs(page, 5);
      const verdict = page.getByTestId("rerun-verdict");
      await verdict.getByText("the same report to the byte").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("run-hash").getAttribute("data-hash"), first));
      await page.getByTestId("run-take").click();
      await page.getByText("but for the file of its funding rates").waitFor();
    }));

  it("completes while a script is written, explains words, and has the language beside it", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("page-script").click();
      const docs = page.getByTestId("script-docs");
      await docs.getByText("When it fails").waitFor();
      const editor = page.getByTestId("script-editor").locator(".cm-content");
      await page.getByText("No mistakes found").waitFor();
      await editor.getByText("crosses_above").hover();
      await page.locator(".cm-help").getByText("crosses_above(a, b)").waitFor();
      await page.mouse.move(0, 0);
      await editor.click();
      await page.keyboard.press("Control+End");
      await page.keyboard.type("let bands = bolli");
      await page.locator(".cm-tooltip-autocomplete").getByText("bollinger_percent").waitFor();
      await page.locator(".cm-completionInfo").getByText("bollinger(x, length = 20, width = 2)").waitFor();
      await page.screenshot({ path: join(pictures, "backtest-completion.png") });
      await page.keyboard.press("Enter");
      await page.keyboard.type("close);\nlet low = bands.lo");
      await page.locator(".cm-tooltip-autocomplete").getByText("lower").click();
      await eventually(async () =>
        assert.match(await editor.innerText(), /let bands = bollinger\(close\);\s*let low = bands\.lower/),
      );
      await page.keyboard.type(";\nlet bad = smaa(close, 3);");
      await page.getByText("there is no function 'smaa'").first().waitFor();
      await eventually(async () =>
        assert.match(await page.getByTestId("script-problem").innerText(), /line \d+, column 11/),
      );
      await page.locator(".cm-lintRange-error").first().waitFor();
      await docs.getByRole("tab", { name: "Functions" }).click();
      await page.getByTestId("docs-search").fill("trailing");
      await page.getByTestId("docs-function").first().click();
      await eventually(async () => assert.match(await editor.innerText(), /trailing_stop\(/));
      await page.keyboard.press("F1");
      await eventually(async () => assert.equal(await page.getByTestId("docs-search").inputValue(), "trailing_stop"));
      await noSeriousFaults(page);
      await docs.getByRole("tab", { name: "Language" }).click();
      await docs.getByText("When things happen").waitFor();
      await page.screenshot({ path: join(pictures, "backtest-docs.png") });
    }));

  it("has every setting of the engine, in groups that tell what is not as usual", () =>
    inWindow({ path: "/backtest?strategy=sentiment-trend" }, async (page) => {
      const group = (id) => page.getByTestId(`group-${id}`);
      const toggle = (id) => group(id).getByRole("button").first().click();
      await group("costs").getByText("as usual").waitFor();
      for (const rule of ["stop_loss(percent(5))", "pyramiding(2)", "cooldown(3)"])
        await group("rules").getByText(rule).waitFor();
      await toggle("costs");
      await page.getByTestId("form-makerPercent").fill("−0.01");
      await page.getByTestId("form-spreadBps").fill("2");
      await toggle("costs");
      await group("costs").getByText("maker −0.01 %").waitFor();
      await group("costs").getByText("spread 2 bps").waitFor();
      await toggle("leverage");
      await page.getByTestId("margin-on").click();
      await page.getByTestId("form-leverage").fill("10");
      await page.getByTestId("form-maintenancePercent").fill("10");
      await page.getByText("Less than 10, or every position is liquidated at once").waitFor();
      await toggle("leverage");
      await eventually(async () =>
        assert.equal(await group("leverage").getAttribute("data-open"), "true", "a group with a fault stays open"),
      );
      await page.getByTestId("form-maintenancePercent").fill("0.4");
      await page.getByTestId("form-funding").click();
      await page.getByTestId("form-funding").getByText("btcusdt.csv").waitFor();
      await toggle("leverage");
      await group("leverage").getByText("funding btcusdt.csv").waitFor();
      await group("leverage").getByText("10 × leverage").waitFor();
      await toggle("orders");
      await page.getByTestId("fills-minute").click();
      await page.getByText("No 1m candles of this symbol are stored").waitFor();
      await page.getByTestId("fills-auto").click();
      await page.getByTestId("form-size").click();
      await page.getByRole("option", { name: "Percent at risk" }).click();
      await page.getByTestId("form-size-amount").fill("1");
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "backtest-form.png") });
      await page.getByTestId("run-backtest").click();
      await runIs(page, 4);
      await group("rules").getByRole("button").first().click();
      await page.getByTestId("rules-script").click();
      await page.getByTestId("script-docs").waitFor();
    }));

  it("offers to fetch the days that are not stored", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("series-select").click();
      await page.getByRole("option").filter({ hasText: "BNBUSDT 1h" }).click();
      await page.getByTestId("span-dates").click();
      await page.getByTestId("span-from").fill("2019-03-01");
      await page.getByTestId("fetch-rest").click();
      await page.getByRole("dialog").waitFor();
      await eventually(async () =>
        assert.ok((await page.getByRole("dialog").locator('input[value="2019-03-01"]').count()) > 0),
      );
    }));

  it("keeps what was entered while another screen is looked at", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("param-fast").fill("17");
      await page.getByTestId("nav-news").click();
      await page.getByTestId("nav-backtest").click();
      await eventually(async () => assert.equal(await page.getByTestId("param-fast").inputValue(), "17"));
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
      await eventually(async () => assert.ok((await tradesOf(page)) > 0));
    }));
});
