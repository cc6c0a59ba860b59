// Where the marks of a study of news and prices stand, and what they say. Pure.
import type { MoodStudyDto, ResponseDto } from "../../backend/bindings";

export type News = "positive" | "negative";

export interface StudyMark {
  news: News;
  response: ResponseDto;
  /** Middle of the mark and ends of its band, in the units of the box; the band is absent on fewer than two days. */
  x: number;
  y: number;
  band: { top: number; bottom: number } | null;
}

export interface StudyPicture {
  marks: StudyMark[];
  /** What any time brought, a stretch for each length. */
  usual: { x: number; y: number }[];
  /** Middles of the groups, with how many bars they stand for. */
  groups: { x: number; bars: number }[];
  zero: number;
  low: number;
  high: number;
  /** Width of a group. */
  step: number;
}

const NEWS: readonly News[] = ["positive", "negative"];

/** Spreads the responses over a box: a group for each length, good news at its left and bad news at its right. */
export function pictureOf(study: MoodStudyDto, width: number, height: number): StudyPicture | null {
  const values = NEWS.flatMap((news) =>
    study[news].flatMap(({ mean, low, high, usual }) => [mean, low, high, usual].filter((value) => value !== null)),
  );
  const count = Math.max(study.positive.length, study.negative.length);
  if (count === 0 || !NEWS.some((news) => study[news].some(({ mean }) => mean !== null))) return null;
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const room = Math.max(high - low, 1e-6) * 0.06;
  const y = (value: number) => ((high + room - value) / (high - low + 2 * room)) * height;
  const step = width / count;
  const middle = (at: number) => (at + 0.5) * step;
  const marks = NEWS.flatMap((news, side) =>
    study[news].flatMap((response, at): StudyMark[] => {
      const { mean } = response;
      if (mean === null) return [];
      const band =
        response.low === null || response.high === null ? null : { top: y(response.high), bottom: y(response.low) };
      return [{ news, response, x: middle(at) + (side - 0.5) * step * 0.36, y: y(mean), band }];
    }),
  );
  return {
    marks,
    usual: study.positive.flatMap(({ usual }, at) => (usual === null ? [] : [{ x: middle(at), y: y(usual) }])),
    groups: study.positive.map(({ bars }, at) => ({ x: middle(at), bars })),
    zero: y(0),
    low,
    high,
    step,
  };
}

/** Whether what came after the news differs from any time by more than chance explains; null where that cannot be told. */
export function standsApart({ low, high, usual }: ResponseDto): boolean | null {
  if (low === null || high === null || usual === null) return null;
  return usual < low || usual > high;
}

/** How many of the responses that can be judged stand apart from any time. */
export function apartOf(study: MoodStudyDto): { apart: number; judged: number } {
  const told = NEWS.flatMap((news) => study[news].map(standsApart)).filter((apart) => apart !== null);
  return { apart: told.filter(Boolean).length, judged: told.length };
}
