// The News screen in a real browser, on the program in memory.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, fits, hold, noSeriousFaults, pictures, release, windows } from "./harness.mjs";

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
      await eventually(async () => assert.equal((await row.boundingBox()).height, 60));
      await eventually(async () =>
        assert.equal(await row.getByTestId("sentiment-pill").getAttribute("data-tone"), "positive"),
      );
      await eventually(async () =>
        assert.match(await row.getByTestId("sentiment-pill").innerText(), /Positive \+0\.71/),
      );
      const reader = page.getByTestId("reader");
      await eventually(async () =>
        assert.match(await reader.innerText(), /Spot bitcoin funds record their strongest day/),
      );
      await eventually(async () =>
        assert.ok((await reader.locator('span[data-tone="positive"]').count()) >= 2, "good sentences are underlined"),
      );
      await eventually(async () =>
        assert.ok((await reader.locator('span[data-tone="negative"]').count()) >= 1, "bad sentences are underlined"),
      );
      await eventually(async () =>
        assert.match(await page.getByTestId("score-model").innerText(), /minilm-finance · 5f1c0a7b…9d10/),
      );
      await eventually(async () => assert.equal(await page.getByTestId("why-score").locator("li").count(), 5));
    }));

  it("shows which sentences count for an asset", () =>
    inWindow({}, async (page) => {
      const why = page.getByTestId("why-score");
      await why.waitFor();
      const asset = page.getByTestId("asset-scores").getByRole("button", { name: /^BTC \+0\.8/ });
      const counting = why.locator('li[data-counts="true"]');
      await eventually(async () => assert.equal(await counting.count(), 5, "all make the score of the story"));
      await asset.click();
      await eventually(async () =>
        assert.deepEqual(
          await counting.evaluateAll((lines) => lines.map((line) => /bitcoin/i.test(line.textContent))),
          [true, true],
          "the headline and the one sentence that names it",
        ),
      );
      await asset.click();
      await eventually(async () => assert.equal(await counting.count(), 5));
    }));

  it("is read by keyboard: j, k, arrows, Enter", () =>
    inWindow({ width: 1024, height: 700 }, async (page) => {
      await chosen(page).waitFor();
      const id = async () => Number(await chosen(page).getAttribute("data-article-id"));
      const first = await id();
      await page.keyboard.press("j");
      await page.waitForFunction((before) => !location.hash.includes(`article=${before}`), first);
      await eventually(async () => assert.notEqual(await id(), first));
      await page.keyboard.press("k");
      await page.waitForFunction((before) => location.hash.includes(`article=${before}`), first);
      await page.getByTestId("news-list").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("End");
      await page.getByText("Exchange token burn removes").first().waitFor();
      await eventually(async () =>
        assert.equal(await page.getByTestId("why-score").isVisible(), false, "the reader is closed on a narrow window"),
      );
      await page.keyboard.press("Enter");
      await page.getByTestId("why-score").waitFor({ state: "visible" });
    }));

  it("filters by tone, asset and source, and shows all again", () =>
    inWindow({}, async (page) => {
      await storiesAre(page, 24);
      const count = Number(await page.getByTestId("tone-negative").locator("span").last().innerText());
      await page.getByTestId("tone-negative").click();
      await storiesAre(page, count);
      const pills = rows(page).getByTestId("sentiment-pill");
      await eventually(async () =>
        assert.deepEqual(await pills.evaluateAll((all) => [...new Set(all.map((pill) => pill.dataset.tone))]), [
          "negative",
        ]),
      );
      await page.getByTestId("news-assets").getByRole("button", { name: /^ADA/ }).click();
      await page.getByTestId("empty-state").getByRole("button", { name: "Show all stories" }).click();
      await storiesAre(page, 24);
      await page.getByTestId("source-row").first().click();
      await storiesAre(page, 9);
    }));

  it("searches the text: slash begins, Escape ends", () =>
    inWindow({}, async (page) => {
      await storiesAre(page, 24);
      await page.keyboard.press("/");
      await eventually(async () =>
        assert.equal(await page.evaluate(() => document.activeElement?.dataset.testid), "news-search"),
      );
      await page.keyboard.type("hash rate");
      await storiesAre(page, 1);
      await page.getByTestId("news-search").fill("exahashes");
      await rows(page).getByText("Hash rate sets a record").waitFor();
      await storiesAre(page, 1);
      await page.keyboard.press("Escape");
      await storiesAre(page, 24);
    }));

  it("opens the story of the address", () =>
    inWindow({ path: "/news?article=3" }, async (page) => {
      await page.getByTestId("why-score").waitFor();
      await eventually(async () =>
        assert.match(await page.getByTestId("reader").innerText(), /Solana validators restart/),
      );
      await eventually(async () => assert.equal(await chosen(page).getAttribute("data-article-id"), "3"));
    }));

  it("says that a story waits for its score", () =>
    inWindow({ path: "/news?article=17" }, async (page) => {
      await page.getByText("This story waits for its score.").waitFor();
      await eventually(async () =>
        assert.equal(await page.getByTestId("reader").getByTestId("sentiment-pill").getAttribute("data-tone"), "none"),
      );
      await page.getByTestId("score-now").click();
    }));

  it("shows the reports of one event as one story, and leads from one to the other", () =>
    inWindow({}, async (page) => {
      const row = rows(page).first();
      await row.getByText("3 reports").waitFor();
      await eventually(async () =>
        assert.equal(await row.getByTestId("story-sources").innerText(), "Market desk (sample) and 2 others"),
      );
      const others = page.getByTestId("other-reports");
      await others.getByText("this report was the first").waitFor();
      await eventually(async () => assert.equal(await others.getByTestId("other-report").count(), 2));
      await others.getByText("the same text").waitFor();
      await others.getByTestId("other-report").last().click();
      await page.waitForURL(/article=26/);
      const reader = page.getByTestId("reader");
      await reader.getByText("Bitcoin funds take in most money since early January").waitFor();
      await others.getByText("first: Market desk (sample)").waitFor();
      await eventually(async () =>
        assert.equal(await chosen(page).getAttribute("data-article-id"), "1", "the story stays chosen"),
      );
    }));

  it("keeps apart what was read: by opening, by key, all at once with a way back", () =>
    inWindow({}, async (page) => {
      const unread = page.getByTestId("unread").locator("span").last();
      const unreadAre = (count) =>
        page.waitForFunction(
          (wanted) => [...document.querySelectorAll('[data-testid="unread"] > span')].at(-1)?.textContent === wanted,
          String(count),
        );
      await unreadAre(6);
      await page.keyboard.press("u");
      await storiesAre(page, 6);
      await page.keyboard.press("j");
      await unreadAre(5);
      await storiesAre(page, 6);
      await eventually(async () =>
        assert.equal(await chosen(page).getByText("Unread").count(), 0, "what is being read stays in the list"),
      );
      await page.keyboard.press("j");
      await unreadAre(4);
      await storiesAre(page, 5);
      await page.keyboard.press("m");
      await unreadAre(5);
      await eventually(async () => assert.equal(await chosen(page).getByText("Unread").count(), 1));
      await page.screenshot({ path: join(pictures, "news-unread.png") });
      await page.getByTestId("read-all").click();
      await page.getByText("5 stories marked as read").waitFor();
      await unreadAre(0);
      await page.getByRole("button", { name: "Undo" }).click();
      await unreadAre(5);
      await eventually(async () => assert.equal(await unread.innerText(), "5"));
    }));

  it("says how much of a story there is, and why no more", () =>
    inWindow({ path: "/news?article=11" }, async (page) => {
      const trouble = page.getByTestId("reader-trouble");
      await trouble.getByText("does not allow this page to be read by programs").waitFor();
      await trouble.getByText("robots.txt of sample.invalid does not allow /story/11").waitFor();
      await eventually(async () =>
        assert.match(await page.getByTestId("reader-origin").innerText(), /the site refuses to be read/),
      );
      await page.goto(page.url().replace("article=11", "article=13"));
      await page.waitForFunction(() =>
        /published \d{4}-\d\d-\d\d · seen/.test(document.querySelector('[data-testid="reader-origin"]')?.innerText),
      );
      await page.goto(page.url().replace("article=13", "article=20"));
      await page.getByTestId("reader").getByText("from the archive").waitFor();
    }));

  it("writes a test case of a page whose text is wrong", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("report-wrong-text").click();
      const right = page.getByTestId("wrong-text-right");
      await eventually(async () =>
        assert.match(await right.inputValue(), /^Net inflows[\s\S]*\n\nTrading volume was little changed/),
      );
      await right.fill("");
      await eventually(async () => assert.ok(await page.getByTestId("wrong-text-write").isDisabled()));
      await right.fill("Only this belongs to the article.");
      await noSeriousFaults(page, "wrong-text-dialog");
      await page.screenshot({ path: join(pictures, "news-wrong-text.png") });
      await page.getByTestId("wrong-text-write").click();
      await page.getByTestId("wrong-text-written").getByText("reports/pages/sample.invalid-1").waitFor();
      await page.getByRole("button", { name: "Open the folder" }).waitFor();
    }));

  it("says why no test case can be written", () =>
    inWindow({ flags: "offline" }, async (page) => {
      await page.getByTestId("report-wrong-text").click();
      await page.getByTestId("wrong-text-write").click();
      await page.getByTestId("wrong-text-dialog").getByText("the network cannot be reached").waitFor();
    }));

  it("adds a source: looks for feeds, shows what they list, asks before it reads whole articles", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("add-source").click();
      await page.getByTestId("source-look").click();
      await page.getByText("Write an address").waitFor();
      await page.getByTestId("source-url").fill("no address");
      await page.getByText("This is no address").waitFor();
      await page.getByTestId("source-url").fill("news.example.org");
      await page.keyboard.press("Enter");
      const feeds = page.getByTestId("found-feed");
      await feeds.nth(1).waitFor();
      const preview = page.getByTestId("feed-preview");
      await preview.getByText("Spot bitcoin funds record their strongest day").waitFor();
      await feeds.nth(1).click();
      await preview.getByText("Hash rate sets a record").waitFor();
      await noSeriousFaults(page, "add-source-dialog");
      await page.screenshot({ path: join(pictures, "news-add-source.png") });
      await page.getByTestId("source-save").click();
      const row = page.getByTestId("source-row").filter({ hasText: "news.example.org: markets" });
      await row.waitFor();
      await page.getByTestId("source-options").last().click();
      await eventually(async () =>
        assert.equal(await page.getByTestId("source-headlines").getAttribute("aria-checked"), "true"),
      );
      await page.keyboard.press("Escape");
      await page.getByTestId("add-source").click();
      await page.getByTestId("source-url").fill("https://news.example.org/");
      await page.keyboard.press("Enter");
      await feeds.nth(1).getByText("already a source").waitFor();
      await eventually(async () => assert.ok(await feeds.nth(1).isDisabled()));
    }));

  it("tells in words how a source does; pauses, opts in, resumes and removes it", () =>
    inWindow({}, async (page) => {
      const last = page.getByTestId("source-row").last();
      await eventually(async () => assert.equal(await last.getAttribute("data-health"), "paused"));
      await page.getByTestId("source-options").last().click();
      const menu = page.getByTestId("source-menu");
      await eventually(async () =>
        assert.match(
          await menu.getByTestId("source-health").innerText(),
          /^Paused: it asks to be read less often\. It is left alone until \d{4}-\d\d-\d\d \d\d:\d\d\.$/,
        ),
      );
      await page.getByText("the server answered 429").waitFor();
      await noSeriousFaults(page, "source-menu");
      await page.screenshot({ path: join(pictures, "news-source.png") });
      await page.getByTestId("source-headlines").click();
      await menu.getByText("Only what the feed says itself").waitFor();
      await eventually(async () => {
        const label = await page.getByTestId("source-headlines").boundingBox();
        assert.ok(label.height <= 28, "the choice is one line");
      });
      await page.getByTestId("source-toggle").click();
      await page.waitForFunction(
        () => [...document.querySelectorAll('[data-testid="source-row"]')].at(-1)?.dataset.health === "failing",
      );
      await last.getByText("asks to wait").waitFor();
      await page.getByTestId("source-remove").click();
      await page.getByTestId("confirm").getByText("its 8 articles are deleted").waitFor();
      await page.getByTestId("confirm").getByRole("button", { name: "Remove" }).click();
      await page.waitForFunction(() => document.querySelectorAll('[data-testid="source-row"]').length === 2);
    }));

  it("reads sources from an OPML file and writes them to one", () =>
    inWindow({}, async (page) => {
      await page.getByTestId("sources-import").click();
      await page.getByText("1 source added.").waitFor();
      await page.getByText("Cannot be read: mailto:editor@listed.invalid").waitFor();
      await page.getByTestId("source-row").filter({ hasText: "Listed weekly" }).waitFor();
      await page.getByTestId("sources-export").click();
      await page.getByText("1 source written").waitFor();
      await page.getByText("/home/ada/promptpal-sources.opml").waitFor();
      await page.getByTestId("sources-import").click();
      await page.getByText("0 sources added. 1 was there already.").waitFor();
    }));

  it("reads the sources and shows how far it is", () =>
    inWindow({}, async (page) => {
      await hold(page);
      await page.getByTestId("crawl-now").click();
      await page.getByTestId("crawl-progress").waitFor();
      await release(page);
      await page.getByTestId("crawl-now").waitFor({ timeout: 10_000 });
    }));

  it("is whole in German and in light colours on a narrow window", () =>
    inWindow({ width: 1024, height: 700, theme: "light", locale: "de-DE" }, async (page) => {
      await page.getByTestId("news-list").focus();
      await page.keyboard.press("Enter");
      await page.getByTestId("other-reports").waitFor({ state: "visible" });
      await chosen(page).getByText("Ungelesen").waitFor({ state: "detached" });
      await page.screenshot({ path: join(pictures, "news-german-reader.png") });
      await noSeriousFaults(page);
      await page.getByTestId("source-options").last().click();
      await page.getByText("sie bittet, seltener gelesen zu werden").waitFor();
      await page.screenshot({ path: join(pictures, "news-german-source.png") });
      await page.keyboard.press("Escape");
      await page.getByTestId("add-source").click();
      await page.getByTestId("source-url").fill("nachrichten.example.org");
      await page.keyboard.press("Enter");
      await page.getByTestId("feed-preview").waitFor();
      await fits(page);
      await page.screenshot({ path: join(pictures, "news-german-add.png") });
    }));

  it("offers the next step where nothing is stored", () =>
    inWindow({ flags: "empty" }, async (page) => {
      await page.getByText("No stories yet").waitFor();
      await page.getByRole("button", { name: "Load the sample" }).click();
      await storiesAre(page, 24);
    }));
});
