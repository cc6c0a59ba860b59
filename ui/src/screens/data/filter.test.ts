import { describe, expect, it } from "vitest";
import { createBooks } from "../../backend/fake/candles";
import { matches, storedShare } from "./filter";

const books = createBooks();

describe("storedShare", () => {
  it.each(books.map((book) => [`${book.series.symbol} ${book.series.interval}`, book.series] as const))(
    "%s: it is whole exactly where nothing is missing",
    (_, series) => {
      const share = storedShare(series);
      expect(share > 0 && share <= 1).toBe(true);
      expect(share === 1).toBe(series.absent + series.pending === 0);
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

  it("find what can still be fetched", () => {
    const found = books.filter((book) => matches(book.series, "pending")).map((book) => book.series.symbol);
    expect(found).toContain("ETHUSDT");
    expect(found).not.toContain("BNBUSDT");
  });
});
