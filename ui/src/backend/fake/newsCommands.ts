// News, sentiment, strategies, runs.
import type { Commands } from "../client";
import { failed, ok } from "./answers";
import { filterArticles, filterStories, foundFeeds, markersOf, newSource, sentimentColumns } from "./articles";
import { runOn } from "./backtests";
import type { Book } from "./candles";
import { withStory } from "./furtherReports";
import { startJob } from "./jobs";
import { rotateOn } from "./rotations";
import { asksToRotate, problemsOf, readLanguage } from "./strategies";
import { announce, type World } from "./world";

type Names =
  | "listArticles"
  | "listStories"
  | "markRead"
  | "readArticle"
  | "reportWrongText"
  | "listSources"
  | "addSource"
  | "removeSource"
  | "setSourceEnabled"
  | "setSourceFullText"
  | "discoverFeeds"
  | "pickSourceList"
  | "pickSourceListPath"
  | "importSources"
  | "exportSources"
  | "crawl"
  | "scoreArticles"
  | "newsMarkers"
  | "sentimentSeries"
  | "listStrategies"
  | "strategyLanguage"
  | "checkScript"
  | "saveStrategy"
  | "deleteStrategy"
  | "runBacktest"
  | "listRuns"
  | "readRun"
  | "deleteRun"
  | "setRunNote"
  | "exportRun"
  | "pickReportPath";

export function newsCommands(world: World): Pick<Commands, Names> {
  const bookOf = (id: number) => world.books.find((book) => book.series.id === id);
  const sourcesChanged = () => {
    announce(world, { type: "sourcesChanged" });
    return ok(null);
  };
  return {
    listArticles: (request) => ok(filterArticles(world.articles, request)),
    listStories: (request) => ok(filterStories(world.articles, request)),
    markRead: (ids, read) => {
      world.articles = world.articles.map((article) =>
        ids.includes(article.row.id) ? { ...article, row: { ...article.row, read } } : article,
      );
      announce(world, { type: "articlesRead", ids });
      return ok(null);
    },
    readArticle: (id) => {
      const article = world.articles.find((known) => known.row.id === id);
      return article
        ? ok(withStory(article, world.articles))
        : failed("not_found", `reading article ${id}: there is no such article`);
    },
    reportWrongText: (id) => {
      const article = world.articles.find((known) => known.row.id === id);
      if (world.flags.has("offline")) return failed("offline", "fetching the page: the network cannot be reached");
      return article
        ? ok(`/home/ada/.local/share/promptpal/reports/pages/${new URL(article.row.url).hostname}-${id}`)
        : failed("not_found", `reading article ${id}: there is no such article`);
    },
    listSources: () => ok(world.sources),
    addSource: (url, fullText) => {
      if (!URL.canParse(url))
        return failed("invalid", `adding a source: "${url}" is no address`, "Give the address of an RSS or Atom feed.");
      const id = Math.max(0, ...world.sources.map((known) => known.id)) + 1;
      const address = new URL(url);
      const title = foundFeeds(address, []).find((feed) => feed.url === url)?.title ?? address.hostname;
      const source = newSource(id, title, url, fullText);
      world.sources = [...world.sources, source];
      announce(world, { type: "sourcesChanged" });
      return ok(source);
    },
    removeSource: (id) => {
      world.sources = world.sources.filter((source) => source.id !== id);
      return sourcesChanged();
    },
    setSourceEnabled: (id, enabled) => {
      world.sources = world.sources.map((source) => (source.id === id ? { ...source, enabled } : source));
      return sourcesChanged();
    },
    setSourceFullText: (id, fullText) => {
      world.sources = world.sources.map((source) => (source.id === id ? { ...source, fullText } : source));
      return sourcesChanged();
    },
    discoverFeeds: (address) => {
      const url = address.includes("://") ? address : `https://${address}`;
      if (!URL.canParse(url)) return failed("invalid", `'${address}' cannot be fetched: it is no address`);
      return ok(foundFeeds(new URL(url), world.sources));
    },
    pickSourceList: () => ok("/home/ada/feeds.opml"),
    pickSourceListPath: () => ok("/home/ada/promptpal-sources.opml"),
    importSources: () => {
      const url = "https://listed.invalid/feed.xml";
      if (world.sources.some((source) => source.url === url)) return ok({ added: [], known: 1, refused: [] });
      const id = Math.max(0, ...world.sources.map((known) => known.id)) + 1;
      world.sources = [...world.sources, newSource(id, "Listed weekly", url, false)];
      announce(world, { type: "sourcesChanged" });
      return ok({ added: ["Listed weekly"], known: 0, refused: ["mailto:editor@listed.invalid"] });
    },
    exportSources: () => ok(world.sources.filter((source) => !source.simulated).length),
    crawl: () => {
      const total = world.sources.filter(({ enabled }) => enabled).length;
      return ok(startJob(world, "crawl", null, { total, unit: "sources" }, () => ({ id: null })));
    },
    scoreArticles: () => {
      const total = world.articles.filter(({ row }) => row.sentiment === null).length;
      return ok(startJob(world, "score", null, { total, unit: "articles" }, () => ({ id: null })));
    },
    newsMarkers: (seriesId, from, to) =>
      ok(markersOf(world.articles, bookOf(seriesId)?.series.asset ?? null, from, to)),
    sentimentSeries: (request) => {
      const book = bookOf(request.seriesId);
      if (!book) return failed("not_found", "there is no such series");
      const time = book.columns.time.filter((at) => at >= request.from && at < request.to);
      return ok({ asset: book.series.asset, time, ...sentimentColumns(time, book.series.id * 7) });
    },
    listStrategies: () => ok(world.strategies),
    checkScript: (source) => ok(problemsOf(source)),
    strategyLanguage: async () => readLanguage(),
    saveStrategy: (id, source) => {
      const known = world.strategies.find((strategy) => strategy.id === id);
      const strategy = known
        ? { ...known, source, rotates: asksToRotate(source) }
        : {
            id,
            title: id,
            about: "",
            builtin: false,
            source,
            params: [],
            usesSentiment: false,
            rotates: asksToRotate(source),
          };
      world.strategies = [...world.strategies.filter((other) => other.id !== id), strategy];
      return ok(strategy);
    },
    deleteStrategy: (id) => {
      world.strategies = world.strategies.filter((strategy) => strategy.id !== id);
      return ok(null);
    },
    runBacktest: (request) => {
      const book = bookOf(request.seriesId);
      if (!book) return failed("not_found", `running ${request.strategy}: series ${request.seriesId} does not exist`);
      const rotates = world.strategies.find(({ id }) => id === request.strategy)?.rotates ?? false;
      const others = request.otherIds.flatMap((id) => bookOf(id) ?? []);
      const refused = refusalOf(rotates, book, others);
      if (refused) return failed("invalid", refused);
      return ok(
        startJob(
          world,
          "backtest",
          request.strategy,
          { total: book.series.rows * (1 + others.length), unit: "bars" },
          () => {
            const id = Math.max(0, ...world.runs.map((report) => report.run.id)) + 1;
            const report = rotates ? rotateOn([book, ...others], request, id) : runOn(book, request, id);
            world.runs = [report, ...world.runs];
            announce(world, { type: "runFinished", runId: id });
            return { id };
          },
        ),
      );
    },
    listRuns: () => ok(world.runs.map((report) => report.run)),
    readRun: (id) => {
      const report = world.runs.find((known) => known.run.id === id);
      return report ? ok(report) : failed("not_found", `reading run ${id}: there is no such run`);
    },
    deleteRun: (id) => {
      world.runs = world.runs.filter((report) => report.run.id !== id);
      announce(world, { type: "runFinished", runId: id });
      return ok(null);
    },
    setRunNote: (id, note) => {
      world.runs = world.runs.map((report) =>
        report.run.id === id ? { ...report, run: { ...report.run, note } } : report,
      );
      announce(world, { type: "runFinished", runId: id });
      return ok(null);
    },
    exportRun: () => ok(null),
    pickReportPath: (suggested) => ok(`/home/ada/${suggested}`),
  };
}

/** Why a strategy does not run on these, in the words of the engine; null where it does. */
function refusalOf(rotates: boolean, first: Book, others: readonly Book[]): string | null {
  if (!rotates) {
    const alone = "this strategy trades one symbol: for several, the script must say rotate(score, hold, when)";
    return others.length === 0 ? null : alone;
  }
  if (others.length === 0) return "this strategy rotates over several symbols: name two or more";
  const { venue, symbol, interval } = first.series;
  const foreign = others.find(({ series }) => series.venue !== venue)?.series;
  if (foreign) {
    return `${venue} ${symbol} ${interval} and ${foreign.venue} ${foreign.symbol} ${foreign.interval} are of different venues`;
  }
  if (others.some(({ series }) => series.interval !== interval)) {
    return "the bars of all symbols of a rotation must have one length";
  }
  const names = [symbol, ...others.map(({ series }) => series.symbol)];
  return new Set(names).size === names.length ? null : "a symbol of a rotation is given twice";
}
