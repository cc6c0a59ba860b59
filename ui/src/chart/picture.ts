// A picture of the chart with its legend.
import { tokenColour } from "../theme/theme";

const HEAD = 32;

/** Words on the drawing. */
export interface PictureWords {
  text: string;
  colour: string;
  /** Pixels from the top of the drawing to their middle. */
  top: number;
}

/** The drawing with a line of text above it and words on it, as a PNG. */
export function pictureBlob(
  drawing: HTMLCanvasElement,
  legend: string,
  words: readonly PictureWords[],
): Promise<Blob | null> {
  const ratio = window.devicePixelRatio || 1;
  const canvas = document.createElement("canvas");
  canvas.width = drawing.width;
  canvas.height = drawing.height + HEAD * ratio;
  const context = canvas.getContext("2d");
  if (!context) return Promise.resolve(null);
  context.fillStyle = tokenColour("panel");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(drawing, 0, HEAD * ratio);
  context.fillStyle = tokenColour("fg");
  context.font = `500 ${12 * ratio}px "Inter Variable", sans-serif`;
  context.textBaseline = "middle";
  context.fillText(legend, 12 * ratio, (HEAD / 2) * ratio);
  context.font = `${11 * ratio}px "Inter Variable", sans-serif`;
  for (const { text, colour, top } of words) {
    context.fillStyle = colour;
    context.fillText(text, 12 * ratio, (HEAD + top) * ratio);
  }
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** Hands a file to the window's own download. */
export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
