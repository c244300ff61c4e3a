import { Fft } from "../../core/fft.ts";
import type { DepthRows } from "../../core/lfp/depthRows.ts";
import { frameRange, type ResamplePlan, resampleFrame } from "../../core/lfp/resample.ts";
import type { SampleReader } from "../../core/types.ts";

/** Some time bins of the field potential by depth. */
export interface FieldChunk {
  /** [T] s, ascending */
  timeSec: Float64Array;
  /** per shank: [T, R] */
  fields: Float32Array[];
  /** of the recording, up to the end of this chunk */
  share: number;
}

/**
 * Read a recording by ranges and give it in chunks of `chunkBins` samples at the plan's rate, filtered, by depth. A chunk
 * ends with its segment. Where segments overlap the later one begins after the earlier one. A number is a tick: the share
 * of the recording that was read.
 */
export async function* fieldChunks(
  reader: SampleReader,
  shanks: readonly DepthRows[],
  plan: ResamplePlan,
  chunkBins: number,
): AsyncGenerator<number | FieldChunk, void> {
  const { segments, rateHz } = reader.recording;
  const nAll = segments.reduce((sum, { nSamples }) => sum + nSamples, 0);
  const step = plan.nKept * plan.factor;
  let nBefore = 0;
  let lastSec = Number.NEGATIVE_INFINITY;
  for (const [segment, { nSamples, startSec }] of segments.entries()) {
    const pending = new Pending(shanks);
    for (let from = 0; from < nSamples; from += step) {
      const found = yield* frameFields(reader, segment, from, shanks, plan, (part) => {
        return (nBefore + Math.min(nSamples, from + step * part)) / nAll;
      });
      const skipped = Math.max(0, Math.floor(((lastSec - startSec) * rateHz - from) / plan.factor) + 1);
      for (let k = skipped; k < found[0].length / shanks[0].depthUm.length; k++)
        pending.push(
          startSec + (from + k * plan.factor) / rateHz,
          found.map((field, s) => row(field, k, shanks[s])),
        );
      const done = (nBefore + Math.min(nSamples, from + step)) / nAll;
      while (pending.length >= chunkBins) yield pending.take(chunkBins, done);
    }
    nBefore += nSamples;
    if (pending.length > 0) yield pending.take(pending.length, nBefore / nAll);
    lastSec = Math.max(lastSec, startSec + (nSamples - 1) / rateHz);
  }
}

function row(field: Float32Array, k: number, { depthUm }: DepthRows): Float32Array {
  return field.subarray(k * depthUm.length, (k + 1) * depthUm.length);
}

/** Per shank: [T, R] of the frame that begins at sample `from`. */
async function* frameFields(
  reader: SampleReader,
  segment: number,
  from: number,
  shanks: readonly DepthRows[],
  plan: ResamplePlan,
  share: (part: number) => number,
): AsyncGenerator<number, Float32Array[]> {
  const { segments, nSavedChannels, uvPerBit, delaySamples } = reader.recording;
  const nTotal = segments[segment].nSamples;
  const [first, end] = frameRange(plan, from, nTotal);
  const samples = await reader.readSamples(segment, first, end);
  const stretch = { samples, nColumns: nSavedChannels, start: first, nTotal };
  const fft = { long: new Fft(plan.nFft), short: new Fft(plan.nFft / plan.factor) };
  const nTimes = Math.min(plan.nKept, Math.ceil((nTotal - from) / plan.factor));
  const fields = shanks.map(({ depthUm }) => new Float64Array(nTimes * depthUm.length));
  for (const [s, { channels, depthUm, weights }] of shanks.entries()) {
    const nRows = depthUm.length;
    for (let c = 0; c < channels.length; c += 2) {
      const pair = Array.from(channels.subarray(c, c + 2), (channel) => ({
        column: channel,
        gain: uvPerBit[channel],
        delay: delaySamples[channel] ?? 0,
      }));
      for (const [offset, trace] of resampleFrame(plan, fft, stretch, from, pair).entries()) {
        for (let r = 0; r < nRows; r++) {
          const weight = weights[r * channels.length + c + offset];
          if (weight !== 0) for (let t = 0; t < nTimes; t++) fields[s][t * nRows + r] += weight * trace[t];
        }
      }
      yield share((s + (c + 2) / (channels.length + 2)) / shanks.length);
    }
  }
  return fields.map((field) => Float32Array.from(field));
}

/** Time bins that wait for their chunk to be full. */
class Pending {
  readonly #nRows: number[];
  #timeSec: number[] = [];
  #rows: Float32Array[][] = [];

  constructor(shanks: readonly DepthRows[]) {
    this.#nRows = shanks.map(({ depthUm }) => depthUm.length);
  }

  get length(): number {
    return this.#timeSec.length;
  }

  push(timeSec: number, rows: Float32Array[]): void {
    this.#timeSec.push(timeSec);
    this.#rows.push(rows);
  }

  take(n: number, share: number): FieldChunk {
    const taken = this.#rows.splice(0, n);
    const fields = this.#nRows.map((nRows, s) => {
      const field = new Float32Array(n * nRows);
      taken.forEach((rows, t) => {
        field.set(rows[s], t * nRows);
      });
      return field;
    });
    return { timeSec: Float64Array.from(this.#timeSec.splice(0, n)), fields, share };
  }
}
