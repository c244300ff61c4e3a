import { medianInPlace } from "./median.ts";
import type { Samples } from "./types.ts";

/** Median absolute deviation of a normal distribution of standard deviation 1. */
const madOfNormal = 0.67449;

/** columns taken at once: 16 float32 fill a line of the cache */
const columnsAtOnce = 16;

/** [C, T] of [T, C]: what is measured channel by channel would else fetch a line of the cache for every value. */
export function channelLines(values: Float32Array, nChannels: number): Float32Array {
  const nRows = values.length / nChannels;
  const lines = new Float32Array(values.length);
  for (let first = 0; first < nChannels; first += columnsAtOnce) {
    const end = Math.min(nChannels, first + columnsAtOnce);
    for (let t = 0; t < nRows; t++) for (let c = first; c < end; c++) lines[c * nRows + t] = values[t * nChannels + c];
  }
  return lines;
}

/** [C] standard deviation of each line of [C, T], from the median absolute deviation about the median. */
export function madNoise(lines: Float32Array, nChannels: number): Float64Array {
  const nRows = lines.length / nChannels;
  const noiseUv = new Float64Array(nChannels);
  for (let c = 0; c < nChannels; c++) {
    const line = lines.slice(c * nRows, (c + 1) * nRows);
    const median = medianInPlace(line);
    for (let t = 0; t < nRows; t++) line[t] = Math.abs(line[t] - median);
    noiseUv[c] = medianInPlace(line) / madOfNormal;
  }
  return noiseUv;
}

/** A channel that keeps one raw value over this share of a stretch was not measuring there. */
const stuckShare = 0.1;

/** [C] 1 where a channel of a raw stretch [T, nColumns] is stuck: constant, or filled with zeros for a part of it. */
export function stuckChannels(raw: Samples, nColumns: number, channels: ArrayLike<number>): Uint8Array {
  const nRows = raw.length / nColumns;
  const longest = Math.max(2, Math.ceil(stuckShare * nRows));
  return Uint8Array.from({ length: channels.length }, (_, i) => {
    let run = 1;
    for (let at = channels[i] + nColumns; at < raw.length; at += nColumns) {
      run = raw[at] === raw[at - nColumns] ? run + 1 : 1;
      if (run >= longest) return 1;
    }
    return 0;
  });
}

export interface NoiseChunk {
  /** [C] µV */
  noiseUv: Float64Array;
  /** [C] 1 where the channel was stuck */
  stuck: Uint8Array;
}

/** [C] µV, the mean over the chunks in which a channel was measuring; 0 for a channel that never was. */
export function meanNoise(chunks: readonly NoiseChunk[], nChannels: number): Float64Array {
  return Float64Array.from({ length: nChannels }, (_, c) => {
    const measured = chunks.filter(({ stuck }) => stuck[c] === 0);
    return measured.length === 0 ? 0 : measured.reduce((sum, { noiseUv }) => sum + noiseUv[c], 0) / measured.length;
  });
}
