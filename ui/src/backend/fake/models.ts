// The sentiment model of the in-memory program, its evaluations and its study of news and prices. Figures are made up.
import type {
  AgreementDto,
  EvaluationDto,
  EvaluationRequest,
  ModelLineDto,
  MoodStudyDto,
  ResponseDto,
} from "../bindings";
import type { Commands } from "../client";
import { failed, ok } from "./answers";
import { MODEL } from "./articles";
import { fakeNow } from "./clock";
import { startJob } from "./jobs";
import { README } from "./modelReadme";
import { announce, type World } from "./world";

type Names =
  | "listModels"
  | "modelCard"
  | "downloadModel"
  | "pickModelFolder"
  | "importModel"
  | "chooseModel"
  | "removeModel"
  | "pickLabelledFile"
  | "evaluateModel"
  | "listEvaluations"
  | "deleteEvaluation"
  | "moodStudy";

/** How many texts the file of the in-memory program has. */
const TEXTS = 2_388;

export function modelCommands(world: World): Pick<Commands, Names> {
  const installed = (id: string) => {
    const sha256 = "3a1f".repeat(16);
    world.models = world.models.map((model) =>
      model.id === id ? { ...model, status: { state: "installed" }, sha256 } : model,
    );
    announce(world, { type: "modelsChanged" });
    return { id: null };
  };
  return {
    listModels: () =>
      world.flags.has("no-model")
        ? failed("model_missing", "the sentiment model's manifest.json is missing")
        : ok(world.models),
    modelCard: (id) => {
      const model = world.models.find((one) => one.id === (id ?? world.models.find(({ current }) => current)?.id));
      if (!model?.sha256) return failed("not_found", `there is no model ${id}`);
      return ok({
        id: model.id,
        title: model.title,
        licence: model.licence,
        language: model.language,
        sha256: model.sha256,
        bytes: model.bytes,
        maxPieces: 256,
        folder: `/usr/lib/Promptpal/models/${model.id}`,
        readme: model.origin === "program" ? README : null,
      });
    },
    downloadModel: (id) => {
      const model = world.models.find((one) => one.id === id);
      if (!model) return failed("not_found", `there is no model ${id}`);
      if (world.flags.has("offline")) return failed("offline", "huggingface.co cannot be reached");
      const total = model.bytes;
      return ok(startJob(world, "downloadModel", id, { total, unit: "bytes" }, () => installed(id)));
    },
    pickModelFolder: () => ok("/home/ada/My model"),
    importModel: () =>
      ok(
        startJob(world, "importModel", "My model", { total: 4, unit: "bytes" }, () => {
          const mine = { ...catalogueModel("my-model", "My model", "unknown"), about: null, licenceSource: null };
          world.models = [...world.models, { ...mine, origin: "folder" }];
          return installed("my-model");
        }),
      ),
    chooseModel: (id) => {
      world.models = world.models.map((model) => ({ ...model, current: model.id === id }));
      announce(world, { type: "modelsChanged" });
      return ok(null);
    },
    removeModel: (id) => {
      world.models = world.models.flatMap((model) => {
        if (model.id !== id) return [model];
        return model.origin === "folder" ? [] : [{ ...model, status: { state: "available" }, sha256: null }];
      });
      announce(world, { type: "modelsChanged" });
      return ok(null);
    },
    pickLabelledFile: () => ok("/home/ada/headlines.csv"),
    evaluateModel: (request) => {
      const wrong = request.labels !== null && !request.labels.includes("=");
      if (wrong) return failed("invalid", `'${request.labels}' says no label: write LABEL=negative`);
      return ok(
        startJob(world, "evaluate", "headlines.csv", { total: TEXTS, unit: "texts" }, () => {
          const id = Math.max(0, ...world.evaluations.map((one) => one.id)) + 1;
          world.evaluations = [evaluationOf(request, id), ...world.evaluations];
          announce(world, { type: "evaluationsChanged" });
          return { id };
        }),
      );
    },
    listEvaluations: () => ok(world.evaluations),
    deleteEvaluation: (id) => {
      world.evaluations = world.evaluations.filter((one) => one.id !== id);
      announce(world, { type: "evaluationsChanged" });
      return ok(null);
    },
    moodStudy: ({ seriesId, strong, lengths }) => {
      const series = world.books.find((book) => book.series.id === seriesId)?.series;
      if (!series) return failed("not_found", "there is no such series");
      return ok(studyOf(series.asset ?? "", series.rows, strong, lengths));
    },
  };
}

/** A model that is not here. */
function catalogueModel(id: string, title: string, licence: string): ModelLineDto {
  return {
    id,
    title,
    licence,
    language: "en",
    about: "BERT trained further on financial news, tuned on sentences that people have labelled.",
    licenceSource: `https://models.invalid/${id}`,
    origin: "catalogue",
    bytes: 438_000_000,
    status: { state: "available" },
    current: false,
    sha256: null,
  };
}

export function createModels(): ModelLineDto[] {
  const own: ModelLineDto = {
    ...catalogueModel(MODEL.id, "MiniLM finance sentiment", "Apache-2.0"),
    about: null,
    licenceSource: null,
    origin: "program",
    bytes: 46_421_859,
    status: { state: "installed" },
    current: true,
    sha256: MODEL.sha256,
  };
  return [
    own,
    catalogueModel("finbert", "FinBERT (Prosus AI)", "Apache-2.0"),
    {
      ...catalogueModel("fintwitbert-sentiment", "FinTwitBERT sentiment", "MIT"),
      status: { state: "partly", bytes: 91_000_000 },
    },
  ];
}

/** Counts of a confusion as the program would judge them. */
function agreementOf(confusion: readonly (readonly number[])[]): AgreementDto {
  const labels = ["negative", "neutral", "positive"] as const;
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const rows = labels.map((label, at) => {
    const answered = [...(confusion[at] ?? [])];
    const right = answered[at] ?? 0;
    const precision = right / sum(confusion.map((row) => row[at] ?? 0));
    const recall = right / sum(answered);
    const f1 = (2 * precision * recall) / (precision + recall);
    return { label, texts: sum(answered), precision, recall, f1, answered };
  });
  const texts = sum(rows.map((row) => row.texts));
  const accuracy = sum(rows.map((row, at) => row.answered[at] ?? 0)) / texts;
  const reach = 1.96 * Math.sqrt((accuracy * (1 - accuracy)) / texts);
  return {
    accuracy,
    accuracyLow: accuracy - reach,
    accuracyHigh: accuracy + reach,
    macroF1: sum(rows.map((row) => row.f1)) / rows.length,
    labels: rows,
  };
}

function evaluationOf(request: EvaluationRequest, id: number): EvaluationDto {
  const bins = [
    [0.37, 0.33, 12],
    [0.44, 0.41, 41],
    [0.5, 0.46, 68],
    [0.57, 0.53, 83],
    [0.63, 0.55, 97],
    [0.7, 0.63, 120],
    [0.77, 0.7, 166],
    [0.83, 0.79, 241],
    [0.9, 0.88, 477],
    [0.965, 0.972, 1_083],
  ] as const;
  return {
    id,
    model: MODEL,
    path: request.path,
    finished: fakeNow(),
    texts: TEXTS,
    refused: 2,
    refusals: [
      { line: 812, reason: "it has no text" },
      { line: 1_904, reason: "'wonderful' is no label" },
    ],
    leftOut: 0,
    truncated: 3,
    majority: 0.656,
    answers: agreementOf([
      [258, 66, 23],
      [61, 1_405, 100],
      [19, 69, 387],
    ]),
    expectedError: 0.028,
    brier: 0.207,
    bins: bins.map(([confidence, accuracy, texts], at) => ({
      from: (at + 5) / 15,
      to: (at + 6) / 15,
      texts,
      confidence,
      accuracy,
    })),
    wordList: agreementOf([
      [121, 196, 30],
      [142, 1_226, 198],
      [28, 229, 218],
    ]),
  };
}

function studyOf(asset: string, bars: number, strong: number, lengths: readonly number[]): MoodStudyDto {
  // What is stronger is rarer; beyond 0.6 nothing is as strong.
  const events = strong > 0.6 ? 0 : Math.round(30 * (1 - strong));
  const responses = (sign: number): ResponseDto[] =>
    lengths.map((length, at) => {
      const days = Math.min(events, 9);
      const mean = events === 0 ? null : sign * 0.0009 * Math.sqrt(length) * (at === 0 ? 3 : 1);
      const reach = 0.0012 * Math.sqrt(length);
      const known = mean !== null && days > 1;
      return {
        bars: length,
        events: Math.max(0, events - at),
        days,
        mean,
        low: known ? mean - reach : null,
        high: known ? mean + reach : null,
        usual: 0.00004 * length,
      };
    });
  return { asset, articles: asset === "BTC" ? 14 : 6, bars, positive: responses(1), negative: responses(-1) };
}
