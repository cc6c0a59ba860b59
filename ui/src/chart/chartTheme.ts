// The tokens as colours of the drawing.
import {
  ColorType,
  CrosshairMode,
  type DeepPartial,
  LineStyle,
  type TimeChartOptions,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Format } from "../format";
import { tokenColour } from "../theme/theme";

export interface ChartColours {
  up: string;
  down: string;
  upQuiet: string;
  downQuiet: string;
  pos: string;
  neg: string;
  neu: string;
  gain: string;
  loss: string;
  accent: string;
  warn: string;
  muted: string;
  faint: string;
  /** Of indicator lines, in turn. */
  series: readonly string[];
}

const SERIES = ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6"] as const;

/** Half-transparent: the tokens are six-digit colours. */
const quiet = (colour: string) => `${colour}66`;

export function chartColours(): ChartColours {
  const up = tokenColour("up");
  const down = tokenColour("down");
  return {
    up,
    down,
    upQuiet: quiet(up),
    downQuiet: quiet(down),
    pos: tokenColour("pos"),
    neg: tokenColour("neg"),
    neu: tokenColour("neu"),
    gain: tokenColour("gain"),
    loss: tokenColour("loss"),
    accent: tokenColour("accent"),
    warn: tokenColour("warn"),
    muted: tokenColour("muted"),
    faint: tokenColour("faint"),
    series: SERIES.map((name) => tokenColour(name)),
  };
}

/** Colours of indicator lines and of compared runs, in turn. */
export function lineColour(index: number, colours: ChartColours): string {
  return colours.series[index % colours.series.length] ?? colours.accent;
}

/** The same colour for words beside the drawing. */
export function lineToken(index: number): string {
  return `var(--color-${SERIES[index % SERIES.length] ?? "accent"})`;
}

const DAY_SECONDS = 86_400;

/** Everything of the drawing that depends on the theme, the zone and the locale. */
export function chartOptions(format: Format): DeepPartial<TimeChartOptions> {
  const line = tokenColour("line");
  const label = tokenColour("edge");
  return {
    autoSize: true,
    layout: {
      background: { type: ColorType.Solid, color: tokenColour("panel") },
      textColor: tokenColour("faint"),
      fontSize: 11,
      fontFamily: '"Inter Variable", sans-serif',
      attributionLogo: true,
      panes: { separatorColor: line, separatorHoverColor: quiet(label), enableResize: true },
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line } },
    crosshair: {
      mode: CrosshairMode.Normal,
      vertLine: { color: tokenColour("faint"), style: LineStyle.Dotted, labelBackgroundColor: label },
      horzLine: { color: tokenColour("faint"), style: LineStyle.Dotted, labelBackgroundColor: label },
    },
    rightPriceScale: { borderVisible: false, minimumWidth: 72 },
    timeScale: {
      borderColor: line,
      timeVisible: true,
      secondsVisible: false,
      minBarSpacing: 0.4,
      tickMarkFormatter: (time: unknown) => {
        const at = Number(time) * 1_000;
        const [date, hour] = format.dateTime(at).split(" ");
        // A tick at midnight names the day, every other one the time; far out only days are left.
        return Number(time) % DAY_SECONDS === 0 || hour === "00:00" ? (date ?? "").slice(5) : (hour ?? "");
      },
    },
    localization: {
      locale: format.locale,
      timeFormatter: (time: unknown) =>
        `${format.dateTime(Number(time) * 1_000)} ${format.zoneName(Number(time) * 1_000)}`,
    },
  };
}

export type ChartTime = UTCTimestamp;
