import { N_SAMPLES, N_SLOTS } from "../../core/network/layout.ts";
import { Random } from "../../core/random.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { WaveformFeed } from "../sln/feed.ts";

/** Waveforms read at once, while the ones before are learned from: 15 MB. */
const readAtOnce = 4096;

/** Random numbers of one epoch of one run: a run that is resumed at an epoch goes on as if it had not been stopped. */
export function epochRandom(seed: number, epoch: number): Random {
  return new Random((Math.imul(seed + 1, 0x9e3779b9) ^ Math.imul(epoch, 0x85ebca6b)) >>> 0);
}

function shuffle(values: Int32Array, random: Random): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [values[i], values[j]] = [values[j], values[i]];
  }
}

/**
 * The rows in the order of an epoch, at most `most` of them (0: all). Runs of neighbours, which a file gives in one read, are
 * shuffled, and then the rows of as many runs as are read at once.
 */
export function epochOrder(rows: Int32Array, runLength: number, most: number, random: Random): Int32Array {
  const runs = Int32Array.from({ length: Math.ceil(rows.length / runLength) }, (_, run) => run);
  shuffle(runs, random);
  const wanted = most > 0 ? Math.min(most, rows.length) : rows.length;
  const order = new Int32Array(wanted);
  let n = 0;
  for (let r = 0; n < wanted; r++) {
    const run = rows.subarray(runs[r] * runLength, (runs[r] + 1) * runLength).subarray(0, wanted - n);
    order.set(run, n);
    n += run.length;
  }
  for (let from = 0; runLength > 1 && from < wanted; from += readAtOnce)
    shuffle(order.subarray(from, from + readAtOnce), random);
  return order;
}

export interface WaveformBatch {
  /** [n] rows of the table */
  rows: Int32Array;
  /** [n, 10, 90] */
  waveforms: Float32Array;
}

/** Batches in the order given; a spike whose waveform holds what is no number is left out and counted by `onLost`. */
export async function* batchesOf(
  feed: WaveformFeed,
  order: Int32Array,
  batchSize: number,
  onLost: (n: number) => void,
): AsyncGenerator<WaveformBatch, void> {
  const size = batchSize * Math.max(1, Math.floor(readAtOnce / batchSize));
  const read = (from: number) => {
    const waveforms = feed.read(order.subarray(from, from + size));
    waveforms.catch(() => undefined); // reported when its turn comes
    return waveforms;
  };
  let next = read(0);
  for (let from = 0; from < order.length; from += size) {
    const waveforms = await next;
    if (from + size < order.length) next = read(from + size);
    const whole = onlyNumbers({ rows: order.subarray(from, from + size), waveforms });
    onLost(Math.min(size, order.length - from) - whole.rows.length);
    for (let start = 0; start < whole.rows.length; start += batchSize) {
      const rows = whole.rows.subarray(start, start + batchSize);
      const at = start * N_SLOTS * N_SAMPLES;
      yield { rows, waveforms: whole.waveforms.subarray(at, at + rows.length * N_SLOTS * N_SAMPLES) };
    }
  }
}

function onlyNumbers({ rows, waveforms }: WaveformBatch): WaveformBatch {
  const length = N_SLOTS * N_SAMPLES;
  const waveformOf = (i: number) => waveforms.subarray(i * length, (i + 1) * length);
  const isWhole = Array.from(rows, (_, i) => isNumbers(waveformOf(i)));
  if (isWhole.every(Boolean)) return { rows, waveforms };
  const kept = isWhole.flatMap((whole, i) => (whole ? [i] : []));
  const out = new Float32Array(kept.length * length);
  kept.forEach((from, to) => {
    out.set(waveformOf(from), to * length);
  });
  return { rows: Int32Array.from(kept, (i) => rows[i]), waveforms: out };
}

/** By the sum, which NaN and infinity do not leave finite: a call for each value would take as long as learning from it. */
function isNumbers(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return Number.isFinite(sum);
}

/** Spikes of one step of the optimiser. */
export function batchSizeOf({ batch_size, network }: ParamValues): number {
  return (batch_size as number) || (network === "transformer" ? 128 : 512);
}
