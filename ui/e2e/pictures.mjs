// The pictures of the documents, in the real window: the sample workspace, and a fetch from the double of the exchange.
// The first argument is the folder that they are put into. Started by `cargo xtask pictures`.

import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { keepPicture, withProgram } from "./desk.mjs";
import { startDouble } from "./doubles.mjs";
import { fetchedChart, leaveWelcome, sampleChart, scoredNews, setTheme } from "./walk.mjs";

const folder = process.argv[2];
if (!folder) throw new Error("the folder of the pictures is missing");

/** Pictures the window as it stands, once no message lies over it and no work runs. */
async function picture(window, name) {
  const quiet = () =>
    window.execute(
      `return !document.querySelector("[data-sonner-toast]") &&
         document.querySelector('[data-testid="status-bar"]').innerText.includes("No jobs running");`,
    );
  // The end of a job is told a little after its row has gone.
  await window.until(
    async () => (await quiet()) && (await pause(1_500, true)) && (await quiet()),
    "the window to be quiet",
    120_000,
  );
  const { path } = await keepPicture(window, name);
  await copyFile(path, join(folder, `${name}.png`));
  console.log(`${name}.png`);
}

const exchange = await startDouble("exchange", "--speed", "0", "--days", "30");
try {
  const config = `[exchange]\nrest_url = "${exchange.rest}"\nstream_url = "${exchange.ws}"\n`;
  await withProgram({ name: "pictures", config }, async (window) => {
    await leaveWelcome(window);
    await setTheme(window, "dark");
    await window.click("nav-news");
    await scoredNews(window);
    await window.click("nav-chart");
    await sampleChart(window);
    await picture(window, "chart-dark");
    await fetchedChart(window, "BTCUSDT");
    await window.click("nav-data");
    await window.click("series-row", "4,335"); // the hours of the sample, which has halts
    await window.find("gap-row");
    await picture(window, "data-dark");
  });
} finally {
  await exchange.stop();
}
