import { describe, expect, it } from "vitest";
import type { ArticleRowDto, SentenceDto, SourceDto } from "../../backend/bindings";
import { createArticles, createSources, filterArticles, filterStories } from "../../backend/fake/articles";
import { shortHash } from "../../shortHash";
import {
  type After,
  assetsOf,
  countStories,
  isFiltered,
  mergePages,
  NO_FILTER,
  nextAfter,
  requestOf,
  withStory,
} from "./filter";
import { stretchesOf } from "./highlight";
import { addressFault, healthOf, reasonOf } from "./sourceHealth";
import { reportToOpen, type Story, storyOf } from "./story";

const articles = createArticles();
const rows = filterArticles(articles, requestOf(NO_FILTER, null, 500));
const listed = (after: After | null, limit: number) =>
  filterStories(articles, requestOf(NO_FILTER, after, limit)).flatMap((story) => storyOf(story) ?? []);
const stories = listed(null, 500);

function storyWith(reports: readonly Partial<ArticleRowDto>[]): Story {
  const [row] = rows;
  if (!row) throw new Error("no article");
  const all = reports.map((report) => ({ ...row, ...report }));
  const story = storyOf({ id: 1, reports: all, sources: [], unread: all.filter(({ read }) => !read).length });
  if (!story) throw new Error("no report");
  return story;
}

describe("pages of stories", () => {
  it("asks for words only where there are some", () => {
    expect(requestOf({ ...NO_FILTER, search: "  " }, null, 10).search).toBeNull();
    const request = requestOf({ ...NO_FILTER, search: " hash rate ", unread: true }, { before: 5, beforeId: 2 }, 10);
    expect(request).toMatchObject({ search: "hash rate", unread: true, before: 5, beforeId: 2 });
  });

  it("asks on from the newest report of the last story, and ends with a page that is not full", () => {
    const [first] = stories;
    if (!first) throw new Error("no story");
    expect(nextAfter([first], 1)).toEqual({ before: first.newest.availableAt, beforeId: first.newest.id });
    expect(nextAfter([first], 2)).toBeNull();
    expect(nextAfter([], 2)).toBeNull();
  });

  it("walks to the oldest story whatever the page's length, each once", () => {
    for (const limit of [1, 2, 5, 7, 24, 100]) {
      const pages: Story[][] = [];
      let after: After | null = null;
      do {
        const page: Story[] = listed(after, limit);
        pages.push(page);
        after = nextAfter(page, limit);
      } while (after !== null && pages.length < 100);
      expect(mergePages(pages).map(({ id }) => id)).toEqual(stories.map(({ id }) => id));
    }
  });

  it("keep the story that is read at its place when it passes no more", () => {
    const [first, second, third] = stories;
    const last = stories.at(-1);
    if (!first || !second || !third || !last) throw new Error("too few stories");
    expect(withStory([first, third], second)).toEqual([first, second, third]);
    expect(withStory([first], last)).toEqual([first, last]);
    expect(withStory([first, second], second)).toEqual([first, second]);
    expect(withStory([first], null)).toEqual([first]);
  });

  it.each([
    [{}, false],
    [{ unread: true }, true],
    [{ tone: "positive" }, true],
    [{ asset: "BTC" }, true],
    [{ sourceId: 1 }, true],
    [{ search: "a" }, true],
  ] as const)("%j leaves something out: %s", (change, expected) => {
    expect(isFiltered({ ...NO_FILTER, ...change })).toBe(expected);
  });
});

describe("a story", () => {
  const sentiment = (positive: number, negative: number) => {
    const neutral = 1 - positive - negative;
    return { positive, negative, neutral, score: positive - negative, tone: "neutral" as const };
  };

  it("has the assets of all its reports, the most relevant first", () => {
    const tag = (asset: string, relevance: number) => ({ asset, relevance });
    const story = storyWith([
      { assets: [tag("ETH", 0.4), tag("ADA", 0.3)] },
      { assets: [tag("BTC", 0.9), tag("ADA", 0.6)] },
    ]);
    expect(story.assets).toEqual(["BTC", "ADA", "ETH"]);
  });

  it("counts a text that was copied once in its mean", () => {
    const copied = storyWith([
      { id: 1, repeats: null, sentiment: sentiment(0.8, 0.1) },
      { id: 2, repeats: 1, sentiment: sentiment(0.8, 0.1) },
      { id: 3, repeats: null, sentiment: sentiment(0.2, 0.3) },
    ]);
    expect(copied.sentiment?.score).toBeCloseTo(0.3);
    expect(copied.sentiment?.tone).toBe("positive");
    expect(storyWith([{ repeats: 9, sentiment: sentiment(0.1, 0.7) }]).sentiment?.score).toBeCloseTo(-0.6);
    expect(storyWith([{ sentiment: null }]).sentiment).toBeNull();
  });

  it("opens at the first report that was not read and repeats no other", () => {
    const reports = [
      { id: 1, read: true, repeats: null },
      { id: 2, read: false, repeats: 1 },
      { id: 3, read: false, repeats: null },
    ];
    expect(reportToOpen(storyWith(reports)).id).toBe(3);
    expect(reportToOpen(storyWith(reports.map((report) => ({ ...report, read: true })))).id).toBe(1);
    expect(storyOf({ id: 1, reports: [], sources: [], unread: 0 })).toBeNull();
  });
});

describe("counts", () => {
  it("are of stories: each once, and by every tone that one of its reports has", () => {
    const counts = countStories(stories, 500);
    expect(counts.all).toBe(stories.length);
    expect(rows.length).toBeGreaterThan(stories.length);
    expect(counts.unread).toBe(stories.filter((story) => story.reports.some(({ read }) => !read)).length);
    expect(counts.positive).toBe(
      filterStories(articles, requestOf({ ...NO_FILTER, tone: "positive" }, null, 500)).length,
    );
    expect(counts.more).toBe(false);
    expect(countStories(stories, stories.length).more).toBe(true);
    expect(countStories([], 500).mean).toBeNull();
  });

  it("name the assets, the most named first", () => {
    const found = assetsOf(stories);
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
    [null, { lastFetch: null, lastStatus: null, failures: 0 }],
    ["unreachable", { lastFetch: null, lastStatus: null, failures: 1 }],
    ["fresh", { lastStatus: 200, failures: 0 }],
    ["other", { lastStatus: 200, failures: 1 }],
    ["unchanged", { lastStatus: 304, failures: 0 }],
    ["slow", { lastStatus: 429, failures: 2 }],
    ["refused", { lastStatus: 403, failures: 2 }],
    ["missing", { lastStatus: 404, failures: 2 }],
    ["gone", { lastStatus: 410, failures: 1 }],
    ["broken", { lastStatus: 503, failures: 1 }],
    ["other", { lastStatus: 418, failures: 1 }],
  ] as const)("say that they are %s of %j", (reason, change) => {
    expect(reasonOf(like(change))).toBe(reason);
  });

  it.each([
    ["", "empty"],
    ["  ", "empty"],
    ["example", "shape"],
    ["two words.org", "shape"],
    ["ftp://example.org", "shape"],
    ["https://", "shape"],
    ["example.org", null],
    ["example.org:8080/feed", null],
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
