// Jobs of the in-memory program: they run on a timer and end by doing what they were started for.
import type { JobDto, JobStepDto, JobTaskDto, JobUnitDto, SeriesChangesDto } from "../bindings";
import { fakeNow } from "./clock";
import { announce, blankJob, type World } from "./world";

/** How many steps a job takes, and how long each. */
const STEPS = 8;
const STEP_S = 0.15;

/** While the browser remembers something under this name, no job gets over its half. */
const HOLD = "promptpal.fake.hold";

let serial = 10;

/** How much a job has to do, in its own unit. */
export interface Amount {
  total: number;
  unit: JobUnitDto;
}

/** What each is doing while it works. */
const STEP: Record<JobTaskDto, JobStepDto> = {
  fetch: "fetching",
  verify: "checkingCandles",
  import: "readingFile",
  export: "writingSeries",
  crawl: "readingFeeds",
  score: "scoringArticles",
  evaluate: "scoringTexts",
  downloadModel: "downloading",
  importModel: "checkingFiles",
  backtest: "testing",
  sweep: "testing",
  sample: "simulating",
};

/** What a job works on, as a patch of its row. */
export type Subject = Partial<Pick<JobDto, "seriesId" | "seriesKey">>;

/** What a job changed when nothing else is said. */
export const NO_CHANGES: SeriesChangesDto = {
  inserted: 0,
  unchanged: 0,
  corrected: 0,
  gaps: null,
  rejected: 0,
  problems: [],
};

/** What a job brings: the id of what it made, and what it changed. */
export interface Brought {
  id: number | null;
  changes?: SeriesChangesDto;
}

/** Starts a job that takes about a second and a half and ends with `finish`. */
export function startJob(
  world: World,
  task: JobTaskDto,
  subject: string | null,
  { total, unit }: Amount,
  finish: () => Brought,
  worksOn: Subject = {},
): string {
  serial += 1;
  const id = `j${serial}`;
  const now = { step: STEP[task], of: subject === null ? [] : [subject] };
  const job = { ...blankJob(id, task, subject), counts: unit, total, now, started: fakeNow(), ...worksOn };
  world.jobs = [job, ...world.jobs];
  const change = (patch: Partial<JobDto>) => {
    world.jobs = world.jobs.map((job) => (job.id === id ? { ...job, ...patch } : job));
    announce(world, { type: "jobChanged", id });
  };
  change({});
  const timer = setInterval(() => {
    const job = world.jobs.find((known) => known.id === id);
    if (job?.state !== "running") {
      clearInterval(timer);
      return;
    }
    // Tests look at a job that is half done for as long as they need.
    if (job.done >= total / 2 && localStorage.getItem(HOLD) !== null) return;
    const done = Math.min(total, job.done + Math.ceil(total / STEPS));
    const rate = total / (STEPS * STEP_S);
    change({
      done,
      rate,
      etaMs: rate > 0 ? ((total - done) / rate) * 1_000 : 0,
      log: [...job.log, `${done} of ${total} ${unit}`],
    });
    if (done === total) {
      clearInterval(timer);
      const { id: resultId, changes = null } = finish();
      change({
        state: "succeeded",
        now: null,
        counts: null,
        rate: null,
        etaMs: null,
        finished: fakeNow(),
        resultId,
        changes,
      });
    }
  }, STEP_S * 1_000);
  return id;
}

export function endJob(world: World, id: string, state: JobDto["state"]): void {
  world.jobs = world.jobs.map((job) =>
    job.id === id ? { ...job, state, now: null, rate: null, etaMs: null, finished: fakeNow() } : job,
  );
  announce(world, { type: "jobChanged", id });
}
