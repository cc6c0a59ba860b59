// The main job in the real window: sentiment by the real model, a backtest from the form, its trades on the chart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { coloursOf, keepPicture, withProgram } from "../desk.mjs";
import { backtestFromForm, leaveWelcome, sampleChart, scoredNews } from "../walk.mjs";

test("articles of the sample are scored by the model and explained", async () => {
  await withProgram({ name: "sentiment" }, async (window) => {
    await leaveWelcome(window);
    await window.click("nav-news");
    const { articles, scored } = await scoredNews(window);
    assert.ok(articles >= 5, `${articles} articles`);
    assert.ok(scored >= 1);
    await keepPicture(window, "news-scored");
  });
});

test("a backtest from the form ends in a report whose trades are on the chart", async () => {
  await withProgram({ name: "backtest" }, async (window) => {
    await leaveWelcome(window);
    await sampleChart(window);
    await window.click("nav-backtest");
    const { trades } = await backtestFromForm(window);
    assert.ok(trades > 0, "the report lists trades");
    await keepPicture(window, "backtest-report");
    await window.click("show-on-chart");
    await window.find("run-layer");
    const drawn = await window.until(
      async () => Number(await window.attribute("chart-canvas", "data-trades")),
      "trades",
    );
    assert.equal(drawn, trades, "every trade of the report is drawn");
    assert.ok((await coloursOf(window, "chart-canvas")) > 5);
    await keepPicture(window, "chart-with-trades");
  });
});
