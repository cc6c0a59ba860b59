// The window around the screens: palette, theme, jobs, dialogs, settings.
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { eventually, hold, noSeriousFaults, pictures, release, settled, windows } from "./harness.mjs";

const inWindow = windows();

/** Pictures a dialog and looks for faults in it. */
async function look(page, testId, within = testId) {
  await noSeriousFaults(page, within);
  await page.screenshot({ path: join(pictures, `${testId}.png`) });
}

/** Waits until what Enter would choose in the palette reads so. */
async function chosenIs(page, words) {
  await page.getByTestId("palette").locator('[role=option][aria-selected="true"]').filter({ hasText: words }).waitFor();
}

describe("palette", () => {
  it("finds symbols, screens and actions by the keyboard alone", () =>
    inWindow({}, async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette").waitFor();
      await page.keyboard.type("eth");
      await chosenIs(page, /ETHUSDT/);
      await look(page, "palette");
      await page.keyboard.press("Enter");
      await page.waitForURL(/series=4/);
      await page.getByTestId("palette").waitFor({ state: "detached" });
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette").waitFor();
      await page.keyboard.type("sett");
      await chosenIs(page, /Settings/);
      await page.keyboard.press("Enter");
      await page.waitForURL(/#\/settings/);
      await page.getByTestId("palette").waitFor({ state: "detached" });
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette").waitFor();
      await page.keyboard.type("light");
      await chosenIs(page, /light/i);
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
    }));

  it("opens with what is typed on the chart, intervals included", () =>
    inWindow({ path: "/chart?series=1" }, async (page) => {
      await page.getByTestId("chart-canvas").focus();
      await settled(page);
      await page.keyboard.press("1");
      await page.getByTestId("palette").waitFor();
      await page.keyboard.type("d");
      await chosenIs(page, /1d/);
      await page.keyboard.press("Enter");
      await page.waitForURL(/series=3/);
    }));
});

describe("theme", () => {
  it("changes everywhere, is remembered, and does not flash at the next start", () =>
    // The script that is aborted below is reported by the page.
    inWindow({ path: "/settings", theme: "dark", foreseen: /ERR_FAILED/ }, async (page) => {
      await page.getByTestId("settings-theme-light").click();
      await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
      await eventually(async () =>
        assert.equal(await page.evaluate(() => localStorage.getItem("promptpal.theme")), "light"),
      );
      await page.getByTestId("settings-theme-dark").click();
      await page.waitForFunction(() => document.documentElement.dataset.theme === "dark");
      await page.evaluate(() => localStorage.setItem("promptpal.theme", "light"));
      // Stops the program's own code: only what runs before the first paint is left.
      await page.route("**/assets/index-*.js", (route) => route.abort());
      await page.reload({ waitUntil: "commit" });
      await page.waitForFunction(() => document.documentElement.dataset.theme === "light");
      await page.unrouteAll();
    }));
});

describe("jobs", () => {
  it("show progress, can be cancelled, and resume after an interruption", () =>
    inWindow({}, async (page) => {
      await hold(page);
      await page.getByTestId("job-tray").click();
      const panel = page.getByTestId("job-panel");
      await panel.waitFor();
      await look(page, "job-panel");
      await panel.getByTestId("job-cancel").first().click();
      await panel.locator("[data-testid=job-row][data-state-name=cancelled]").waitFor();
      await panel.locator("[data-testid=job-row][data-state-name=interrupted]").getByTestId("job-retry").click();
      await panel.locator("[data-testid=job-row][data-state-name=running]").waitFor();
      await release(page);
      await page.getByText("Import BTCEUR 1d: done").waitFor();
    }));
});

describe("first start", () => {
  it("welcomes once, with three ways on", () =>
    inWindow({ seen: false }, async (page) => {
      const welcome = page.getByTestId("welcome");
      await welcome.waitFor();
      await look(page, "welcome");
      await welcome.getByText("Look around").click();
      await welcome.waitFor({ state: "detached" });
      await page.reload();
      await page.getByTestId("chart-legend").waitFor();
      await eventually(async () => assert.equal(await welcome.count(), 0));
    }));
});

describe("data", () => {
  it("fetches what was chosen and says where to look", () =>
    inWindow({ path: "/data" }, async (page) => {
      await page.getByTestId("fetch-button").click();
      await page.getByTestId("fetch-symbol").fill("sol");
      await page.getByRole("option", { name: /SOLUSDT/ }).waitFor();
      await page.keyboard.press("Enter");
      await look(page, "fetch-dialog");
      await page.getByTestId("fetch-start").click();
      await page.getByText("Fetching SOLUSDT: see the job tray").waitFor();
      await page.getByText("Fetch SOLUSDT 1h: done").waitFor();
    }));

  it("imports after a preview", () =>
    inWindow({ path: "/data" }, async (page) => {
      await page.getByTestId("import-button").click();
      await page.getByTestId("import-pick").click();
      await page.getByText("line 812: the high is below the low").waitFor();
      await look(page, "import-dialog");
      await page.getByTestId("import-start").click();
      await page.getByText("Import BTCUSDT 1h: done").waitFor();
    }));

  it("deletes only after a question, and moves by arrow keys", () =>
    inWindow({ path: "/data" }, async (page) => {
      const rows = page.getByTestId("series-row");
      await rows.first().waitFor();
      const before = await rows.count();
      await page.getByTestId("series-table").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("ArrowDown");
      await page.waitForURL(/series=2/);
      await page.getByTestId("delete-button").click();
      await look(page, "confirm");
      await page.getByTestId("confirm").getByRole("button", { name: "Delete" }).click();
      await page.waitForFunction(
        (count) => document.querySelectorAll("[data-testid=series-row]").length === count,
        before - 1,
      );
    }));
});

describe("settings", () => {
  it("walk through the states of the session", () =>
    inWindow({ path: "/settings?section=account", flags: "account" }, async (page) => {
      const state = (name) => page.locator(`[data-testid=session-state][data-state-name=${name}]`).waitFor();
      await state("signedOut");
      await page.getByTestId("sign-in").click();
      await state("signingIn");
      await state("signedIn");
      await page.screenshot({ path: join(pictures, "settings-account.png") });
      await page.getByTestId("sign-out").click();
      await state("signedOut");
    }));

  it("check for updates, and say why when they cannot", async () => {
    await inWindow({ path: "/settings?section=updates" }, async (page) => {
      await page.getByTestId("check-update").click();
      await page.locator("[data-testid=update-outcome][data-outcome=upToDate]").waitFor();
    });
    await inWindow({ path: "/settings?section=updates", flags: "offline" }, async (page) => {
      await page.getByTestId("check-update").click();
      await page.locator("[data-testid=update-outcome][data-outcome=failed]").waitFor();
      await eventually(async () => assert.match(await page.getByTestId("update-outcome").innerText(), /No network/));
    });
  });

  it("refuse an address that is none", () =>
    inWindow({ path: "/settings?section=network" }, async (page) => {
      await page.getByTestId("rest-url").fill("not an address");
      await page.getByText("Write a full address that begins with https://").waitFor();
      await eventually(async () => assert.ok(await page.getByTestId("save-network").isDisabled()));
    }));

  it("have no serious fault on any page", () =>
    inWindow({ path: "/settings" }, async (page) => {
      for (const section of ["appearance", "network", "news", "sentiment", "account", "updates", "about"]) {
        await page.getByTestId(`section-${section}`).click();
        await page.locator(`[data-testid=section-${section}][aria-current]`).waitFor();
        await noSeriousFaults(page);
        await page.screenshot({ path: join(pictures, `settings-${section}.png`) });
      }
    }));

  it("list every key under a question mark", () =>
    inWindow({ path: "/data" }, async (page) => {
      await page.keyboard.press("?");
      await look(page, "shortcuts");
    }));
});

describe("in German", () => {
  /** The program in memory says so wherever the real one says something in English that has a code beside it. */
  const ENGLISH = "(English of the program)";
  const noEnglish = async (page) =>
    assert.ok(!(await page.content()).includes(ENGLISH), "the window has its own words");

  it("jobs are said in its own words", () =>
    inWindow({ locale: "de-DE" }, async (page) => {
      await page.getByTestId("job-tray").click();
      const panel = page.getByTestId("job-panel");
      await panel.getByText("ETHUSDT 1m holen").waitFor();
      await panel.getByText("Holt ETHUSDT 1m").waitFor();
      await panel.getByText(/10\.080 \/ 24\.480 Kerzen/).waitFor();
      await panel.getByText("BTCEUR 1d einlesen").waitFor();
      await panel.getByText("Beispieldaten laden").waitFor();
      await noEnglish(page);
      await look(page, "job-panel-german", "job-panel");
      await panel.getByTestId("job-retry").first().click();
      await page.getByText("BTCEUR 1d einlesen: fertig").waitFor();
      await noEnglish(page);
    }));

  for (const [state, words] of [
    ["hung", "kam nicht voran"],
    ["library", "Eine Bibliothek"],
  ])
    it(`the scoring program's trouble is said in its own words: ${state}`, () =>
      inWindow({ locale: "de-DE", path: "/model", flags: `worker=${state}&one-engine` }, async (page) => {
        await page.getByTestId("worker-trouble").getByText(words).waitFor();
        await noEnglish(page);
        await page.getByTestId("nav-settings").click();
        await page.getByTestId("section-sentiment").click();
        await page.getByText(words).waitFor();
        await page.getByTestId("engine-fast").click();
        await page.getByTestId("engine-reason").getByText("hat keine Gewichte").waitFor();
        await noEnglish(page);
        const lines = () =>
          page
            .getByTestId("model-sha256")
            .evaluate((one) =>
              Math.round(one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)),
            );
        await eventually(async () => assert.equal(await lines(), 2, "64 digits are two lines of 32"));
        await page.screenshot({ path: join(pictures, `settings-sentiment-german-${state}.png`) });
        await page.getByTestId("open-model").click();
        await page.waitForURL(/#\/model/);
      }));
});
