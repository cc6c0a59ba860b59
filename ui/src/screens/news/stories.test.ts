import { describe, expect, it } from "vitest";
import type { ArticleRowDto, SentenceDto, SourceDto } from "../../backend/bindings";
import { createArticles, createSources, filterArticles } from "../../backend/fake/articles";
import { shortHash } from "../../shortHash";
import { assetsOf, countTones, mergePages, NO_FILTER, nextBefore, requestOf } from "./filter";
import { stretchesOf } from "./highlight";
import { addressFault, healthOf } from "./sourceHealth";

const articles = createArticles();
const everything = requestOf(NO_FILTER, null, 500);
const rows = filterArticles(articles, everything);

function rowAt(id: number, availableAt: number): ArticleRowDto {
  const [row] = rows;
  if (!row) throw new Error("no article");
  return { ...row, id, availableAt };
}

describe("pages of stories", () => {
  it("asks for words only where there are some", () => {
    expect(requestOf({ ...NO_FILTER, search: "  " }, null, 10).search).toBeNull();
    expect(requestOf({ ...NO_FILTER, search: " hash rate " }, 5, 10)).toMatchObject({ search: "hash rate", before: 5 });
  });

  it.each([
    ["a short page is the last", [rowAt(1, 9)], 2, null],
    ["an empty page is the last", [], 2, null],
    ["a full page is asked on from its end, the same instant again", [rowAt(1, 9), rowAt(2, 7)], 2, 8],
    ["a page of one instant is passed", [rowAt(1, 9), rowAt(2, 9)], 2, 9],
  ])("%s", (_, page, limit, before) => {
    expect(nextBefore(page, limit)).toBe(before);
  });

  it("walks to the oldest story whatever the page's length, each once", () => {
    for (const limit of [1, 2, 5, 7, 24, 100]) {
      const pages: ArticleRowDto[][] = [];
      let before: number | null = null;
      do {
        const page: ArticleRowDto[] = filterArticles(articles, requestOf(NO_FILTER, before, limit));
        pages.push(page);
        before = nextBefore(page, limit);
      } while (before !== null && pages.length < 100);
      expect(mergePages(pages).map((row) => row.id)).toEqual(rows.map((row) => row.id));
    }
  });
});

describe("counts", () => {
  it("are of the stories that have a score", () => {
    const counts = countTones(rows, 500);
    const scored = rows.filter((row) => row.sentiment !== null).length;
    expect(counts.all).toBe(rows.length);
    expect(counts.positive + counts.negative + counts.neutral).toBe(scored);
    expect(counts.more).toBe(false);
    expect(countTones(rows, rows.length).more).toBe(true);
    expect(countTones([], 500).mean).toBeNull();
  });

  it("name the assets, the most named first", () => {
    const found = assetsOf(rows);
    expect(found[0]?.asset).toBe("BTC");
    expect(found.map(({ count }) => count)).toEqual(found.map(({ count }) => count).toSorted((a, b) => b - a));
  });
});

describe("scored sentences in their paragraphs", () => {
  const sentence = (position: number, text: string): SentenceDto => ({
    position,
    text,
    sentiment: { positive: 0, negative: 0, neutral: 1, score: 0, tone: "neutral" },
  });
  const marked = (paragraphs: string[], sentences: SentenceDto[]) =>
    stretchesOf(paragraphs, sentences).map((stretches) =>
      stretches.map(({ text, sentence: found }) => (found ? `[${found.position}:${text}]` : text)).join("|"),
    );

  it.each([
    ["in order", ["One. Two."], [sentence(1, "One."), sentence(2, "Two.")], ["[1:One.]| |[2:Two.]"]],
    ["over line breaks", ["One  and\ntwo. Rest"], [sentence(1, "One and two.")], ["[1:One  and\ntwo.]| Rest"]],
    ["with signs of patterns", ["A (b) costs $1.6?"], [sentence(1, "A (b) costs $1.6?")], ["[1:A (b) costs $1.6?]"]],
    ["not the headline", ["One."], [sentence(0, "One.")], ["One."]],
    ["not what is missing", ["One. Two."], [sentence(1, "Zero."), sentence(2, "Two.")], ["One. |[2:Two.]"]],
    ["the same words twice", ["Up. Up."], [sentence(1, "Up."), sentence(2, "Up.")], ["[1:Up.]| |[2:Up.]"]],
    ["over paragraphs", ["One.", "Two."], [sentence(1, "One."), sentence(2, "Two.")], ["[1:One.]", "[2:Two.]"]],
    ["nothing in an empty one", [""], [sentence(1, "One.")], [""]],
  ])("%s", (_, paragraphs, sentences, expected) => {
    expect(marked(paragraphs, sentences)).toEqual(expected);
  });

  it("loses no letter of any article", () => {
    for (const { paragraphs, sentences } of articles) {
      const joined = stretchesOf(paragraphs, sentences).map((stretches) => stretches.map(({ text }) => text).join(""));
      expect(joined).toEqual(paragraphs);
    }
  });
});

describe("sources", () => {
  const [source] = createSources();
  const like = (change: Partial<SourceDto>): SourceDto => {
    if (!source) throw new Error("no source");
    return { ...source, ...change };
  };

  it.each([
    ["ok", {}],
    ["paused", { enabled: false, failures: 3 }],
    ["failing", { failures: 1 }],
    ["waiting", { lastFetch: null }],
  ] as const)("are %s", (health, change) => {
    expect(healthOf(like(change))).toBe(health);
  });

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    ["example.org/feed", "scheme"],
    ["ftp://example.org", "scheme"],
    ["https://", "scheme"],
    ["https://example.org/feed.xml", null],
    [" HTTP://127.0.0.1:8080/rss ", null],
  ])("address %j: %s", (url, fault) => {
    expect(addressFault(url)).toBe(fault);
  });

  it("show enough of a hash", () => {
    expect(shortHash("0123456789abcdef0123")).toBe("01234567…0123");
    expect(shortHash("abc")).toBe("abc");
  });
});
