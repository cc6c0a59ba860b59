// Strategies of the in-memory program, in the language of the real one.
import type { LanguageDto, ScriptProblemDto, StrategyDto } from "../bindings";
import language from "./language.json?raw";

const SMA_CROSS = `//! # SMA cross
//! Long while the fast average of closes is above the slow one.
//!
//! ## Idea
//! When the mean of the last days is above that of the last weeks, the market rises. Who buys at the crossing is in every
//! long trend, if late.
//!
//! ## Parameters
//! \`fast\` and \`slow\` are the bars of the two averages. The further apart, the fewer trades.
//!
//! ## When it fails
//! In a market that goes sideways the averages cross often, and each crossing costs fees and a small loss.

let fast = param("fast", 10, #{min: 2, max: 60, step: 1, about: "Bars of the fast average", unit: "bars"});
let slow = param("slow", 30, #{min: 5, max: 240, step: 1, about: "Bars of the slow average", unit: "bars"});

let a = sma(close, fast);
let b = sma(close, slow);

enter_long(crosses_above(a, b));
exit_long(crosses_below(a, b));
`;

const HOLD = `//! # Buy and hold
//! Buys at the first bar and keeps it: what every other idea has to beat.
//!
//! ## Idea
//! Being in the market all the time, paying costs once.
//!
//! ## Parameters
//! None.
//!
//! ## When it fails
//! It takes every fall in full.

enter_long(true);
`;

const TREND = `//! # Sentiment-filtered trend
//! Follows the trend only while the news of the last day is not negative.
//!
//! ## Idea
//! A trend that the news speaks against ends sooner.
//!
//! ## Parameters
//! \`slow\` is the length of the trend in bars.
//!
//! ## When it fails
//! Where there is little news, or where it only repeats what the price has done.

let slow = param("slow", 50, #{min: 5, max: 240, step: 1, about: "Bars of the trend", unit: "bars"});

enter_long(close > sma(close, slow) & sentiment("1d") >= 0.0);
exit_long(close < sma(close, slow));
stop_loss(percent(5));
pyramiding(2);
cooldown(3);
`;

const ROTATION = `//! # Momentum rotation
//! Holds the strongest few of several symbols, and changes over once a week.
//!
//! ## Idea
//! Among assets, those that rose most over the last weeks tend to go on ahead of the others for a while (Jegadeesh and Titman
//! 1993, for shares; Liu, Tsyvinski and Wu 2022 found it among cryptocurrencies too). So the account is split over the
//! strongest, and what falls out of the ranks makes room for what comes in. Only what rose at all is held; the rest is cash.
//!
//! ## Parameters
//! \`length\`, how far to look back in bars; \`hold\`, how many symbols are held at once, each for its part of the equity; \`days\`
//! from one ranking to the next.
//!
//! ## When it fails
//! When everything falls together, momentum among symbols says little, and at turns it holds what fell back most. It trades
//! much: with a high \`hold\` or few \`days\`, fees eat the difference. And the symbols that one would choose today are those that
//! survived: a test over them alone looks better than it was.

let length = param("length", 30, #{min: 2, max: 2000, step: 1, about: "Bars to look back", unit: "bars"});
let hold = param("hold", 3, #{min: 1, max: 50, step: 1, about: "Symbols held at once"});
let days = param("days", 7, #{min: 1, max: 90, step: 1, about: "From one ranking to the next", unit: "days"});

let change = roc(close, length);
rotate(change, hold, every(\`\${days}d\`), change > 0);
`;

export function createStrategies(): StrategyDto[] {
  return [
    {
      id: "sma-cross",
      title: "SMA cross",
      about: "Long while the fast average of closes is above the slow one.",
      builtin: true,
      source: SMA_CROSS,
      usesSentiment: false,
      rotates: false,
      params: [
        { name: "fast", about: "Bars of the fast average", default: 10, min: 2, max: 60, step: 1 },
        { name: "slow", about: "Bars of the slow average", default: 30, min: 5, max: 240, step: 1 },
      ],
    },
    {
      id: "buy-and-hold",
      title: "Buy and hold",
      about: "Buys at the first bar and keeps it: what every other idea has to beat.",
      builtin: true,
      source: HOLD,
      usesSentiment: false,
      rotates: false,
      params: [],
    },
    {
      id: "sentiment-trend",
      title: "Sentiment-filtered trend",
      about: "Follows the trend only while the news of the last day is not negative.",
      builtin: true,
      source: TREND,
      usesSentiment: true,
      rotates: false,
      params: [{ name: "slow", about: "Bars of the trend", default: 50, min: 5, max: 240, step: 1 }],
    },
    {
      id: "momentum-rotation",
      title: "Momentum rotation",
      about: "Holds the strongest few of several symbols, and changes over once a week.",
      builtin: true,
      source: ROTATION,
      usesSentiment: false,
      rotates: true,
      params: [
        { name: "length", about: "Bars to look back", default: 30, min: 2, max: 2_000, step: 1 },
        { name: "hold", about: "Symbols held at once", default: 3, min: 1, max: 50, step: 1 },
        { name: "days", about: "From one ranking to the next", default: 7, min: 1, max: 90, step: 1 },
      ],
    },
  ];
}

/** The language, a copy that a test of the program keeps true. */
export function readLanguage(): LanguageDto {
  return JSON.parse(language);
}

/** Whether a script rotates over several symbols. */
export const asksToRotate = (source: string) => /^rotate\(/m.test(source);

/** The mistakes that tests make. */
export function problemsOf(source: string): ScriptProblemDto[] {
  const lines = source.split("\n");
  const wrong = lines.findIndex((line) => line.includes("smaa("));
  if (wrong >= 0) {
    const column = (lines[wrong]?.indexOf("smaa(") ?? 0) + 1;
    return [
      { line: wrong + 1, column, message: "there is no function 'smaa'", hint: "Did you mean sma(x, length = 20)?" },
    ];
  }
  if (/enter_(long|short)\(/.test(source) || asksToRotate(source)) return [];
  const hint =
    "Call enter_long(condition) or enter_short(condition), or rotate(score, hold, when) for several symbols.";
  return [{ line: 1, column: 1, message: "the script never enters a position", hint }];
}
