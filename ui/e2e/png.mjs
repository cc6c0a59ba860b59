// Reads a PNG as far as the question "is there anything on it?" needs: 8 bits a channel, not interlaced, as
// screenshots are. https://www.w3.org/TR/png-3/

import { inflateSync } from "node:zlib";

const CHANNELS = { 0: 1, 2: 3, 4: 2, 6: 4 };

/** Width, height and the number of different colours of a picture. */
export function describe(png) {
  const { width, height, channels, data } = unpack(png);
  const line = width * channels;
  const colours = new Set();
  let above = new Uint8Array(line);
  for (let row = 0; row < height; row += 1) {
    const start = row * (line + 1);
    const current = unfilter(data[start], data.subarray(start + 1, start + 1 + line), above, channels);
    for (let at = 0; at < line; at += channels) {
      const grey = channels < 3;
      const [red, green, blue] = grey ? [current[at], current[at], current[at]] : current.subarray(at, at + 3);
      colours.add((red << 16) | (green << 8) | blue);
    }
    above = current;
  }
  return { width, height, colours: colours.size };
}

function unpack(png) {
  if (png.readUInt32BE(0) !== 0x89504e47) throw new Error("not a PNG");
  const parts = [];
  let header = null;
  for (let at = 8; at + 8 <= png.length; ) {
    const length = png.readUInt32BE(at);
    const kind = png.toString("latin1", at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (kind === "IHDR") header = body;
    if (kind === "IDAT") parts.push(body);
    at += length + 12;
  }
  const plain = header !== null && header[8] === 8 && header[12] === 0;
  if (!plain) throw new Error("a PNG of a kind that screenshots do not have");
  const channels = CHANNELS[header[9]];
  if (channels === undefined) throw new Error("a PNG with a palette");
  return {
    width: header.readUInt32BE(0),
    height: header.readUInt32BE(4),
    channels,
    data: inflateSync(Buffer.concat(parts)),
  };
}

/** Undoes the filter of one line; `above` is the line over it, already undone. */
function unfilter(filter, raw, above, channels) {
  const line = new Uint8Array(raw.length);
  for (let at = 0; at < raw.length; at += 1) {
    const left = at >= channels ? line[at - channels] : 0;
    const up = above[at];
    const corner = at >= channels ? above[at - channels] : 0;
    line[at] = raw[at] + prediction(filter, left, up, corner);
  }
  return line;
}

function prediction(filter, left, up, corner) {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      throw new Error(`a PNG with the unknown filter ${filter}`);
  }
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
