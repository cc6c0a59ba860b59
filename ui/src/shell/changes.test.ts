import { describe, expect, it } from "vitest";
import type { SeriesChangesDto } from "../backend/bindings";
import { de } from "../i18n/de";
import { en } from "../i18n/en";
import { changesLine } from "./changes";

const NOTHING: SeriesChangesDto = { inserted: 0, unchanged: 0, corrected: 0, gaps: null, rejected: 0, problems: [] };

describe("changesLine", () => {
  it.each<[Partial<SeriesChangesDto>, string]>([
    [{}, "nothing new"],
    [{ inserted: 1, gaps: 0 }, "1 new candle"],
    [{ inserted: 1_430, unchanged: 6, corrected: 2, gaps: 1 }, "1,430 new candles · 6 unchanged · 2 corrected · 1 gap"],
    [{ unchanged: 40, rejected: 1, gaps: 3 }, "nothing new · 40 unchanged · 1 row left out · 3 gaps"],
  ])("%j", (change, expected) => expect(changesLine({ ...NOTHING, ...change }, en.shell.jobs.changes)).toBe(expected));

  it("is told in German too", () =>
    expect(changesLine({ ...NOTHING, inserted: 2_000, gaps: 2 }, de.shell.jobs.changes)).toBe(
      "2.000 neue Kerzen · 2 Lücken",
    ));
});
