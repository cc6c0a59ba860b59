import { describe, expect, it } from "vitest";
import { createStrategies, readLanguage } from "../../backend/fake/strategies";
import { blocksOf, headOf, piecesOf } from "../../widgets/markdown";
import { findFunctions, suggestionsAt, variablesOf, wordAt } from "./language";

const { functions, guide } = readLanguage();

/** What is offered where `|` stands. */
function offered(script: string, asked = false): string[] | null {
  const at = script.indexOf("|");
  const found = suggestionsAt(script.replace("|", ""), at, functions, asked);
  if (!found) return null;
  return found.options.filter(({ label }) => label.startsWith(script.slice(found.from, at))).map(({ label }) => label);
}

describe("completion", () => {
  it.each([
    ["enter_l|", ["enter_long"]],
    ["enter_long(crosses_a|", ["crosses_above"]],
    ["let bands = bollinger(close, 20, 2);\nenter_long(close < bands.lo|", ["lower"]],
    ["enter_long(close < bollinger(close, 20, 2).u|", ["upper"]],
    ["enter_long(close < bollinger(ema(close, 3), 20, 2).|", ["upper", "mid", "lower", "ago"]],
    ['sma(timeframe("4h").cl|', ["close"]],
    ["close.a|", ["ago"]],
    ["let quick = sma(close, 10);\nlet slow = sma(close, 30);\nenter_long(qui|", ["quick"]],
    ["let x = clo|", ["close"]],
  ])("in %j offers %j", (script, labels) => {
    expect(offered(script)).toEqual(labels);
  });

  it.each(["// enter_l|", 'param("fa|', "let x = 1.5|", "`enter_l|", "|"])("in %j offers nothing", (script) => {
    expect(offered(script)).toBeNull();
  });

  it("offers everything when it is asked for", () => {
    expect(offered("|", true)?.length).toBe(functions.length - 1 + 5);
    expect(offered('let a = "x"; // b\n|', true)).toContain("a");
  });

  it("knows a script's own names, not those in comments", () => {
    expect([...variablesOf("let a = sma(close, 3);\n// let b = 1;\nconst c = 2;")]).toEqual([
      ["a", "sma(close, 3)"],
      ["c", "2"],
    ]);
  });

  it("finds the word at a place", () => {
    expect(wordAt("sma(close, 3)", 5)).toEqual({ word: "close", from: 4, to: 9 });
    expect(wordAt("a + b", 2)).toBeNull();
  });
});

describe("the search of the docs", () => {
  it.each([
    ["stop_loss", "stop_loss"],
    ["bands standard deviations", "bollinger"],
    ["sessi", "in_session"],
    ["pause", undefined],
  ])("%j finds %s first", (query, name) => {
    expect(findFunctions(functions, query)[0]?.name).toBe(name);
  });

  it("lists everything where nothing is asked", () => {
    expect(findFunctions(functions, " ")).toEqual(functions);
  });
});

describe("a strategy's page", () => {
  it("is the head of its script: title, idea, parameters, when it fails", () => {
    const [sma] = createStrategies();
    const blocks = blocksOf(headOf(sma?.source ?? ""));
    expect(blocks.filter((block) => block.kind === "heading").map(({ text }) => text)).toEqual([
      "SMA cross",
      "Idea",
      "Parameters",
      "When it fails",
    ]);
    expect(headOf("let a = 1;\n//! late")).toBe("");
  });

  it("reads the language's guide whole", () => {
    const kinds = new Set(blocksOf(guide).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["code", "heading", "list", "paragraph"]);
    expect(JSON.stringify(blocksOf(guide))).not.toContain("<!--");
  });

  it("sets code and strong words apart, and never makes markup", () => {
    expect(piecesOf("a `b` **c** [d](https://e) <i>")).toEqual([
      { kind: "plain", text: "a " },
      { kind: "code", text: "b" },
      { kind: "plain", text: " " },
      { kind: "strong", text: "c" },
      { kind: "plain", text: " d <i>" },
    ]);
    expect(blocksOf("- one\n  more\n- two\n\n```\nx\n\ny\n```")).toEqual([
      { kind: "list", items: ["one more", "two"] },
      { kind: "code", text: "x\n\ny" },
    ]);
  });
});
