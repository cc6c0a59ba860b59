// Program, settings, jobs, account, updates, sample.
import type { SentimentStateDto } from "../bindings";
import type { Commands } from "../client";
import { failed, ok } from "./answers";
import { createArticles, createSources, MODEL } from "./articles";
import { createBooks } from "./candles";
import { fakeNow, HOUR } from "./clock";
import { endJob, startJob } from "./jobs";
import { firstWatchlist } from "./watching";
import { announce, type World } from "./world";

type Names =
  | "appInfo"
  | "status"
  | "settings"
  | "saveSettings"
  | "subscribe"
  | "firstPaint"
  | "jobs"
  | "cancelJob"
  | "retryJob"
  | "session"
  | "signIn"
  | "cancelSignIn"
  | "signOut"
  | "checkUpdate"
  | "installUpdate"
  | "openLink"
  | "openFolder"
  | "loadSample"
  | "removeSample";

/** The scoring program in a state that tests ask for by the flag `worker`, such as `hung` or `library`. */
function workerOf(flag: string | null): SentimentStateDto {
  const [reason, what] = ["(English of the program)", "(English of the program)"];
  switch (flag) {
    case "cannotStart":
    case "notReady":
    case "modelRefused":
    case "ended":
    case "outOfMemory":
    case "hung":
    case "nonsense":
      return { state: "failed", fault: flag, reason };
    case "program":
    case "library":
    case "model":
      return { state: "missing", part: flag, what };
    default:
      return { state: "idle" };
  }
}

export function systemCommands(world: World): Pick<Commands, Names> {
  const setSession = (session: World["session"]) => {
    world.session = session;
    announce(world, { type: "sessionChanged" });
    return ok(null);
  };
  return {
    appInfo: async () => ({
      version: "0.1.0",
      bundle: null,
      dataDir: "/home/ada/.local/share/promptpal",
      logDir: "/home/ada/.local/state/promptpal",
      database: "/home/ada/.local/share/promptpal/promptpal.db",
      firstRun: true,
    }),
    status: () =>
      ok({
        storeBytes: world.books.reduce((sum, book) => sum + book.columns.time.length * 96, 4_194_304),
        live: world.live,
        sentiment: workerOf(world.flags.get("worker")),
        engine: {
          wanted: world.settings.engine,
          running: world.flags.has("one-engine") ? "exact" : world.settings.engine,
          reason:
            world.flags.has("one-engine") && world.settings.engine === "fast"
              ? { code: "noWeights", message: "(English of the program)" }
              : null,
          forced: false,
          agreement: { texts: 3333, sameLabel: 3310 },
        },
        model: MODEL,
        unscored: world.articles.filter((article) => article.row.sentiment === null).length,
        now: fakeNow(),
      }),
    settings: () => ok(world.settings),
    saveSettings: (settings) => {
      if (world.settings.issuerUrl !== settings.issuerUrl) {
        world.session = settings.issuerUrl === null ? { state: "notConfigured" } : { state: "signedOut" };
      }
      world.settings = settings;
      announce(world, { type: "settingsChanged" }, { type: "statusChanged" });
      return ok(settings);
    },
    subscribe: (onEvent) => {
      world.listeners.push(onEvent);
      return ok(null);
    },
    firstPaint: async () => 412,
    jobs: () => ok(world.jobs),
    cancelJob: (id) => {
      endJob(world, id, "cancelled");
      return ok(null);
    },
    retryJob: (id) => {
      const job = world.jobs.find((known) => known.id === id);
      if (!job) return failed("not_found", "there is no such job");
      world.jobs = world.jobs.filter((known) => known.id !== id);
      return ok(
        startJob(world, job.task, job.subject, { total: job.total ?? 0, unit: "candles" }, () => ({ id: null })),
      );
    },
    session: () => ok(world.session),
    signIn: () => {
      setTimeout(() => {
        if (world.session.state !== "signingIn") return;
        const profile = { subject: "1001", name: "Ada Byron", email: "ada@example.org" };
        void setSession({ state: "signedIn", profile, offlineSince: null });
      }, 1_200);
      return setSession({ state: "signingIn" });
    },
    cancelSignIn: () => setSession({ state: "signedOut" }),
    signOut: () => setSession({ state: "signedOut" }),
    checkUpdate: () =>
      world.flags.has("offline")
        ? failed("offline", "asking for the newest version: the network cannot be reached", "Connect and check again.")
        : ok({ state: "upToDate", version: "0.1.0" }),
    installUpdate: () => ok(false),
    openLink: () => ok(null),
    openFolder: () => ok(null),
    loadSample: () =>
      ok(
        startJob(world, "sample", null, { total: 3, unit: "candles" }, () => {
          world.books = createBooks();
          world.articles = createArticles();
          world.sources = createSources();
          world.watchlist = firstWatchlist(world.books);
          announce(world, { type: "lagged" });
          return { id: null };
        }),
      ),
    removeSample: () => {
      world.books = world.books.filter((book) => !book.series.simulated);
      world.articles = [];
      world.sources = world.sources.filter((source) => !source.simulated || source.lastFetch === HOUR);
      announce(world, { type: "lagged" });
      return ok(null);
    },
  };
}
