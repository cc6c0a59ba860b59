// The Model screen with the real models and both scoring programs: the card, a check on a file, news and prices, the scores, and
// the engine that makes them.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keepPicture, withProgram } from "../desk.mjs";
import { leaveWelcome, sampleChart, scoredNews } from "../walk.mjs";
import { Key } from "../webdriver.mjs";

const LABELLED = `text,label
Bitcoin rallies to a record high as funds report strong inflows,positive
Exchange loses customer funds in a large theft,negative
The network will be upgraded on Tuesday,neutral
Profits doubled and the company raised its forecast,positive
Shares plunge after the regulator opens an investigation,negative
The committee meets again next week,neutral
`;

test("the model is looked at, checked and held against prices, and the other engine scores", async () => {
  const folder = await mkdtemp(join(tmpdir(), "promptpal-model-"));
  const file = join(folder, "labelled.csv");
  try {
    await writeFile(file, LABELLED);
    await withProgram({ name: "model", env: { PROMPTPAL_E2E_FILE: file } }, async (window) => {
      await leaveWelcome(window);
      await window.click("nav-chart");
      await sampleChart(window);
      await window.click("nav-news");
      await scoredNews(window);

      await window.press(Key.Alt, "5");
      await window.textThat("model-card", (text) => text.includes("Apache-2.0"), "the card of the model");
      const rows = await window.texts("model-row");
      assert.ok(rows.length > 1, "the models of the catalogue are listed too");
      assert.equal(rows.filter((row) => row.includes("scores now")).length, 1);
      await window.textThat("model-scores", (text) => /[1-9]\d* positive/.test(text), "the spread of the scores");
      const bars = await window.findAll('[data-testid="model-scores"] svg rect[fill^="var"]');
      assert.ok(bars.length > 5, "the scores are drawn");
      await keepPicture(window, "model-card");

      await window.click("model-page-check");
      await window.click("evaluation-choose");
      await window.textThat("evaluation-file", (text) => text.includes("labelled.csv"));
      await window.click("evaluation-start");
      await window.textThat("figure-accuracy", (text) => /[01]\.\d\d\d/.test(text), "what came of the check");
      await keepPicture(window, "model-check");

      await window.click("model-page-prices");
      await window.find("study-lead");
      await keepPicture(window, "model-prices");

      const waiting = () => window.text("model-queue");
      await window.click("nav-settings");
      await window.click("section-sentiment");
      const exact = await window.text("model-sha256");
      await window.click("engine-fast");
      const fast = await window.textThat("model-sha256", (text) => text !== exact, "the weights of the fast engine");
      assert.equal(await window.has("engine-reason"), false, "nothing keeps the fast engine from scoring");
      await window.click("open-model");
      await window.textThat("model-card", (text) => text.replace(/\s/g, "").includes(fast.replace(/\s/g, "")));
      // Scores of the one are none of the other: everything is scored anew.
      await window.until(async () => /wait: 0/.test(await waiting()), "the scores of the fast engine", 60_000);
      await window.textThat("model-scores", (text) => /[1-9]\d* positive/.test(text), "the spread of its scores");
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
