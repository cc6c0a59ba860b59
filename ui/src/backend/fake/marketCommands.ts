// Series, charts, live candles, files.
import type { Commands } from "../client";
import { failed, ok } from "./answers";
import { type Book, chartOf, findGaps, INTERVAL_MS } from "./candles";
import { DAY, fakeNow, HOUR } from "./clock";
import { INDICATORS } from "./indicators";
import { startJob } from "./jobs";
import { follow } from "./live";
import { announce, type World } from "./world";

type Names =
  | "listSeries"
  | "seriesGaps"
  | "deleteSeries"
  | "loadChart"
  | "listIndicators"
  | "searchSymbols"
  | "fetchHistory"
  | "pickImportFile"
  | "previewImport"
  | "importFile"
  | "pickExportPath"
  | "exportSeries"
  | "startLive"
  | "stopLive"
  | "followSeries"
  | "unfollowSeries";

const BASES = [
  "BTC",
  "ETH",
  "SOL",
  "BNB",
  "XRP",
  "ADA",
  "DOGE",
  "AVAX",
  "LINK",
  "LTC",
  "DOT",
  "ATOM",
  "UNI",
  "NEAR",
  "AAVE",
  "ARB",
  "OP",
];

export function marketCommands(world: World): Pick<Commands, Names> {
  const bookOf = (id: number): Book | undefined => world.books.find((book) => book.series.id === id);
  let stopFollowing: () => void = () => undefined;
  return {
    listSeries: () => ok(world.books.map((book) => book.series)),
    seriesGaps: (seriesId) => {
      const book = bookOf(seriesId);
      return book
        ? ok(findGaps(book.columns.time, book.stepMs))
        : failed("not_found", `reading the gaps of series ${seriesId}: there is no such series`);
    },
    deleteSeries: (seriesId) => {
      world.books = world.books.filter((book) => book.series.id !== seriesId);
      announce(world, { type: "candlesStored", seriesId });
      return ok(null);
    },
    loadChart: (request) => {
      const book = bookOf(request.seriesId);
      return book
        ? ok(chartOf(book, request))
        : failed("not_found", `reading series ${request.seriesId}: there is no such series`);
    },
    listIndicators: async () => [...INDICATORS],
    searchSymbols: (query) => {
      const text = query.trim().toUpperCase();
      const symbols = BASES.map((base) => ({ symbol: `${base}USDT`, base, quote: "USDT", trading: base !== "LTC" }));
      return ok(symbols.filter((known) => known.symbol.includes(text)).slice(0, 20));
    },
    fetchHistory: (request) =>
      ok(
        startJob(world, "fetch", `Fetch ${request.symbol} ${request.interval}`, "candles", () => {
          announce(world, { type: "candlesStored", seriesId: 0 });
          return null;
        }),
      ),
    pickImportFile: () => ok("/home/ada/candles/btcusdt_1h.csv"),
    previewImport: (path) => {
      const at = Math.floor((fakeNow() - 60 * DAY) / HOUR) * HOUR;
      const rows = Array.from({ length: 6 }, (_, row) => [
        String(at + row * HOUR),
        "41620.11",
        "41902.40",
        "41588.00",
        "41844.26",
        "1204.8",
      ]);
      return ok({
        path,
        rows,
        candles: 1_440,
        rejected: 2,
        problems: ["line 812: the high is below the low", "line 813: the open time repeats"],
        interval: "1h",
        symbol: "BTCUSDT",
        first: at,
        last: at + 1_439 * HOUR,
      });
    },
    importFile: (request) =>
      ok(startJob(world, "import", `Import ${request.symbol} ${request.interval}`, "candles", () => null)),
    pickExportPath: (suggested) => ok(`/home/ada/${suggested}`),
    exportSeries: (request) => ok(startJob(world, "export", `Export to ${request.path}`, "candles", () => null)),
    startLive: (seriesIds) => {
      world.live = { state: "live", seriesIds };
      announce(world, { type: "statusChanged" });
      return ok(null);
    },
    stopLive: () => {
      world.live = { state: "off" };
      announce(world, { type: "statusChanged" });
      return ok(null);
    },
    followSeries: (seriesId, onCandle) => {
      stopFollowing();
      const book = bookOf(seriesId);
      if (!book || INTERVAL_MS[book.series.interval] === undefined)
        return failed("not_found", "there is no such series");
      stopFollowing = follow(book, () => world.live.state === "live", onCandle);
      return ok(null);
    },
    unfollowSeries: () => {
      stopFollowing();
      return ok(null);
    },
  };
}
