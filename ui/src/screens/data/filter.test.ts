import { describe, expect, it } from "vitest";
import { createBooks } from "../../backend/fake/candles";
import { coverageOf, matches, missingOf } from "./filter";

const books = createBooks();

describe("coverage", () => {
  it.each(books.map((book) => [`${book.series.symbol} ${book.series.interval}`, book.series] as const))(
    "%s: what is missing is what its holes say",
    (_, series) => {
      const covered = coverageOf(series);
      expect(covered === null || (covered > 0 && covered <= 1)).toBe(true);
      expect(missingOf(series) === 0).toBe(series.gaps === 0);
    },
  );
});

describe("filters", () => {
  it("put every series into exactly one kind", () => {
    for (const { series } of books) {
      const kinds = (["exchange", "simulated", "imported"] as const).filter((kind) => matches(series, kind));
      expect(kinds).toHaveLength(1);
      expect(matches(series, "all")).toBe(true);
    }
  });
});
