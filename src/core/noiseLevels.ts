import { medianInPlace } from "./median.ts";

/** Median absolute deviation of a normal distribution of standard deviation 1. */
const madOfNormal = 0.67449;

/** [C] standard deviation of each column of [T, C], from the median absolute deviation about the median. */
export function madNoise(values: Float32Array, nChannels: number): Float64Array {
  const nRows = values.length / nChannels;
  const line = new Float32Array(nRows);
  return Float64Array.from({ length: nChannels }, (_, c) => {
    for (let t = 0; t < nRows; t++) line[t] = values[t * nChannels + c];
    const median = medianInPlace(line);
    for (let t = 0; t < nRows; t++) line[t] = Math.abs(line[t] - median);
    return medianInPlace(line) / madOfNormal;
  });
}

/** A channel that keeps one raw value over this share of a stretch was not measuring there. */
const stuckShare = 0.1;

/** [C] 1 where a channel of a raw stretch [T, nColumns] is stuck: constant, or filled with zeros for a part of it. */
export function stuckChannels(raw: Int16Array, nColumns: number, channels: ArrayLike<number>): Uint8Array {
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
