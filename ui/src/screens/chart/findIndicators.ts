// The catalogue as the picker lists it: by shelf, by what was typed. Pure.
import type { IndicatorDto, IndicatorGroupDto } from "../../backend/bindings";
import { ALIASES } from "./indicatorAliases";

export const GROUPS: readonly IndicatorGroupDto[] = [
  "averages",
  "bands",
  "trend",
  "momentum",
  "volatility",
  "volume",
  "statistics",
];

/** What the picker can be narrowed to. */
export type Shelf = "all" | "favourites" | "recent" | IndicatorGroupDto;

const plain = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[_'’-]/g, " ")
    .trim();

const startsWord = (text: string, query: string) => text.startsWith(query) || text.includes(` ${query}`);

/** How well an indicator answers to a query: 0 not at all, more is better. */
export function matchRank(indicator: IndicatorDto, query: string): number {
  const wanted = plain(query);
  if (wanted === "") return 1;
  const id = plain(indicator.id);
  const title = plain(indicator.title);
  const aliases = (ALIASES[indicator.id] ?? []).map(plain);
  if (id === wanted || title === wanted) return 8;
  if (aliases.includes(wanted)) return 7;
  if (id.startsWith(wanted)) return 6;
  if (title.startsWith(wanted)) return 5;
  if (startsWord(title, wanted)) return 4;
  if (aliases.some((alias) => startsWord(alias, wanted))) return 3;
  const about = plain(indicator.about);
  const words = wanted.split(/\s+/);
  const everywhere = `${id} ${title} ${aliases.join(" ")} ${about}`;
  return words.every((word) => everywhere.includes(word)) ? 2 : 0;
}

export interface Section {
  /** Null where the order is by how well they match. */
  group: IndicatorGroupDto | "favourites" | "recent" | null;
  indicators: IndicatorDto[];
}

/** What is listed: the shelves one after the other, or the best matches of a query first. */
export function findIndicators(
  known: readonly IndicatorDto[],
  shelf: Shelf,
  query: string,
  favourites: readonly string[],
  recent: readonly string[],
): Section[] {
  const byId = new Map(known.map((indicator) => [indicator.id, indicator]));
  const of = (ids: readonly string[]) => ids.flatMap((id) => byId.get(id) ?? []);
  const onShelf =
    shelf === "all"
      ? [...known]
      : shelf === "favourites"
        ? of(favourites)
        : shelf === "recent"
          ? of(recent)
          : known.filter((indicator) => indicator.group === shelf);
  if (plain(query) !== "") {
    const ranked = onShelf
      .map((indicator) => ({ indicator, rank: matchRank(indicator, query) }))
      .filter(({ rank }) => rank > 0)
      .toSorted((a, b) => b.rank - a.rank);
    return ranked.length === 0 ? [] : [{ group: null, indicators: ranked.map(({ indicator }) => indicator) }];
  }
  if (shelf !== "all") return onShelf.length === 0 ? [] : [{ group: shelf, indicators: onShelf }];
  const shelves: Section[] = [
    { group: "favourites", indicators: of(favourites) },
    { group: "recent", indicators: of(recent) },
    ...GROUPS.map((group) => ({ group, indicators: known.filter((indicator) => indicator.group === group) })),
  ];
  return shelves.filter(({ indicators }) => indicators.length > 0);
}
