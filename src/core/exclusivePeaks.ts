import type { SlotTable } from "./types.ts";

/**
 * Locally exclusive detection: peaks that no stronger peak nearby accompanies. The oracle of shaders/peakCandidates.wgsl,
 * shaders/exclusivePeaks.wgsl and the SIMD kernel peakCandidates.
 *
 * A candidate of sign "neg" has v[s] ≤ −thr, v[s] < v[s−1] and v[s] ≤ v[s+1] (the first sample of a plateau); "pos" is the
 * mirror image, "both" either. Its score is |v|/thr. A candidate stays unless another candidate, itself kept or not, at
 * most `excludeSamples` rows away on a neighbouring channel (its own included) has a larger score, or an equal one in an
 * earlier row; equals in the same row on two channels both stay. Rows outside the tile count as zeros.
 *
 * The score is |v| · float32(1/thr) in float32 wherever it is computed: WGSL rounds products correctly but not quotients,
 * and equal samples of channels of equal noise must tie on every machine.
 * Source: SpikeInterface, detection method "locally_exclusive".
 */
export type PeakSign = "neg" | "pos" | "both";

export interface PeakRules {
  /** [C] in the unit of the traces, > 0; Infinity switches a channel off */
  thresholds: Float32Array;
  /** channels within the radius of each channel, itself included (neighbours.slotsWithin) */
  neighbours: SlotTable;
  sign: PeakSign;
  /** rivals are looked for this many rows before and after */
  excludeSamples: number;
  /** peaks are reported from rows [fromRow, toRow); candidates and rivals come from the whole tile */
  fromRow: number;
  toRow: number;
}

/** Peaks sorted by row, then channel. */
export interface Peaks {
  row: Int32Array;
  channel: Int32Array;
  /** signed value of the trace */
  amplitude: Float32Array;
}

/** [C] factor that turns |v| into a score; 0 for a channel that is off. */
export function inverseThresholds(thresholds: Float32Array): Float32Array {
  return thresholds.map((threshold) => 1 / threshold);
}

/** Candidates as ascending flat indices row · C + channel. traces: [T, C]. */
export function peakCandidates(traces: Float32Array, thresholds: Float32Array, sign: PeakSign): number[] {
  const nChannels = thresholds.length;
  const found: number[] = [];
  const valueAt = (i: number) => (i >= 0 && i < traces.length ? traces[i] : 0);
  for (let row = 0; row < traces.length; row += nChannels) {
    for (let c = 0; c < nChannels; c++) {
      const v = traces[row + c];
      if (!(Math.abs(v) >= thresholds[c])) continue;
      if (v < 0 ? sign === "pos" : sign === "neg") continue;
      const before = valueAt(row + c - nChannels);
      const after = valueAt(row + c + nChannels);
      if (v < 0 ? v < before && v <= after : v > before && v >= after) found.push(row + c);
    }
  }
  return found;
}

/** Which of the candidates (ascending flat indices) stay and lie in the reported rows. */
export function keepExclusive(traces: Float32Array, candidates: ArrayLike<number>, rules: PeakRules): Peaks {
  const nChannels = rules.thresholds.length;
  const inverse = inverseThresholds(rules.thresholds);
  const isNear = adjacency(rules.neighbours, nChannels);
  const n = candidates.length;
  const rowOf = new Int32Array(n);
  const channelOf = new Int32Array(n);
  const score = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    rowOf[i] = Math.floor(candidates[i] / nChannels);
    channelOf[i] = candidates[i] - rowOf[i] * nChannels;
    score[i] = Math.abs(traces[candidates[i]]) * inverse[channelOf[i]];
  }
  const kept: number[] = [];
  let first = 0; // earliest candidate still within reach
  for (let i = 0; i < n; i++) {
    const row = rowOf[i];
    while (rowOf[first] < row - rules.excludeSamples) first++;
    if (row < rules.fromRow || row >= rules.toRow) continue;
    const near = channelOf[i] * nChannels;
    let isBeaten = false;
    for (let j = first; j < n && rowOf[j] <= row + rules.excludeSamples && !isBeaten; j++) {
      if (isNear[near + channelOf[j]] === 0) continue;
      isBeaten = score[j] > score[i] || (score[j] === score[i] && rowOf[j] < row);
    }
    if (!isBeaten) kept.push(i);
  }
  const peaks = {
    row: new Int32Array(kept.length),
    channel: new Int32Array(kept.length),
    amplitude: new Float32Array(kept.length),
  };
  kept.forEach((i, k) => {
    peaks.row[k] = rowOf[i];
    peaks.channel[k] = channelOf[i];
    peaks.amplitude[k] = traces[candidates[i]];
  });
  return peaks;
}

/** [C, C] 1 where the second channel is a slot of the first. */
function adjacency({ nSlots, channels }: SlotTable, nChannels: number): Uint8Array {
  const near = new Uint8Array(nChannels * nChannels);
  for (let i = 0; i < channels.length; i++) {
    if (channels[i] >= 0) near[Math.floor(i / nSlots) * nChannels + channels[i]] = 1;
  }
  return near;
}

/** Peaks of a tile. traces: [T, C] row-major. */
export function exclusivePeaks(traces: Float32Array, rules: PeakRules): Peaks {
  return keepExclusive(traces, peakCandidates(traces, rules.thresholds, rules.sign), rules);
}
