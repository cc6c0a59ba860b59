import { describe, expect, it } from "vitest";
import type { StripCellDto } from "../../backend/bindings";
import { createBooks } from "../../backend/fake/candles";
import { stripOf } from "../../backend/fake/ledger";
import { piecesOf, presentShare, totalsOf } from "./strip";

const cell = (from: number, present: number, absent = 0, pending = 0): StripCellDto => ({
  from,
  to: from + 10,
  present,
  absent,
  pending,
});

describe("piecesOf", () => {
  it.each<[string, StripCellDto[], number[][]]>([
    ["one kind is one piece", [cell(0, 5), cell(10, 5), cell(20, 4)], [[0, 30, 14]]],
    [
      "kinds stay apart",
      [cell(0, 5), cell(10, 0, 5), cell(20, 0, 0, 5)],
      [
        [0, 10, 5],
        [10, 20, 5],
        [20, 30, 5],
      ],
    ],
    [
      "mixed cells stay alone",
      [cell(0, 4, 1), cell(10, 4, 1)],
      [
        [0, 10, 5],
        [10, 20, 5],
      ],
    ],
    ["cells without an opening are left out", [cell(0, 5), cell(10, 0), cell(20, 5)], [[0, 30, 10]]],
    ["nothing", [], []],
  ])("%s", (_, cells, expected) =>
    expect(piecesOf(cells).map(({ from, to, openings }) => [from, to, openings])).toEqual(expected),
  );

  it("keeps every opening", () => {
    for (const book of createBooks().filter(({ series }) => series.absent + series.pending > 0)) {
      const cells = stripOf(book, null, null, 48);
      expect(totalsOf(piecesOf(cells))).toEqual(totalsOf(cells));
      expect(totalsOf(cells).present).toBe(book.series.rows);
      expect(totalsOf(cells).absent).toBe(book.series.absent);
      expect(totalsOf(cells).pending).toBe(book.series.pending);
    }
  });
});

describe("presentShare", () => {
  it.each([
    [cell(0, 0), null],
    [cell(0, 3, 1), 0.75],
    [cell(0, 5), 1],
  ])("%j", (totals, expected) => expect(presentShare(totals)).toBe(expected));
});
