// Everything of the form but the strategy's parameters, as typed, and what the engine is told of it. Pure.
import type { FillsDto, ParamValue, RunReportDto, SeriesDto, SideDto, TermsDto } from "../../backend/bindings";
import { type Fault, type Faults, limitFault, readFigure } from "./faults";

export type SizeKind = "all" | "percent" | "cash" | "units" | "risk" | "vol";
export const SIZES: readonly SizeKind[] = ["all", "percent", "cash", "units", "risk", "vol"];

export interface Terms {
  seriesId: number | null;
  /** More series on the same account, for a strategy that rotates; null while none was chosen or taken out. */
  otherIds: readonly number[] | null;
  span: "all" | "dates";
  /** First day in UTC; empty for the first stored. */
  from: string;
  /** Last day in UTC, itself included; empty for the last stored. */
  to: string;
  size: SizeKind;
  sizeAmount: string;
  /** Null leaves it to the script. */
  side: SideDto | null;
  /** Null is on minutes as far as there are any. */
  fills: FillsDto | null;
  /** Whether the account may borrow. */
  margin: boolean;
  /** A file of funding rates. */
  funding: string | null;
  cash: string;
  feePercent: string;
  /** Empty for the same as other fills. */
  makerPercent: string;
  slippageBps: string;
  spreadBps: string;
  impactBps: string;
  tick: string;
  lot: string;
  minNotional: string;
  leverage: string;
  maintenancePercent: string;
  daysPerYear: string;
}

export const DEFAULT_TERMS: Terms = {
  seriesId: null,
  otherIds: null,
  span: "all",
  from: "",
  to: "",
  size: "all",
  sizeAmount: "50",
  side: null,
  fills: null,
  margin: false,
  funding: null,
  cash: "10000",
  feePercent: "0.1",
  makerPercent: "",
  slippageBps: "0",
  spreadBps: "0",
  impactBps: "0",
  tick: "0",
  lot: "0",
  minNotional: "0",
  leverage: "3",
  maintenancePercent: "0.5",
  daysPerYear: "365",
};

export type FigureField =
  | "cash"
  | "feePercent"
  | "makerPercent"
  | "slippageBps"
  | "spreadBps"
  | "impactBps"
  | "tick"
  | "lot"
  | "minNotional"
  | "leverage"
  | "maintenancePercent"
  | "daysPerYear";

export type GroupId = "costs" | "orders" | "leverage" | "rules";

interface Figure {
  min: number;
  max: number | null;
  /** Whether the least value is itself too little. */
  above?: boolean;
  /** What the arrow keys add. */
  step: number;
}

/** The limits of the engine, so that what it refuses is said at the field. */
export const FIGURES: Readonly<Record<FigureField, Figure>> = {
  cash: { min: 0, max: null, above: true, step: 1_000 },
  feePercent: { min: 0, max: 50, step: 0.01 },
  makerPercent: { min: -1, max: 50, step: 0.01 },
  slippageBps: { min: 0, max: 4_999, step: 1 },
  spreadBps: { min: 0, max: 4_999, step: 1 },
  impactBps: { min: 0, max: 49, step: 0.5 },
  tick: { min: 0, max: null, step: 0.01 },
  lot: { min: 0, max: null, step: 0.001 },
  minNotional: { min: 0, max: null, step: 1 },
  leverage: { min: 1, max: 125, step: 1 },
  maintenancePercent: { min: 0, max: null, step: 0.1 },
  daysPerYear: { min: 0, max: 366, above: true, step: 1 },
};

const MOST_OF_SIZE: Readonly<Record<SizeKind, number | null>> = {
  all: null,
  percent: 100,
  cash: null,
  units: null,
  risk: 100,
  vol: 1_000,
};

/** The group that a field stands in; the others are always in sight. */
export const GROUP_OF: Readonly<Partial<Record<keyof Terms, GroupId>>> = {
  feePercent: "costs",
  makerPercent: "costs",
  slippageBps: "costs",
  spreadBps: "costs",
  impactBps: "costs",
  side: "orders",
  fills: "orders",
  tick: "orders",
  lot: "orders",
  minNotional: "orders",
  margin: "leverage",
  leverage: "leverage",
  maintenancePercent: "leverage",
  funding: "leverage",
  daysPerYear: "rules",
};

/** What else decides whether the terms make sense. */
export interface Surroundings {
  series: SeriesDto | null;
  /** The stored minutes of the same symbol. */
  minutes: SeriesDto | null;
  /** Whether the script has a stop that a position can be sized by. */
  hasStop: boolean;
}

/** A part of a hundred without the dust of binary fractions. */
const part = (percent: number) => Number((percent / 100).toPrecision(12));

const isSet = (terms: Terms, field: FigureField): boolean =>
  terms.margin || (field !== "leverage" && field !== "maintenancePercent");

/** What the engine is told, and what of it makes no sense. With faults the terms mean nothing. */
export function checkTerms(
  terms: Terms,
  params: ParamValue[],
  { series, minutes, hasStop }: Surroundings,
): { terms: TermsDto; faults: Faults } {
  const faults: Record<string, Fault> = {};
  const read = (field: FigureField): number => {
    const { min, max, above } = FIGURES[field];
    const value = readFigure(terms[field]);
    if (!isSet(terms, field)) return value ?? 0;
    if (field === "makerPercent" && terms[field].trim() === "") return 0;
    const tooLittle = above && value !== null && value <= min;
    const fault: Fault | null =
      value === null ? { kind: "number" } : tooLittle ? { kind: "positive" } : limitFault(value, min, max);
    if (fault) faults[field] = fault;
    return value ?? 0;
  };
  const amount = readFigure(terms.sizeAmount);
  if (terms.size !== "all") {
    const fault: Fault | null =
      amount === null
        ? { kind: "number" }
        : amount <= 0
          ? { kind: "positive" }
          : limitFault(amount, null, MOST_OF_SIZE[terms.size]);
    if (fault) faults.sizeAmount = fault;
    else if (terms.size === "risk" && !hasStop) faults.size = { kind: "noStop" };
  }
  if (terms.fills === "minute" && series) {
    if (series.interval === "1m") faults.fills = { kind: "isMinutes" };
    else if (!minutes) faults.fills = { kind: "noMinutes" };
  }
  const leverage = read("leverage");
  const maintenance = read("maintenancePercent");
  if (terms.margin && !faults.leverage && maintenance >= 100 / leverage) {
    faults.maintenancePercent = { kind: "notBelow", limit: Number((100 / leverage).toPrecision(4)) };
  }
  const maker = read("makerPercent");
  return {
    faults,
    terms: {
      params,
      fee: part(read("feePercent")),
      makerFee: terms.makerPercent.trim() === "" ? null : part(maker),
      slippageBps: read("slippageBps"),
      spreadBps: read("spreadBps"),
      impactBps: read("impactBps"),
      cash: read("cash"),
      size: terms.size === "all" ? "all" : `${terms.size}:${amount ?? 0}`,
      side: terms.side,
      leverage: terms.margin ? leverage : null,
      maintenance: terms.margin ? part(maintenance) : null,
      tick: read("tick"),
      lot: read("lot"),
      minNotional: read("minNotional"),
      daysPerYear: read("daysPerYear"),
      fills: terms.fills,
      funding: terms.funding,
    },
  };
}

/** The fields of a group that are not as a beginner finds them. */
export function changedFields(terms: Terms, group: GroupId): (keyof Terms)[] {
  const names = Object.keys(GROUP_OF).filter((name): name is keyof typeof GROUP_OF => name in DEFAULT_TERMS);
  return names.filter((name) => {
    if (GROUP_OF[name] !== group) return false;
    if (name === "leverage") return terms.margin;
    if (name === "maintenancePercent") return terms.margin && !sameFigure(terms, name);
    if (name === "margin") return false;
    return name in FIGURES ? !sameFigure(terms, name) : terms[name] !== DEFAULT_TERMS[name];
  });
}

function sameFigure(terms: Terms, name: keyof Terms): boolean {
  const [now, usual] = [terms[name], DEFAULT_TERMS[name]];
  if (typeof now !== "string" || typeof usual !== "string") return now === usual;
  return readFigure(now) === readFigure(usual) && (now.trim() === "") === (usual.trim() === "");
}

/** A figure as it would be typed: no exponent, no dust. */
export const typed = (value: number) => String(Number(value.toPrecision(12)));

/** The terms of a run as they would be typed. The strategy's parameters are not among them. */
export function termsOfRun({ terms, run }: RunReportDto): Partial<Terms> {
  const [kind, amount] = terms.size.split(":");
  const size = SIZES.find((known) => known === kind) ?? "all";
  return {
    ...(run.seriesId === null ? {} : { seriesId: run.seriesId }),
    ...(run.others.length === 0 ? {} : { otherIds: run.others.flatMap(({ seriesId }) => seriesId ?? []) }),
    size,
    ...(amount === undefined ? {} : { sizeAmount: amount }),
    side: terms.side,
    fills: terms.fills,
    margin: terms.leverage !== null,
    ...(terms.leverage === null ? {} : { leverage: typed(terms.leverage) }),
    ...(terms.maintenance === null ? {} : { maintenancePercent: typed(terms.maintenance * 100) }),
    funding: null,
    cash: typed(terms.cash),
    feePercent: typed(terms.fee * 100),
    makerPercent: terms.makerFee === null ? "" : typed(terms.makerFee * 100),
    slippageBps: typed(terms.slippageBps),
    spreadBps: typed(terms.spreadBps),
    impactBps: typed(terms.impactBps),
    tick: typed(terms.tick),
    lot: typed(terms.lot),
    minNotional: typed(terms.minNotional),
    daysPerYear: typed(terms.daysPerYear),
  };
}
