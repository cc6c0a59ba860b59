// The first start, in the real window: painted, alive without a network, in both themes, and again after a restart.

import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keepPicture, withProgram } from "../desk.mjs";
import { leaveWelcome, sampleChart, setTheme } from "../walk.mjs";

const SCREENS = ["chart", "news", "backtest", "data", "settings"];

test("the first start shows the sample workspace, dark and light", async () => {
  await withProgram({ name: "start" }, async (window) => {
    await leaveWelcome(window);
    await sampleChart(window);
    for (const theme of ["dark", "light"]) {
      await setTheme(window, theme);
      for (const screen of SCREENS) {
        await window.click(`nav-${screen}`);
        await window.until(
          () => window.execute("return document.querySelector('main') !== null;"),
          `the screen ${screen}`,
        );
        assert.equal(await window.has("error-view"), false, `${screen} shows an error`);
        const { colours } = await keepPicture(window, `${screen}-${theme}`);
        assert.ok(colours > 40, `${screen}, ${theme}: ${colours} colours`);
      }
    }
  });
});

test("the window asks for nothing outside its own content", async () => {
  await withProgram({ name: "policy" }, async (window) => {
    await leaveWelcome(window);
    const refused = await window.execute(
      `return fetch("https://example.com/").then(() => "answered", (error) => String(error));`,
    );
    assert.notEqual(refused, "answered", "the content security policy lets requests out");
    const leaked = await window.execute("return typeof window.__TAURI__;");
    assert.equal(leaked, "undefined", "the whole of Tauri's interface is global");
  });
});

test("a second start keeps the workspace and does not greet again", async () => {
  const home = await mkdtemp(join(tmpdir(), "promptpal-home-"));
  try {
    await withProgram({ name: "again-1", home }, async (window) => {
      await leaveWelcome(window);
      await sampleChart(window);
    });
    await withProgram({ name: "again-2", home }, async (window) => {
      await sampleChart(window);
      assert.equal(await window.has("welcome"), false);
    });
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
});
