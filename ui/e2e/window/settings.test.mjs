// A check for updates from the settings, against a loopback update server.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keepPicture, withProgram } from "../desk.mjs";
import { startDouble } from "../doubles.mjs";
import { leaveWelcome } from "../walk.mjs";

let updates;
let broken;

before(async () => {
  [updates, broken] = await Promise.all([
    startDouble("updates", "--version", "9.9.9", "--notes", "What is new in the next version"),
    startDouble("updates", "--version", "9.9.9", "--fault", "garbage"),
  ]);
});

after(async () => {
  await Promise.all([updates?.stop(), broken?.stop()]);
});

/** Checks for updates against a server and answers what the window says. */
function checked(endpoint, wanted, picture) {
  return withProgram({ name: picture, config: `[updates]\nendpoint = "${endpoint}"\n` }, async (window) => {
    await leaveWelcome(window);
    await window.click("nav-settings");
    await window.click("section-updates");
    await window.click("check-update");
    const outcome = await window.until(async () => {
      const found = await window.attribute("update-outcome", "data-outcome");
      return found !== "none" && found;
    }, "the outcome of the check");
    assert.equal(outcome, wanted);
    await keepPicture(window, picture);
    return window.textThat("update-outcome", (text) => text.length > 0, "words for the outcome");
  });
}

test("a newer version is found and told", async () => {
  const text = await checked(updates.endpoint, "available", "update-available");
  assert.match(text, /9\.9\.9/);
});

test("an update server that answers nonsense is an outcome, and the program goes on", async () => {
  await checked(broken.endpoint, "failed", "update-failed");
});
