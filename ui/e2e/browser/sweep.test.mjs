// Sweeps on the Backtest screen in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, explained, hold, noSeriousFaults, pictures, windows } from "./harness.mjs";

const inWindow = windows({ path: "/backtest?strategy=sma-cross" }, (page) => page.getByTestId("page-sweep").click());

/** Fast 4 to 12 by 2, slow 20 to 60 by 10: 25 runs. */
async function fill(page) {
  for (const [field, text] of [
    ["from-0", "4"],
    ["to-0", "12"],
    ["step-0", "2"],
    ["from-1", "20"],
    ["to-1", "60"],
    ["step-1", "10"],
  ])
    await page.getByTestId(`sweep-${field}`).fill(text);
}

async function sweep(page) {
  await page.getByTestId("sweep-start").click();
  await page.getByTestId("sweep-result").waitFor({ timeout: 20_000 });
}

describe("sweep", () => {
  it("says how many runs it will be, and why it does not start", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("sweep-page").getByText("No sweep yet").waitFor();
      await fill(page);
      await eventually(async () => assert.equal(await page.getByTestId("sweep-runs").innerText(), "25 runs"));
      await page.getByTestId("sweep-step-0").fill("0");
      await page.getByText("step: More than 0").waitFor();
      await page.getByText("Mend the values first.").waitFor();
      await page.getByTestId("sweep-step-0").fill("1");
      await page.getByTestId("sweep-to-0").fill("999");
      await page.getByText(/to: At most \d+/).waitFor();
      await fill(page);
      await page.getByTestId("param-fast").fill("x");
      await page.getByText("The form at the right has a mistake.").waitFor();
      await eventually(async () =>
        assert.equal(await page.getByTestId("sweep-start").getAttribute("aria-disabled"), "true"),
      );
      await page.getByTestId("sweep-from-0").press("Enter");
      await eventually(async () => assert.equal(await page.getByTestId("sweep-progress").count(), 0));
      await page.getByTestId("param-fast").fill("10");
      await page.getByTestId("sweep-remove-1").click();
      await eventually(async () => assert.equal(await page.getByTestId("sweep-runs").innerText(), "5 runs"));
      await page.getByTestId("sweep-add").click();
      await page.getByTestId("sweep-axis-1").waitFor();
    }));

  it("runs, shows how far, and stops when told to", () =>
    inWindow({}, async (page) => {
      await fill(page);
      await hold(page);
      await page.getByTestId("sweep-start").click();
      await page
        .getByTestId("sweep-progress")
        .getByText(/of [\d,]+ runs/)
        .waitFor();
      await page.getByTestId("sweep-cancel").click();
      await page.getByText("Cancelled. Nothing was stored.").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("sweep-result").count(), 0));
    }));

  it("shows the runs as a map and a table, and opens one as a backtest", () =>
    inWindow({ width: 1440, height: 900 }, async (page) => {
      await fill(page);
      await sweep(page);
      const table = page.getByTestId("sweep-table");
      await eventually(async () => assert.equal(Number(await table.getAttribute("aria-rowcount")) - 1, 25));
      await eventually(async () => assert.equal(await page.getByTestId("sweep-map").getByRole("gridcell").count(), 25));
      let best = "";
      await eventually(async () => {
        best = await page.getByTestId("sweep-best").innerText();
        assert.match(best, /^fast \d+, slow \d+$/);
      });
      await eventually(async () =>
        assert.match(await page.getByTestId("sweep-said").innerText(), new RegExp(`^${best}: Return .*Sharpe`)),
      );

      await explained(page, page.getByTestId("sweep-figure-deflated"), "without any skill");
      await page.getByTestId("sweep-figure-overfitting").focus();
      await page.getByRole("tooltip").getByText("worse half").first().waitFor({ state: "attached" });

      // By keyboard: the map, the words below it and the table move together.
      await page.getByTestId("sweep-map").getByRole("gridcell").first().click();
      await page.getByTestId("sweep-map").focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("ArrowDown");
      await page.getByTestId("sweep-said").getByText("fast 6, slow 30").waitFor();
      await eventually(async () =>
        assert.match(await page.getByTestId("sweep-table").locator('[aria-selected="true"]').innerText(), /^6\s+30\s/),
      );
      await page.getByTestId("sweep-heat-drawdown").click();
      await eventually(async () =>
        assert.match(await page.getByTestId("sweep-map").getAttribute("aria-label"), /Drawdown/),
      );

      await page.getByTestId("sweep-table").getByRole("button", { name: "Trades" }).click();
      await eventually(async () => {
        const trades = await page
          .getByTestId("sweep-row")
          .evaluateAll((all) => all.slice(0, 5).map((row) => Number(row.children[6]?.textContent)));
        assert.deepEqual(
          trades,
          trades.toSorted((a, b) => b - a),
        );
      });
      await noSeriousFaults(page);

      await page.getByTestId("sweep-open-best").click();
      await page.getByTestId("report").waitFor();
      const [fast, slow] = best.match(/\d+/g);
      await page.waitForFunction(
        (wanted) => document.querySelector('[data-testid="run-row"]')?.textContent?.includes(wanted),
        `${fast}/${slow}`,
        { timeout: 10_000 },
      );
      // The sweep is kept, and can be deleted.
      await page.getByTestId("page-sweep").click();
      await page.getByTestId("sweep-result").waitFor();
      await page.getByTestId("sweep-delete").click();
      await page.getByTestId("confirm").getByRole("button", { name: "Delete the sweep" }).click();
      await page.getByTestId("sweep-page").getByText("No sweep yet").waitFor();
    }));

  for (const theme of ["dark", "light"]) {
    it(`is readable: ${theme}`, () =>
      inWindow({ theme, width: 1440, height: 900 }, async (page) => {
        await fill(page);
        await sweep(page);
        await noSeriousFaults(page);
        await page.screenshot({ path: join(pictures, `sweep-${theme}.png`) });
      }));
  }

  it("speaks German in a small window, with one parameter", () =>
    inWindow({ theme: "light", locale: "de-DE", width: 1024, height: 700 }, async (page) => {
      await fill(page);
      await page.getByTestId("sweep-remove-1").click();
      await sweep(page);
      await page.getByText("Nach fast").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("sweep-map").getByRole("gridcell").count(), 5));
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "sweep-german.png") });
    }));

  it("tells that a rotation cannot be swept", () =>
    inWindow({ path: "/backtest?strategy=momentum-rotation" }, async (page) => {
      await page.getByText("this strategy rotates over several").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("sweep-form").count(), 0));
    }));
});
