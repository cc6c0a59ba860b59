import { describe, expect, it } from "vitest";
import { createFormat, NONE } from "./format";
import { checkedLocale, languageOf, numberLocale } from "./locale";

const format = createFormat("en-US", "utc");

describe("numbers", () => {
  it.each([
    [format.number(41_844.26, 2), "41,844.26"],
    [format.number(-0.5, 4), "−0.5000"],
    [format.number(null, 2), NONE],
    [format.number(Number.NaN, 2), NONE],
    [format.signed(584.9, 2), "+584.90"],
    [format.signed(0, 2), "0.00"],
    [format.change(0.0142), "+1.42%"],
    [format.change(-0.0231), "−2.31%"],
    [format.percent(-0.665), "−66.5%"],
    [format.count(58_419), "58,419"],
    [format.amount(1_204.83), "1,204.8"],
    [format.amount(12_345_678), "12.35M"],
    [format.score(0.714), "+0.71"],
    [format.score(-0.641), "−0.64"],
    [format.bytes(412_000_000), "412 MB"],
    [format.bytes(4_200_000), "4.2 MB"],
    [createFormat("de-DE", "utc").number(41_844.26, 2), "41.844,26"],
  ])("%s", (shown, expected) => expect(shown).toBe(expected));
});

describe("times", () => {
  const at = Date.UTC(2024, 0, 26, 14, 36, 46);
  it.each([
    [format.date(at), "2024-01-26"],
    [format.dateTime(at), "2024-01-26 14:36"],
    [format.dateTime(null), NONE],
    [format.time(at), "14:36:46"],
    [format.duration(41_000), "0:41"],
    [format.duration(11_232_000), "3:07:12"],
    [format.duration(183_600_000), "2 d 3 h"],
    [format.duration(-5), "0:00"],
    [format.zoneName(at), "UTC"],
  ])("%s", (shown, expected) => expect(shown).toBe(expected));

  it("shows the local zone by its own offset", () => {
    const local = createFormat("en-US", "local");
    const moment = new Date(at);
    const hour = String(moment.getHours()).padStart(2, "0");
    expect(local.time(at)).toBe(`${hour}:${String(moment.getMinutes()).padStart(2, "0")}:46`);
  });
});

describe("locale", () => {
  it.each([
    [["C"], "en-US"],
    [["C.UTF-8", "POSIX"], "en-US"],
    [["C", "de-AT"], "de-AT"],
    [["en-GB"], "en-GB"],
    [[], "en-US"],
    [[""], "en-US"],
  ])("%j becomes one that Intl accepts", (candidates, expected) => {
    const locale = checkedLocale(candidates);
    expect(locale).toBe(expected);
    expect(() => new Intl.NumberFormat(locale)).not.toThrow();
  });

  it.each([
    ["system", "de-AT", "de", "de-AT"],
    ["system", "fr-FR", "en", "en-US"],
    ["en", "de-DE", "en", "en-US"],
    ["de", "en-GB", "de", "de-DE"],
    ["en", "en-GB", "en", "en-GB"],
  ] as const)("choice %s on %s speaks %s and counts in %s", (choice, system, language, locale) => {
    expect(languageOf(choice, system)).toBe(language);
    expect(numberLocale(choice, system)).toBe(locale);
  });
});
