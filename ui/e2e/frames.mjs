// How long a frame takes while the chart is panned, with and without articles being scored in the background, in the real
// window. Prints a line of JSON, as `xtask` reads it. Started by `cargo xtask bench window`.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { withProgram } from "./desk.mjs";
import { leaveWelcome, sampleChart } from "./walk.mjs";

const [fill, headlines] = process.argv.slice(2);
if (!fill || !headlines) throw new Error("the program that fills the workspace and its headlines are missing");

const ARTICLES = 10_000;
/** How long the chart is panned at a stretch, and how often with and without. */
const STRETCH_MS = 20_000;
const ROUNDS = 2;

/** Asks the program what the screens ask it. */
async function ask(window, command, parameters = {}) {
  await window.execute(
    `window.benchAnswer = null;
     window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
       (answer) => { window.benchAnswer = { answer }; },
       (error) => { window.benchAnswer = { error: JSON.stringify(error) }; },
     );`,
    command,
    parameters,
  );
  const said = () => window.execute("return window.benchAnswer;");
  const { answer, error } = await window.until(said, `the answer of ${command}`);
  if (error) throw new Error(`${command}: ${error}`);
  return answer;
}

const unscored = async (window) => (await ask(window, "status")).unscored;

/**
 * Pans the chart to and fro with a held button: a move of the pointer in every frame, 6 px at a time. Answers the times
 * between frames in milliseconds, as the page's own clock says when it is asked to draw.
 */
async function panned(window) {
  await window.execute(
    `const box = document.querySelector('[data-testid="chart-canvas"]').getBoundingClientRect();
     const y = box.y + box.height / 3;
     const [from, to] = [box.x + box.width * 0.3, box.x + box.width * 0.7];
     const target = document.elementFromPoint(from, y);
     const say = (type, x, buttons) => target.dispatchEvent(new MouseEvent(type, {
       bubbles: true, cancelable: true, view: window, clientX: x, clientY: y, screenX: x, screenY: y, buttons,
     }));
     const picture = () => [...document.querySelectorAll('[data-testid="chart-canvas"] canvas')].map((one) => one.toDataURL()).join();
     const first = picture();
     const times = [];
     let [x, step, last, moved] = [from, 6, null, false];
     window.benchFrames = null;
     say("mousemove", x, 0);
     say("mousedown", x, 1);
     const end = performance.now() + arguments[0];
     const frame = () => {
       const now = performance.now();
       if (last !== null) times.push(now - last);
       last = now;
       if (now > end) {
         moved = picture() !== first;
         say("mouseup", x, 0);
         window.benchFrames = { times, moved };
         return;
       }
       x += step;
       if (x > to || x < from) step = -step;
       say("mousemove", x, 1);
       requestAnimationFrame(frame);
     };
     requestAnimationFrame(frame);`,
    STRETCH_MS,
  );
  await pause(STRETCH_MS);
  const { times, moved } = await window.until(() => window.execute("return window.benchFrames;"), "the frames");
  if (!moved) throw new Error("the chart did not move");
  return times;
}

function figures(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { frames: times.length, median: at(0.5), p95: at(0.95), p99: at(0.99), longest: sorted.at(-1) };
}

/** The sample workspace, scored, with the articles beside it that wait. */
async function filled(home) {
  await withProgram({ name: "frames-sample", home }, async (window) => {
    await leaveWelcome(window);
    await sampleChart(window);
    await window.until(async () => (await unscored(window)) === 0, "the sample to be scored", 120_000);
    const settings = await ask(window, "settings");
    await ask(window, "save_settings", { settings: { ...settings, scoreAutomatically: false } });
  });
  const { stdout } = await promisify(execFile)(fill, [join(home, "promptpal.db"), headlines, String(ARTICLES)]);
  console.log(stdout.trim());
}

/** Times between frames in stretches without and with scoring, in turn, and what was scored meanwhile. */
async function measured(window) {
  const all = { without: [], with: [], scored: 0, seconds: 0 };
  await sampleChart(window);
  const waiting = await unscored(window);
  if (waiting < ARTICLES) throw new Error(`${waiting} articles wait, not ${ARTICLES}`);
  await panned(window); // the first stretch warms up
  for (let round = 0; round < ROUNDS; round += 1) {
    all.without.push(...(await panned(window)));
    const before = await unscored(window);
    const id = await ask(window, "score_articles");
    await window.until(async () => (await unscored(window)) < before, "the first scores", 60_000);
    const [left, began] = [await unscored(window), performance.now()];
    all.with.push(...(await panned(window)));
    all.scored += left - (await unscored(window));
    all.seconds += (performance.now() - began) / 1_000;
    await ask(window, "cancel_job", { id });
    const busy = (jobs) => jobs.some(({ state }) => state === "running" || state === "queued");
    await window.until(async () => !busy(await ask(window, "jobs")), "the end of the job", 60_000);
  }
  return all;
}

const home = await mkdtemp(join(tmpdir(), "promptpal-frames-"));
try {
  await filled(home);
  const all = await withProgram({ name: "frames", home }, measured);
  const line = { without: figures(all.without), with: figures(all.with), scored: all.scored, seconds: all.seconds };
  console.log(JSON.stringify({ case: "frames", ...line }));
} finally {
  await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
