// The built screens on the program in memory, in a real browser.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = process.env.PROMPTPAL_FAKE_DIST ?? join(here, "../../dist-fake");
/** Where pictures are left for people to look at. */
export const pictures = join(here, "../../../artifacts/ui");

/**
 * Tests that race are found by making one side slow: the page by a factor, or the test by milliseconds before each thing it does.
 * `PROMPTPAL_PAGE_SLOWER=6` and `PROMPTPAL_TEST_WAITS=150` are what all tests pass with.
 */
const throttle = Number(process.env.PROMPTPAL_PAGE_SLOWER ?? 0);
const slowMo = Number(process.env.PROMPTPAL_TEST_WAITS ?? 0);

const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".woff2": "font/woff2",
  ".svg": "image/svg+xml",
};

/** The policy of the desktop host, so that what it forbids fails here already. */
const POLICY =
  "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";

async function serve() {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    const file = join(dist, path === "/" ? "index.html" : path);
    if (!file.startsWith(dist) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY });
    response.end(await readFile(file));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, origin: `http://127.0.0.1:${server.address().port}` };
}

function browserPath() {
  const known = [
    process.env.PROMPTPAL_CHROMIUM,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
  ];
  const found = known.find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium found: install it or name it in PROMPTPAL_CHROMIUM");
  return found;
}

/** Starts a browser on the built screens. */
async function start() {
  await mkdir(pictures, { recursive: true });
  const { server, origin } = await serve();
  const browser = await chromium.launch({
    executablePath: browserPath(),
    args: ["--no-sandbox", "--disable-gpu"],
    slowMo,
  });
  return {
    /** A fresh window. `flags` go to the program in memory, `seen` skips the welcome. */
    async open({
      path = "/chart",
      flags = "",
      width = 1440,
      height = 900,
      theme = "dark",
      seen = true,
      locale = "en-GB",
    } = {}) {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: theme,
        locale,
        timezoneId: "Europe/Berlin",
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000 * (throttle ? 3 : 1));
      if (throttle) {
        const devtools = await context.newCDPSession(page);
        await devtools.send("Emulation.setCPUThrottlingRate", { rate: throttle });
      }
      const problems = [];
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      await page.addInitScript((state) => localStorage.setItem("promptpal.fake", state), flags);
      await page.addInitScript((skip) => {
        if (!skip || localStorage.getItem("promptpal.preferences")) return;
        localStorage.setItem(
          "promptpal.preferences",
          JSON.stringify({ state: { welcomeDismissed: true }, version: 1 }),
        );
      }, seen);
      await page.goto(`${origin}/#${path}`);
      await page.getByTestId("status-bar").waitFor();
      await settled(page);
      return { page, problems, close: () => context.close() };
    },
    async stop() {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * One browser for the tests of a file. What comes back opens a window in it, does something there, and fails on anything that
 * went wrong in the page, but for what the option `foreseen` matches. `defaults` are options of the windows; `prepare` is done in each before the test's own part.
 *
 * What fails is done once more in a fresh window, and the complaint is printed: a test that only fails now and then is told
 * by `cargo xtask test` as such, with its reason, and does not take the rest down.
 */
export function windows(defaults = {}, prepare = async () => undefined) {
  let browser;
  before(async () => {
    browser = await start();
  });
  after(() => browser.stop());
  const once = async (options, act) => {
    const { page, problems, close } = await browser.open({ ...defaults, ...options });
    try {
      await prepare(page);
      await act(page);
      const wrong = problems.filter((problem) => !options.foreseen?.test(problem));
      assert.deepEqual(wrong, [], "the page reports nothing wrong");
    } finally {
      await close();
    }
  };
  return async (options, act) => {
    try {
      await once(options, act);
    } catch (complaint) {
      const place = /[a-z]+\.test\.mjs:\d+/.exec(complaint.stack)?.[0] ?? "no test's own line";
      const words = String(complaint.message).replace(/\s+/g, " ").slice(0, 600);
      console.log(`second try: ${place}: ${words}`);
      await once(options, act);
    }
  };
}

/** Fails on what a person with a screen reader or poor sight would stumble over; `within` is the test id of a part. */
export async function noSeriousFaults(page, within) {
  const builder = new AxeBuilder({ page });
  const { violations } = await (within ? builder.include(`[data-testid=${within}]`) : builder).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  assert.deepEqual(
    serious.map(({ id, nodes }) => {
      const first = nodes.slice(0, 3).map(({ html, failureSummary }) => `${html} ${failureSummary}`);
      return `${id}: ${first.join(" | ")}`;
    }),
    [],
  );
}

/** Fails unless all there is fits into the window's width. */
export async function fits(page) {
  await page.waitForFunction(() => document.fonts.status === "loaded");
  await eventually(async () => {
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.equal(overflow, 0, "nothing is wider than the window");
  });
}

/** How many pixels of the chart's canvases are not the background: 0 means nothing was drawn. */
export async function paintedPixels(page) {
  return page.getByTestId("chart-canvas").evaluate((element) => {
    let painted = 0;
    for (const canvas of element.querySelectorAll("canvas")) {
      const context = canvas.getContext("2d");
      if (!context || canvas.width === 0 || canvas.height === 0) continue;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      for (let at = 0; at < data.length; at += 4) {
        const [red, green, blue, alpha] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
        if (alpha > 0 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40) painted += 1;
      }
    }
    return painted;
  });
}

/** Waits until `check` throws no more: what an action brings is seen a little after it. The last complaint is thrown. */
export async function eventually(check, withinMs = 15_000) {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await check();
    } catch (complaint) {
      if (Date.now() > end) throw complaint;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Waits until what was rendered last is painted and its effects have run, keys being heard among them. */
export async function settled(page) {
  await page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  );
}

/** Jobs of the program in memory stop half way until they are released: their progress can be looked at, and cancelled. */
export const hold = (page) => page.evaluate(() => localStorage.setItem("promptpal.fake.hold", "yes"));

export const release = (page) => page.evaluate(() => localStorage.removeItem("promptpal.fake.hold"));

/** Waits for the words that explain something under the pointer. What moved away from below it is pointed at again. */
export async function explained(page, locator, words) {
  await eventually(async () => {
    await page.mouse.move(0, 0);
    await locator.hover();
    await page.getByRole("tooltip").getByText(words).first().waitFor({ state: "attached", timeout: 3_000 });
  });
}
