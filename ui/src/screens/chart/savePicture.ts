// A picture of the chart: what is drawn, with the legends that stand over it in the window.
import type { SeriesDto } from "../../backend/bindings";
import type { CandleChart } from "../../chart/candleChart";
import { chartColours, lineColour } from "../../chart/chartTheme";
import type { DrawnLine } from "../../chart/drawnLines";
import type { PanePlace } from "../../chart/panePlaces";
import { type PictureWords, pictureBlob, saveBlob } from "../../chart/picture";
import type { Candle } from "../../chart/points";
import type { Format } from "../../format";
import type { Catalogue } from "../../i18n/text";
import { showDone } from "../../widgets/toast";
import { legendText } from "./Legend";

interface Shown {
  series: SeriesDto;
  bar: Candle | null;
  format: Format;
  text: Catalogue["chart"];
  lines: readonly DrawnLine[];
  panes: readonly PanePlace[];
}

/** Names of the lines in the colours they are drawn in, at the top of their panes. */
export function wordsOf(
  lines: readonly DrawnLine[],
  panes: readonly PanePlace[],
  colour: (index: number) => string,
): PictureWords[] {
  return panes.flatMap(({ pane, top }) => {
    const words = lines.filter((line) => line.pane === pane && !line.hidden);
    return words.map((line, row) => ({ text: line.name, colour: colour(line.colour), top: top + 12 + row * 16 }));
  });
}

export function savePicture(drawing: CandleChart | null, shown: Shown): void {
  const canvas = drawing?.picture();
  if (!canvas) return;
  const colours = chartColours();
  const { series, bar, format, text, lines, panes } = shown;
  const words = wordsOf(lines, panes, (index) => lineColour(index, colours));
  void pictureBlob(canvas, legendText(series, bar, format), words).then((blob) => {
    if (!blob) return;
    saveBlob(blob, `${series.symbol}_${series.interval}.png`);
    showDone(text.pictureSaved);
  });
}
