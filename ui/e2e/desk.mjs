// The desktop program under test: starts it with a home of its own, keeps what it prints, and keeps a picture of the
// window when a test fails.

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "./png.mjs";
import { openWindow } from "./webdriver.mjs";

/** Where logs and pictures go. */
export const artifacts = process.env.PROMPTPAL_ARTIFACTS ?? "artifacts";

/** A picture with fewer colours than this has no screen on it: text alone has more, by its smoothed edges. */
const PAINTED = 16;

/**
 * Opens the program, runs `body(window, home)` and closes it.
 *
 * `config` is the text of config.toml; `home` is a folder that is kept, else a new one is made and deleted.
 * `name` is that of the log and of the picture of a failure.
 */
export async function withProgram({ name, config = "", home, env = {} }, body) {
  const application = process.env.PROMPTPAL_DESKTOP;
  if (!application) throw new Error("PROMPTPAL_DESKTOP must name the program: start this through `cargo xtask`");
  const folder = home ?? (await mkdtemp(join(tmpdir(), "promptpal-home-")));
  await writeFile(join(folder, "config.toml"), config);
  await mkdir(join(artifacts, "logs"), { recursive: true });
  const output = createWriteStream(join(artifacts, "logs", `window-${name}.log`));
  await once(output, "open");
  try {
    // The web view keeps its own data where the desktop says; they belong to this home too.
    const view = (kind) => join(folder, "web-view", kind);
    const places = { XDG_DATA_HOME: view("data"), XDG_CONFIG_HOME: view("config"), XDG_CACHE_HOME: view("cache") };
    await Promise.all(Object.values(places).map((place) => mkdir(place, { recursive: true })));
    const environment = { ...process.env, ...places, ...env, PROMPTPAL_HOME: folder };
    const window = await openWindow({ application, output, env: environment }).catch(async (cause) => {
      throw new Error(`the window did not open. The program said:\n${await lastLines(name)}`, { cause });
    });
    try {
      return await body(window, folder);
    } catch (error) {
      await keepPicture(window, `failed-${name}`).catch(() => {});
      throw error;
    } finally {
      await window.close();
    }
  } finally {
    output.end();
    if (home === undefined) await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

/**
 * Saves a picture of the window as soon as something is painted on it, and fails when nothing ever is: the document is
 * there before its first frame. Answers its path and figures.
 */
export async function keepPicture(window, name) {
  const path = join(artifacts, "screenshots", `${name}.png`);
  await mkdir(join(artifacts, "screenshots"), { recursive: true });
  const figures = await window.until(async () => {
    const png = await window.screenshot();
    await writeFile(path, png);
    const seen = describe(png);
    if (seen.colours < PAINTED) throw new Error(`${path} has ${seen.colours} colours`);
    return seen;
  }, "a painted window");
  return { path, ...figures };
}

/** Two pictures of the same screen, dark and light. What is drawn on canvases keeps the colours that it had. */
export async function keepPictures(window, name) {
  const wear = (theme) => window.execute("document.documentElement.dataset.theme = arguments[0];", theme);
  const own = await window.execute("return document.documentElement.dataset.theme;");
  for (const theme of ["dark", "light"]) {
    await wear(theme);
    await window.until(
      () => window.execute("return !document.getAnimations().some((one) => one instanceof CSSTransition);"),
      "the colours to arrive",
    );
    await keepPicture(window, `${name}-${theme}`);
  }
  await wear(own);
}

/** The number of colours on the canvases inside the element `name`; the page counts them itself. */
export function coloursOf(window, name) {
  return window.execute(
    `const seen = new Set();
     for (const canvas of document.querySelectorAll('[data-testid="' + arguments[0] + '"] canvas')) {
       if (canvas.width === 0 || canvas.height === 0) continue;
       const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
       for (let at = 0; at < data.length; at += 4) {
         if (data[at + 3] > 0) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
       }
     }
     return seen.size;`,
    name,
  );
}

/** The last lines of the log of `withProgram`. */
export async function lastLines(name, count = 40) {
  const text = await readFile(join(artifacts, "logs", `window-${name}.log`), "utf8").catch(() => "");
  return text.split("\n").slice(-count).join("\n");
}
