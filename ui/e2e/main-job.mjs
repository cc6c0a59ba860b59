// The main job of a person, in the real window, on the sample workspace: candles, news, sentiment, a backtest.
// Prints a report, and where the report and the pictures lie. Started by `cargo xtask run` where there is no display.

import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { artifacts, keepPicture, lastLines, withProgram } from "./desk.mjs";
import { backtestFromForm, leaveWelcome, sampleChart, scoredNews } from "./walk.mjs";

const began = Date.now();
const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;

/** One line of the report, printed when the part is done. */
function done(part, text) {
  console.log(`${part.padEnd(10)} ${text}  (${seconds()})`);
}

/** The stored run, as the command line reads it from the database that the window has written. */
async function storedRun(home) {
  const program = process.env.PROMPTPAL_CLI;
  const promptpal = async (...args) => {
    const { stdout } = await promisify(execFile)(program, [...args, "--json"], {
      env: { ...process.env, PROMPTPAL_HOME: home },
      maxBuffer: 64 << 20,
    });
    return JSON.parse(stdout);
  };
  const { runs } = await promptpal("runs", "list");
  if (!runs?.length) throw new Error("the window showed a report, and the store has no run");
  return promptpal("runs", "show", String(runs[0].id), "--trades");
}

async function walk(window, home) {
  await leaveWelcome(window);
  const colours = await sampleChart(window);
  done("candles", `the chart of the sample workspace is painted, ${colours} colours on its canvases`);
  const chart = await keepPicture(window, "main-job-chart");

  await window.click("nav-news");
  const news = await scoredNews(window);
  done("news", `${news.articles} articles in the list`);
  done("sentiment", `${news.scored} of them scored by the model, "${news.first}"`);
  const list = await keepPicture(window, "main-job-news");

  await window.click("nav-backtest");
  const report = await backtestFromForm(window);
  done("backtest", `${report.title}, ${report.trades} trades in the table`);
  const shown = await keepPicture(window, "main-job-backtest");
  return { report, pictures: [chart, list, shown], run: await storedRun(home) };
}

try {
  console.log("Promptpal walks its main job in a virtual display. The data are simulated.\n");
  const { report, pictures, run } = await withProgram({ name: "main-job" }, walk);
  await mkdir(join(artifacts, "main-job"), { recursive: true });
  const path = resolve(artifacts, "main-job", "report.json");
  await writeFile(path, `${JSON.stringify(run, null, 2)}\n`);
  console.log("");
  for (const [name, value, note] of report.figures)
    console.log(`  ${name.padEnd(16)} ${value.padStart(9)}   ${note ?? ""}`);
  console.log("");
  console.log(`report      ${path}`);
  for (const picture of pictures) {
    const { width, height, colours } = picture;
    console.log(`screenshot  ${resolve(picture.path)}  (${width} x ${height}, ${colours} colours)`);
  }
} catch (error) {
  console.error(`\nThe main job was not done: ${error.message}\n`);
  console.error(await lastLines("main-job"));
  process.exitCode = 1;
}
