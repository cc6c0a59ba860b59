import { describe, expect, it } from "vitest";
import { blankJob } from "../backend/fake/world";
import { createFormat } from "../format";
import { en } from "../i18n/en";
import { amountOf, rateOf } from "./jobFigures";

const format = createFormat("en-GB", "utc");
const job = { ...blankJob("j1", "downloadModel", "finbert"), done: 91_000_000, total: 438_000_000, rate: 12_400_000 };

describe("figures of jobs", () => {
  it("says bytes as sizes, anything else as counts", () => {
    expect(amountOf({ ...job, counts: "bytes" }, format, en.shell.jobs)).toBe("91 MB / 438 MB");
    expect(rateOf({ ...job, counts: "bytes" }, format, en.shell.jobs)).toBe("12 MB/s");
    expect(amountOf({ ...job, counts: "texts", done: 12, total: 340 }, format, en.shell.jobs)).toBe("12 / 340 texts");
    expect(rateOf({ ...job, counts: "texts", rate: 139 }, format, en.shell.jobs)).toBe("139 texts/s");
  });

  it("says nothing of what is not known", () => {
    expect(amountOf({ ...job, counts: "bytes", total: null }, format, en.shell.jobs)).toBeNull();
    expect(amountOf({ ...job, counts: "texts", done: 0, total: null }, format, en.shell.jobs)).toBeNull();
    expect(rateOf({ ...job, counts: "texts", rate: null }, format, en.shell.jobs)).toBeNull();
  });
});
