// The Model screen in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, hold, noSeriousFaults, pictures, release, windows } from "./harness.mjs";

const inWindow = windows({ path: "/model" });

async function check(page) {
  await page.getByTestId("model-page-check").click();
  await page.getByTestId("evaluation-choose").click();
  await page.getByTestId("evaluation-file").getByText("headlines.csv").waitFor();
  await page.getByTestId("evaluation-start").click();
}

describe("model", () => {
  it("shows what the model is and what its makers measured, without any file", () =>
    inWindow({}, async (page) => {
      const card = page.getByTestId("model-card");
      await card.getByText("Apache-2.0").first().waitFor();
      await card.getByText("22.7 million parameters").waitFor();
      const figures = page.getByTestId("model-readme").getByRole("row", { name: /TFNS validation/ });
      await eventually(async () => assert.match(await figures.innerText(), /2,388\s+0\.8585\s+0\.8214/));
      await eventually(async () =>
        assert.match(await page.getByTestId("model-queue").innerText(), /Scoring program: idle[\s\S]*wait: 1/),
      );
      await eventually(async () =>
        assert.match(await page.getByTestId("model-scores").innerText(), /\d+ positive, \d+ neutral, \d+ negative/),
      );
      await noSeriousFaults(page);
    }));

  it("downloads a model, lets it score, and removes it", () =>
    inWindow({}, async (page) => {
      const row = (name) => page.getByTestId("model-row").filter({ hasText: name });
      await row("MiniLM").getByText("scores now").waitFor();
      await row("FinBERT (Prosus AI)").click();
      await page.getByTestId("model-card").getByText("Apache-2.0").waitFor();
      await hold(page);
      await page.getByTestId("model-download").getByText("Download about 438 MB").click();
      await page
        .getByTestId("model-progress")
        .getByText(/MB of 438 MB/)
        .waitFor();
      await noSeriousFaults(page);
      await release(page);
      await page.getByTestId("model-use").click({ timeout: 20_000 });
      await row("FinBERT (Prosus AI)").getByText("scores now").waitFor();
      await page.getByTestId("model-readme").getByText("nothing is known of its data").waitFor();
      await page.getByTestId("model-queue").getByText("articles that wait: 1").waitFor();
      // Another one first: what scores is not removed.
      await eventually(async () => assert.equal(await page.getByTestId("model-remove").count(), 0));
      await row("MiniLM").click();
      await page.getByTestId("model-use").click();
      await row("FinBERT (Prosus AI)").click();
      await page.getByTestId("model-remove").click();
      await row("FinBERT (Prosus AI)").getByText("to be downloaded").waitFor();
    }));

  it("cancels a download, goes on with it, and takes a model from a folder", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("model-row").filter({ hasText: "FinTwitBERT" }).click();
      await hold(page);
      await page.getByText("Go on with the download").click();
      await page.getByTestId("model-cancel").click();
      await page.getByText("Cancelled. What has arrived is kept.").waitFor();
      await release(page);
      await page.getByTestId("model-import").click();
      await page.getByTestId("model-row").filter({ hasText: "My model" }).waitFor({ timeout: 20_000 });
      // By keyboard: from row to row.
      await page.getByTestId("model-row").first().focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByTestId("model-card").getByRole("heading", { name: "FinBERT (Prosus AI)" }).waitFor();
      await noSeriousFaults(page);
    }));

  it("says what is missing without a model", () =>
    inWindow({ flags: "no-model", path: "/model?page=card" }, async (page) => {
      await page.getByTestId("error-view").getByText("manifest.json is missing").waitFor();
      await noSeriousFaults(page);
    }));

  it("checks the model on a file, and keeps and forgets what came out", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("model-page-check").click();
      await page.getByText("Not checked on your texts yet").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("evaluation-start").isDisabled(), true));
      await hold(page);
      await check(page);
      await page
        .getByTestId("evaluation-progress")
        .getByText(/of 2,388 texts/)
        .waitFor();
      await release(page);
      await page.getByTestId("evaluation-result").waitFor({ timeout: 20_000 });
      await eventually(async () =>
        assert.match(
          await page.getByTestId("figure-accuracy").innerText(),
          /Accuracy\s+0\.858\s+95 %: 0\.84\d to 0\.87\d/,
        ),
      );
      await page.getByTestId("figure-calibration").focus();
      await page.getByRole("tooltip").getByText("Guo et al.").first().waitFor({ state: "attached" });
      const row = page.getByTestId("confusion").getByRole("row", { name: /^neutral/ });
      await eventually(async () => assert.match(await row.innerText(), /61\s+1,405\s+100\s+1,566/));
      await page.getByTestId("confusion-list").click();
      await eventually(async () => assert.match(await row.innerText(), /142\s+1,226\s+198/));
      await eventually(async () => assert.equal(await page.getByTestId("reliability").locator("circle").count(), 10));
      await eventually(async () =>
        assert.equal(await page.getByTestId("reliability-table").getByRole("row").count(), 11),
      );
      await page.getByTestId("evaluation-left-out").getByText("Line 1,904: 'wonderful' is no label").waitFor();
      await noSeriousFaults(page);
      await page.getByTestId("evaluation-delete").click();
      await page.getByText("Not checked on your texts yet").waitFor();
    }));

  it("stops when told to, and says why a file cannot be read", () =>
    inWindow({}, async (page) => {
      await hold(page);
      await check(page);
      await page.getByTestId("evaluation-cancel").click();
      await page.getByText("Cancelled. Nothing was kept.").waitFor();
      await page.getByTestId("evaluation-more").click();
      await page.getByTestId("evaluation-labels").fill("nonsense");
      await page.getByTestId("evaluation-start").click();
      await page.getByTestId("evaluation-problem").getByText("'nonsense' says no label").waitFor();
      await noSeriousFaults(page);
    }));

  it("holds news and prices together, as a picture and as a table", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("model-page-prices").click();
      await page.getByTestId("study-lead").waitFor();
      await eventually(async () => assert.equal(await page.getByTestId("study-mark-positive").count(), 5));
      await eventually(async () => assert.equal(await page.getByTestId("study-table").getByRole("row").count(), 11));
      await noSeriousFaults(page);
      await page.getByTestId("study-strong-0.7").click();
      await page.getByText("No strong news in this span").waitFor();
      // Another asset by keyboard.
      await page.getByTestId("study-strong-0.5").click();
      await page.getByTestId("study-series").focus();
      await page.keyboard.press("Enter");
      // The list moves on a little after each key.
      await page.locator("[role=option][data-highlighted][aria-selected=true]").waitFor();
      await page.keyboard.press("ArrowDown");
      await page.locator("[role=option][data-highlighted][aria-selected=false]").waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/series=\d+/);
      await page.getByTestId("study-lead").waitFor();
    }));

  it("says what to do without prices", () =>
    inWindow({ flags: "empty", path: "/model?page=prices" }, async (page) => {
      await page.getByText("No prices to look at").waitFor();
      await noSeriousFaults(page);
    }));

  it("moves between its pages by keyboard", () =>
    inWindow({}, async (page) => {
      await page.getByRole("tab", { name: "Card" }).focus();
      await page.keyboard.press("ArrowRight");
      await page.getByTestId("evaluation-form").waitFor();
      await page.keyboard.press("ArrowRight");
      await page.getByTestId("study-lead").waitFor();
    }));

  for (const [theme, size] of [
    ["dark", { width: 1440, height: 900 }],
    ["light", { width: 1024, height: 700 }],
  ]) {
    it(`is readable: ${theme}`, () =>
      inWindow({ theme, ...size }, async (page) => {
        await check(page);
        await page.getByTestId("evaluation-result").waitFor({ timeout: 20_000 });
        await noSeriousFaults(page);
        await page.screenshot({ path: join(pictures, `model-check-${theme}.png`) });
        await page.getByTestId("model-page-prices").click();
        await page.getByTestId("study-lead").waitFor();
        await noSeriousFaults(page);
        await page.screenshot({ path: join(pictures, `model-prices-${theme}.png`) });
        await page.getByTestId("model-row").nth(1).click();
        await hold(page);
        await page.getByTestId("model-download").click();
        await page.getByTestId("model-progress").getByText(/MB of/).waitFor();
        await page.screenshot({ path: join(pictures, `model-download-${theme}.png`) });
      }));
  }

  it("speaks German", () =>
    inWindow({ locale: "de-DE", theme: "light", width: 1024, height: 700 }, async (page) => {
      await page.getByText("Wie gut ist das Modell?").first().waitFor();
      await check(page);
      await page.getByText("Kalibrierfehler").waitFor({ timeout: 20_000 });
      await noSeriousFaults(page);
      await page.screenshot({ path: join(pictures, "model-german.png") });
    }));
});
