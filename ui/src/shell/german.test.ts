import { describe, expect, it } from "vitest";
import type { JobTaskDto } from "../backend/bindings";
import { blankJob } from "../backend/fake/world";
import { createFormat } from "../format";
import { de } from "../i18n/de";
import { en } from "../i18n/en";
import { amountOf, rateOf, stepOf, titleOf } from "./jobFigures";
import { troubleOf } from "./workerTrouble";

const words = <T extends object>(table: T) => Object.keys(table) as (keyof T)[];

describe("what the program says of its work, in German", () => {
  it("has a title of its own for every job", () => {
    for (const task of words(en.shell.jobs.tasks) as JobTaskDto[]) {
      const job = blankJob("j1", task, "BTCUSDT 1h");
      const [german, english] = [titleOf(job, de.shell.jobs), titleOf(job, en.shell.jobs)];
      expect(german).not.toContain(job.title);
      if (task !== "backtest") expect(german, task).not.toBe(english);
    }
  });

  it("has words of its own for every step and unit", () => {
    for (const step of words(en.shell.jobs.steps)) {
      const job = { ...blankJob("j1", "fetch", null), now: { step, of: ["a", "b"] } };
      expect(stepOf(job, de.shell.jobs), step).not.toBe(stepOf(job, en.shell.jobs));
    }
    const format = createFormat("de-DE", "utc");
    const job = { ...blankJob("j1", "fetch", null), done: 5, total: 9, rate: 3, counts: "candles" as const };
    expect(amountOf(job, format, de.shell.jobs)).toBe("5 / 9 Kerzen");
    expect(rateOf(job, format, de.shell.jobs)).toBe("3,0 Kerzen/s");
  });

  it("says nothing in English where the step or the unit is not known", () => {
    const format = createFormat("de-DE", "utc");
    const job = { ...blankJob("j1", "fetch", null), done: 5, total: 9, rate: 3 };
    expect(stepOf(job, de.shell.jobs)).toBeNull();
    expect(amountOf(job, format, de.shell.jobs)).toBe("5 / 9");
    expect(rateOf(job, format, de.shell.jobs)).toBeNull();
  });

  it("says what keeps the scoring program from scoring without its own words", () => {
    for (const fault of words(en.shell.status.faults)) {
      const said = troubleOf({ state: "failed", fault, reason: "exit status 1" }, de.shell.status);
      expect(said).toBe(`${de.shell.status.faults[fault]} ${de.shell.status.inLog}`);
      expect(de.shell.status.faults[fault]).not.toBe(en.shell.status.faults[fault]);
    }
    for (const part of words(en.shell.status.missingParts)) {
      const said = troubleOf({ state: "missing", part, what: "libtorch is missing" }, de.shell.status);
      expect(said).not.toContain("libtorch is missing");
      expect(de.shell.status.missingParts[part]).not.toBe(en.shell.status.missingParts[part]);
    }
    expect(troubleOf({ state: "idle" }, de.shell.status)).toBeNull();
  });
});
