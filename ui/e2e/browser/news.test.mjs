// The News screen in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { pictures, windows } from "./harness.mjs";

const inWindow = windows({ path: "/news" });

const rows = (page) => page.getByTestId("news-row");
const chosen = (page) => page.locator('[data-testid="news-row"][aria-selected="true"]');

/** Waits until the list has exactly so many stories. */
async function storiesAre(page, count) {
  await page.waitForFunction(
    (wanted) => {
      const row = document.querySelector('[data-testid="news-row"]');
      return (row ? Number(row.getAttribute("aria-setsize")) : 0) === wanted;
    },
    count,
    { timeout: 5_000 },
  );
}

describe("news", () => {
  it("shows the newest story with its text, its score and why", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("why-score").waitFor();
      const row = rows(page).first();
      assert.equal((await row.boundingBox()).height, 60);
      assert.equal(await row.getByTestId("sentiment-pill").getAttribute("data-tone"), "positive");
      assert.match(await row.getByTestId("sentiment-pill").innerText(), /Positive \+0\.71/);
      const reader = page.getByTestId("reader");
      assert.match(await reader.innerText(), /Spot bitcoin funds record their strongest day/);
      assert.ok((await reader.locator('span[data-tone="positive"]').count()) >= 2, "good sentences are underlined");
      assert.ok((await reader.locator('span[data-tone="negative"]').count()) >= 1, "bad sentences are underlined");
      assert.match(await page.getByTestId("score-model").innerText(), /minilm-finance · 5f1c0a7b…9d10/);
      assert.equal(await page.getByTestId("why-score").locator("li").count(), 5);
    }));

  it("is read by keyboard: j, k, arrows, Enter", () =>
    inWindow({ width: 1024, height: 700 }, async (page) => {
      await chosen(page).waitFor();
      const id = async () => Number(await chosen(page).getAttribute("data-article-id"));
      const first = await id();
      await page.keyboard.press("j");
      await page.waitForFunction((before) => !location.hash.includes(`article=${before}`), first);
      const second = await id();
      assert.notEqual(second, first);
      await page.keyboard.press("k");
      await page.waitForFunction((before) => location.hash.includes(`article=${before}`), first);
      await page.getByTestId("news-list").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("End");
      await page.getByText("Exchange token burn removes").first().waitFor();
      assert.equal(await page.getByTestId("why-score").isVisible(), false, "the reader is closed on a narrow window");
      await page.keyboard.press("Enter");
      await page.getByTestId("why-score").waitFor({ state: "visible" });
    }));

  it("filters by tone, asset and source, and shows all again", () =>
    inWindow({}, async (page) => {
      await storiesAre(page, 24);
      const count = Number(await page.getByTestId("tone-negative").locator("span").last().innerText());
      await page.getByTestId("tone-negative").click();
      await storiesAre(page, count);
      const tones = await rows(page)
        .getByTestId("sentiment-pill")
        .evaluateAll((pills) => [...new Set(pills.map((pill) => pill.dataset.tone))]);
      assert.deepEqual(tones, ["negative"]);
      await page.getByTestId("news-assets").getByRole("button", { name: /^ADA/ }).click();
      await page.getByTestId("empty-state").getByRole("button", { name: "Show all stories" }).click();
      await storiesAre(page, 24);
      await page.getByTestId("source-row").first().click();
      await storiesAre(page, 8);
    }));

  it("searches the text: slash begins, Escape ends", () =>
    inWindow({}, async (page) => {
      await storiesAre(page, 24);
      await page.keyboard.press("/");
      assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "news-search");
      await page.keyboard.type("hash rate");
      await storiesAre(page, 1);
      await page.keyboard.press("Escape");
      await storiesAre(page, 24);
    }));

  it("opens the story of the address", () =>
    inWindow({ path: "/news?article=3" }, async (page) => {
      await page.getByTestId("why-score").waitFor();
      assert.match(await page.getByTestId("reader").innerText(), /Solana validators restart/);
      assert.equal(await chosen(page).getAttribute("data-article-id"), "3");
    }));

  it("says that a story waits for its score", () =>
    inWindow({ path: "/news?article=17" }, async (page) => {
      await page.getByText("This story waits for its score.").waitFor();
      assert.equal(await page.getByTestId("reader").getByTestId("sentiment-pill").getAttribute("data-tone"), "none");
      await page.getByTestId("score-now").click();
    }));

  it("adds a source: refuses what is no address, shows the new one", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("add-source").click();
      await page.getByTestId("source-save").click();
      await page.getByText("Write the feed's address").waitFor();
      await page.getByTestId("source-url").fill("example.org/feed");
      await page.getByText("The address begins with http").waitFor();
      await page.getByTestId("source-url").fill("https://news.example.org/feed.xml");
      await page.screenshot({ path: join(pictures, "news-add-source.png") });
      await page.getByTestId("source-save").click();
      await page.getByTestId("source-row").filter({ hasText: "news.example.org" }).waitFor();
    }));

  it("pauses, resumes and removes a source, and shows what fails", () =>
    inWindow({}, async (page) => {
      const last = page.getByTestId("source-row").last();
      assert.equal(await last.getAttribute("data-health"), "paused");
      await page.getByTestId("source-options").last().click();
      await page.getByText("the server answered 429").waitFor();
      await page.screenshot({ path: join(pictures, "news-source.png") });
      await page.getByTestId("source-toggle").click();
      await page.waitForFunction(
        () => [...document.querySelectorAll('[data-testid="source-row"]')].at(-1)?.dataset.health === "failing",
      );
      await page.getByTestId("source-remove").click();
      await page.getByTestId("confirm").getByRole("button", { name: "Remove" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[data-testid="source-row"]').length === 2);
    }));

  it("reads the sources and shows how far it is", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("crawl-now").click();
      await page.getByTestId("crawl-progress").waitFor();
      await page.getByTestId("crawl-now").waitFor({ timeout: 10_000 });
    }));

  it("offers the next step where nothing is stored", () =>
    inWindow({ flags: "empty" }, async (page) => {
      await page.getByText("No stories yet").waitFor();
      await page.getByRole("button", { name: "Load the sample" }).click();
      await storiesAre(page, 24);
    }));
});
