// A client of W3C WebDriver without dependencies: what driving one WebKitGTK window needs and no more.
// https://www.w3.org/TR/webdriver2/

import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** The key under which WebDriver hands out elements, fixed by the standard. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** Keys that have no letter, by their code points in the standard. */
export const Key = {
  Enter: "\uE007",
  Escape: "\uE00C",
  Tab: "\uE004",
  Backspace: "\uE003",
  Control: "\uE009",
  Alt: "\uE00A",
  Shift: "\uE008",
  Up: "\uE013",
  Down: "\uE015",
};

/** An error that the driver answered with; `code` is the standard's, for example "no such element". */
export class WebDriverError extends Error {
  constructor(code, message) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/**
 * Starts WebKitWebDriver, which starts `application`, and opens one session on its window.
 *
 * `env` is the program's environment; `output` is a stream or "inherit" for what it prints. Waiting gives up after
 * `patience` milliseconds.
 */
export async function openWindow({ application, args = [], env = process.env, output = "ignore", patience = 30_000 }) {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
    env: { ...env, TAURI_WEBVIEW_AUTOMATION: "true" },
    stdio: ["ignore", output, output],
  });
  const ended = new Promise((_, reject) => {
    driver.once("error", (cause) =>
      reject(new Error("WebKitWebDriver cannot be started (package webkit2gtk-driver)", { cause })),
    );
  });
  ended.catch(() => {});
  const call = caller(`http://127.0.0.1:${port}`);
  try {
    await Promise.race([ended, waitFor(() => call("GET", "/status"), { what: "WebKitWebDriver", patience })]);
    const capabilities = { alwaysMatch: { "webkitgtk:browserOptions": { binary: application, args } } };
    const session = await call("POST", "/session", { capabilities }, patience);
    const program = await childOf(driver.pid);
    return new Window({ call, session: session.sessionId, driver, program, patience });
  } catch (error) {
    driver.kill("SIGKILL");
    throw error;
  }
}

/** One window. Everything that is found by name is found by its `data-testid`. */
class Window {
  #call;
  #path;
  #driver;
  #program;
  #patience;

  constructor({ call, session, driver, program, patience }) {
    this.#call = call;
    this.#path = `/session/${session}`;
    this.#driver = driver;
    this.#program = program;
    this.#patience = patience;
  }

  /** Waits for an element and answers its id. */
  find(name) {
    return this.until(() => this.findNow(`[data-testid="${name}"]`), `the element "${name}"`);
  }

  /** The first element of a CSS selector as it is now, or null. */
  async findNow(selector) {
    const all = await this.findAll(selector);
    return all[0] ?? null;
  }

  /** All elements of a CSS selector as they are now. */
  async findAll(selector) {
    const found = await this.#post("/elements", { using: "css selector", value: selector });
    return found.map((element) => element[ELEMENT]);
  }

  /** Whether an element of this name is in the document now. */
  async has(name) {
    return (await this.findNow(`[data-testid="${name}"]`)) !== null;
  }

  /**
   * Waits for an element that can be clicked, and clicks it; with `text`, the first of this name that contains it. A list
   * that is drawn again meanwhile is tried again.
   */
  async click(name, text = "") {
    await this.until(async () => {
      const element = await this.#containing(name, text);
      if (element === null) return false;
      await this.#post(`/element/${element}/click`, {});
      return true;
    }, `a click on "${name}" ${text}`);
  }

  /** Chooses an option of a list that opens from its button, and waits until the button says so. */
  async pick(name, option) {
    await this.click(name);
    const isAt = () =>
      this.execute(
        `const wanted = [...document.querySelectorAll('[role="option"]')].find((one) => one.innerText.trim() === arguments[0]);
         wanted?.focus();
         return wanted !== undefined && document.activeElement === wanted;`,
        option,
      );
    await this.until(isAt, `the option "${option}" of "${name}"`);
    await this.press(Key.Enter);
    await this.textThat(name, (text) => text.trim() === option);
  }

  async #containing(name, text) {
    for (const element of await this.findAll(`[data-testid="${name}"]`)) {
      if (text === "") return element;
      const shown = await this.#innerText(element);
      if (shown.includes(text)) return element;
    }
    return null;
  }

  /** What a person reads in an element. The driver's own answer is empty for a text that is cut with an ellipsis. */
  text(name) {
    return this.#reading(name, (element) => this.#innerText(element));
  }

  /** Waits for an element and reads something of it. A screen that is drawn again in between is read again. */
  #reading(name, read) {
    let answer;
    return this.until(async () => {
      const element = await this.findNow(`[data-testid="${name}"]`);
      if (element === null) return false;
      answer = await read(element);
      return true;
    }, `the element "${name}"`).then(() => answer);
  }

  #innerText(element) {
    return this.execute("return arguments[0].innerText;", { [ELEMENT]: element });
  }

  /** The texts of all elements of this name, as they are now. */
  texts(name) {
    return this.execute(
      `return [...document.querySelectorAll('[data-testid="' + arguments[0] + '"]')].map((one) => one.innerText);`,
      name,
    );
  }

  /** Waits until nothing of this name is left. */
  async gone(name, patience) {
    await this.until(async () => !(await this.has(name)), `"${name}" to go`, patience);
  }

  /** Waits until the text of an element meets `accept`, and answers it. */
  textThat(name, accept, what = `the text of "${name}"`) {
    return this.until(async () => {
      const text = await this.text(name);
      return accept(text) ? text : false;
    }, what);
  }

  /** An attribute of an element, null when it has none. */
  attribute(name, attribute) {
    return this.#reading(name, (element) =>
      this.#call("GET", `${this.#path}/element/${element}/attribute/${attribute}`),
    );
  }

  /** Replaces what a field holds, by keys, as a person does: fields that are drawn from a state hear nothing else. */
  async fill(name, text) {
    await this.click(name);
    await this.press(Key.Control, "a");
    await this.#post(`/element/${await this.find(name)}/value`, { text: text === "" ? Key.Backspace : text });
  }

  /** Presses keys together, the last one as a stroke: `press(Key.Control, "k")`. */
  async press(...keys) {
    const down = keys.map((value) => ({ type: "keyDown", value }));
    const up = [...keys].reverse().map((value) => ({ type: "keyUp", value }));
    await this.#post("/actions", { actions: [{ type: "key", id: "keyboard", actions: [...down, ...up] }] });
  }

  /** Runs a function body in the page and answers what it returns. */
  execute(script, ...args) {
    return this.#post("/execute/sync", { script, args });
  }

  /** The window as a PNG. */
  async screenshot() {
    return Buffer.from(await this.#call("GET", `${this.#path}/screenshot`), "base64");
  }

  /** Gives the window a size in pixels. */
  async resize(width, height) {
    await this.#post("/window/rect", { width, height });
  }

  /** Waits until `probe` answers something true, and answers that. */
  until(probe, what, patience = this.#patience) {
    return waitFor(probe, { what, patience });
  }

  /** The process of the program. */
  get pid() {
    return this.#program;
  }

  /** Ends the session, which ends the program, and waits until it has: only one may run in a desktop session. */
  async close() {
    try {
      await this.#call("DELETE", this.#path);
    } finally {
      await gone(this.#program, 10_000);
      const ended = this.#driver.exitCode === null && new Promise((resolve) => this.#driver.once("exit", resolve));
      this.#driver.kill("SIGKILL");
      await ended;
    }
  }

  #post(path, body) {
    return this.#call("POST", this.#path + path, body);
  }
}

/** Asks again and again, at a fixed pace, until the answer is true. A probe that throws is asked again too. */
export async function waitFor(probe, { what, patience }) {
  const until = Date.now() + patience;
  let last = "nothing";
  for (;;) {
    try {
      const answer = await probe();
      if (answer) return answer;
      last = String(answer);
    } catch (error) {
      last = error.message;
    }
    if (Date.now() > until) throw new Error(`waited ${patience} ms for ${what}; last: ${last}`);
    await pause(50);
  }
}

/** The first child of a process, which for the driver is the program that it started. */
async function childOf(pid) {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return Number(children.trim().split(" ")[0]);
}

/** Waits until a process has ended; ends it when it takes longer than `patience` milliseconds. */
async function gone(pid, patience) {
  const until = Date.now() + patience;
  while (isRunning(pid)) {
    if (Date.now() > until) process.kill(pid, "SIGKILL");
    await pause(50);
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function caller(base) {
  return async (method, path, body, patience = 60_000) => {
    const response = await fetch(base + path, {
      method,
      headers: { "content-type": "application/json" },
      signal: AbortSignal.timeout(patience),
      ...(method === "POST" ? { body: JSON.stringify(body ?? {}) } : {}),
    });
    const { value } = await response.json();
    if (!response.ok) throw new WebDriverError(value.error, value.message);
    return value;
  };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
