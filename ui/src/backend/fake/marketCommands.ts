// Series, charts, live candles, files.
import type { JobTaskDto } from "../bindings";
import type { Commands } from "../client";
import { failed, ok } from "./answers";
import { type Book, chartOf, createBook, INTERVAL_MS } from "./candles";
import { connectionsOf } from "./connecting";
import { asked, fetched, fillPending, verified } from "./fetching";
import { previewOf } from "./files";
import { indicators } from "./indicators";
import { type Amount, NO_CHANGES, startJob } from "./jobs";
import { gapsOf, ledgerOf, stripOf } from "./ledger";
import { follow } from "./live";
import { findSymbols, VENUES } from "./venues";
import { rowsOf, watch } from "./watching";
import { announce, type World } from "./world";

type Names =
  | "listSeries"
  | "seriesGaps"
  | "coverageStrip"
  | "seriesLedger"
  | "deleteSeries"
  | "loadChart"
  | "listIndicators"
  | "listVenues"
  | "searchSymbols"
  | "fetchHistory"
  | "resumeSeries"
  | "verifySeries"
  | "pickImportFile"
  | "pickFundingFile"
  | "previewImport"
  | "importFile"
  | "pickExportPath"
  | "exportSeries"
  | "startLive"
  | "stopLive"
  | "followSeries"
  | "unfollowSeries"
  | "connections"
  | "reconnect"
  | "watchlist"
  | "setWatchlist";

const candles = (total: number): Amount => ({ total, unit: "candles" });

const never = <T>() => new Promise<T>(() => undefined);

export function marketCommands(world: World): Pick<Commands, Names> {
  const bookOf = (id: number): Book | undefined => world.books.find((book) => book.series.id === id);
  const nameOf = ({ series }: Book) => `${series.symbol} ${series.interval}`;
  const missing = (id: number, doing: string) => failed("not_found", `${doing} series ${id}: there is no such series`);
  const broken = (doing: string) =>
    failed("database", `${doing}: database disk image is malformed`, "Copy the data folder, then restart.");
  let stopFollowing: () => void = () => undefined;

  /** A job on a stored series; `act` is what it brings. */
  const work = (id: number, task: JobTaskDto, act: (book: Book) => void) => {
    const book = bookOf(id);
    if (!book) return missing(id, task);
    const finish = () => {
      act(book);
      announce(world, { type: "candlesStored", seriesId: id });
      return { id };
    };
    return ok(
      startJob(world, task, task === "verify" ? null : nameOf(book), candles(book.series.rows), finish, {
        seriesId: id,
      }),
    );
  };

  return {
    listSeries: () => (world.flags.has("slow") ? never() : ok(world.books.map((book) => book.series))),
    seriesGaps: (seriesId) => {
      const book = bookOf(seriesId);
      if (world.flags.has("failing")) return broken(`reading the gaps of series ${seriesId}`);
      return book ? ok(gapsOf(book)) : missing(seriesId, "reading the gaps of");
    },
    coverageStrip: (seriesId, from, to, buckets) => {
      const book = bookOf(seriesId);
      return book ? ok(stripOf(book, from, to, buckets)) : missing(seriesId, "reading the coverage of");
    },
    seriesLedger: (seriesId, buckets) => {
      const book = bookOf(seriesId);
      if (world.flags.has("failing")) return broken(`reading the ledger of series ${seriesId}`);
      return book ? ok(ledgerOf(book, buckets)) : missing(seriesId, "reading the ledger of");
    },
    deleteSeries: (seriesId) => {
      world.books = world.books.filter((book) => book.series.id !== seriesId);
      announce(world, { type: "candlesStored", seriesId });
      return ok(null);
    },
    loadChart: (request) => {
      const book = bookOf(request.seriesId);
      return book ? ok(chartOf(book, request, world.books)) : missing(request.seriesId, "reading");
    },
    listIndicators: async () => indicators(),
    listVenues: () => ok([...VENUES]),
    searchSymbols: (venue, query) =>
      world.flags.has("offline")
        ? failed("offline", "asking for the symbols: the network cannot be reached")
        : ok(findSymbols(venue ?? "binance", query)),
    fetchHistory: (request) => {
      const { symbol, interval } = request;
      const finish = () => {
        const book = fetched(world, request);
        announce(world, { type: "candlesStored", seriesId: book.series.id }, { type: "watchlistChanged" });
        const { id, rows } = book.series;
        return { id, changes: { ...NO_CHANGES, inserted: rows, gaps: gapsOf(book).length } };
      };
      const seriesKey = { venue: request.venue ?? "binance", symbol, interval };
      return ok(startJob(world, "fetch", `${symbol} ${interval}`, candles(asked(request).rows), finish, { seriesKey }));
    },
    resumeSeries: (seriesId) => work(seriesId, "fetch", fillPending),
    verifySeries: (seriesId) => work(seriesId, "verify", verified),
    pickImportFile: () =>
      ok(world.flags.has("foreign") ? "/home/ada/kurse/stunden.csv" : "/home/ada/candles/btcusdt_1h.csv"),
    pickFundingFile: () => ok("/home/ada/funding/btcusdt.csv"),
    previewImport: (path, _format, map) => ok(previewOf(path, world.flags.has("foreign"), map)),
    importFile: (request) => {
      const { symbol, interval } = request;
      const venue = request.venue ?? "csv";
      const finish = () => {
        const id = Math.max(0, ...world.books.map((book) => book.series.id)) + 1;
        const asset = symbol.replace(/(USDT|USD|EUR)$/, "");
        const plan = { venue, symbol, asset, interval, rows: 1_438, price: 41_844.26, decimals: 2, gaps: 2 };
        world.books = [...world.books, createBook(plan, id)];
        announce(world, { type: "candlesStored", seriesId: id });
        const { rejected, problems } = previewOf(request.path, false, []);
        return { id, changes: { inserted: 1_420, unchanged: 16, corrected: 2, gaps: 2, rejected, problems } };
      };
      const seriesKey = { venue, symbol, interval };
      return ok(startJob(world, "import", `${symbol} ${interval}`, candles(1_438), finish, { seriesKey }));
    },
    pickExportPath: (suggested) => ok(`/home/ada/${suggested}`),
    exportSeries: ({ seriesId, path }) => {
      const book = bookOf(seriesId);
      if (!book) return missing(seriesId, "exporting");
      const amount = candles(book.series.rows);
      return ok(
        startJob(world, "export", path.slice(path.lastIndexOf("/") + 1), amount, () => ({ id: null }), { seriesId }),
      );
    },
    startLive: (seriesIds) => {
      world.live = { state: "live", seriesIds };
      watch(world);
      announce(world, { type: "statusChanged" });
      return ok(null);
    },
    stopLive: () => {
      world.live = { state: "off" };
      watch(world);
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
    connections: () => ok(connectionsOf(world)),
    reconnect: (venue) => {
      const stuck = connectionsOf(world).find((one) => one.venue === venue);
      if (stuck?.pausedUntil) return failed("rate_limited", "the exchange asks for a pause: too many requests");
      world.tried = true;
      world.live = { state: "live", seriesIds: [6] };
      announce(world, { type: "statusChanged" });
      return ok(null);
    },
    watchlist: () => {
      if (world.flags.has("failing")) return broken("reading the watchlist");
      watch(world);
      return ok(rowsOf(world));
    },
    setWatchlist: (symbols) => {
      world.watchlist = symbols;
      announce(world, { type: "watchlistChanged" });
      return ok(null);
    },
  };
}
