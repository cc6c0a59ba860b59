// Candles from a file: the preview, the meaning of columns, rows that are wrong, and the report.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { coloursOf, keepPictures, withProgram } from "../desk.mjs";
import { leaveWelcome } from "../walk.mjs";

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);

/** Hours as another program writes them: most names tell what they are, two do not, and one says too much. */
function table(hours, change = (_hour, cells) => cells) {
  const rows = hours.map((hour) => {
    const open = 40_000 + 25 * hour;
    const time = new Date(START + hour * HOUR).toISOString().slice(0, 16).replace("T", " ");
    return change(hour, [time, open, open + 30.5, open - 12.25, open + 25, 10 + (hour % 7), 1_000 * hour]).join(";");
  });
  return ["Date;Open;Top;Low;Close;Amount;Turnover", ...rows].join("\n");
}

const range = (from, to) => Array.from({ length: to - from }, (_, at) => from + at);

test("a file is looked at, its columns are given a meaning, and the report says what came of it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "promptpal-import-"));
  const file = join(folder, "ACMEUSDT-hours.csv");
  try {
    // Hours 50 to 52 are missing, and hour 10 has no price.
    const hours = [...range(0, 50), ...range(53, 100)];
    await writeFile(
      file,
      table(hours, (hour, cells) => (hour === 10 ? cells.with(1, "a lot") : cells)),
    );
    await withProgram({ name: "import", env: { PROMPTPAL_E2E_FILE: file } }, async (window) => {
      await leaveWelcome(window);
      await window.click("nav-data");
      await window.click("import-button");
      await keepPictures(window, "import-file");
      await window.click("import-pick");

      await window.textThat("import-missing", (text) => text === "Choose a column for: High, Volume");
      assert.equal(await window.attribute("import-start", "disabled"), "true");
      await keepPictures(window, "import-missing");
      await window.pick("column-Top", "High");
      await window.pick("column-Amount", "Volume");
      // Its name says "quote volume", and that is not what is in it.
      await window.textThat("column-Turnover", (text) => text.trim() === "Quote volume");
      await window.pick("column-Turnover", "not read");
      await window.textThat("import-problems", (text) => /line 12: open: 'a lot'/.test(text), "the row that is wrong");
      await window.fill("import-symbol", "acmeusdt");
      await window.textThat("import-start", (text) => text === "Import 96 candles");
      await keepPictures(window, "import-preview");
      await window.click("import-start");
      await report(window, { inserted: "96", unchanged: "0", corrected: "0", rejected: "1", gaps: "2" });
      await keepPictures(window, "import-report");

      // The next delivery: some hours again, one with another price, some new, and the one that was wrong.
      const next = table([10, ...range(90, 120)], (hour, cells) =>
        hour === 95 ? cells.with(4, cells[1] + 20.5) : cells,
      );
      await writeFile(file, next);
      await window.click("import-another");
      await window.pick("column-Top", "High");
      await window.pick("column-Amount", "Volume");
      await window.pick("column-Turnover", "not read");
      await window.textThat("import-start", (text) => text === "Import 31 candles");
      await window.click("import-start");
      await report(window, { inserted: "21", unchanged: "9", corrected: "1", rejected: "0", gaps: "1" });
      await keepPictures(window, "import-corrected");
      await window.click("import-open");
      await window.until(
        async () => (await coloursOf(window, "chart-canvas")) > 5,
        "the imported candles on the chart",
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function report(window, expected) {
  await window.find("import-result");
  for (const [name, count] of Object.entries(expected)) {
    assert.equal(await window.text(`import-${name}`), count, name);
  }
}
