import { tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { assert } from "../../core/errors.ts";
import { N_SAMPLES, N_SLOTS } from "../../core/network/layout.ts";
import { evaluation } from "../../core/network/types.ts";
import type { Network, NetworkInput } from "../../nn/network.ts";
import type { Yielded } from "../defineMethod.ts";
import type { WaveformFeed } from "./feed.ts";

/** 7 MB of waveforms; small enough that a cancel is heard at once */
export const applyBatch = 2048;

/** A batch of a feed on the compute backend; the caller disposes. waveforms: [n, 10, 90] as the feed gave them for `rows`. */
export function batchTensors(feed: WaveformFeed, rows: ArrayLike<number>, waveforms: Float32Array): NetworkInput {
  return {
    waveforms: tensor3d(waveforms, [rows.length, N_SLOTS, N_SAMPLES]),
    centroids: tensor2d(anchorsOf(feed, rows), [rows.length, 2]),
  };
}

/** [n, 2] µm */
export function anchorsOf({ anchorsUm }: WaveformFeed, rows: ArrayLike<number>): Float32Array {
  return Float32Array.from({ length: 2 * rows.length }, (_, i) => anchorsUm[2 * rows[i >> 1] + (i & 1)]);
}

/** Offsets from the anchors as positions: [n, 4] x, y, z in µm and α, NaN where the network says none. out: [n, nOut] */
export function positionsOf(out: ArrayLike<number>, nOut: number, anchorsUm: ArrayLike<number>): Float32Array {
  const n = anchorsUm.length / 2;
  assert(out.length === n * nOut, "an output for every anchor");
  const xyza = new Float32Array(4 * n);
  for (let i = 0; i < n; i++) {
    xyza[4 * i] = anchorsUm[2 * i] + out[nOut * i];
    xyza[4 * i + 1] = anchorsUm[2 * i + 1] + out[nOut * i + 1];
    xyza[4 * i + 2] = out[nOut * i + 2];
    xyza[4 * i + 3] = nOut > 3 ? 10 ** out[nOut * i + 3] : Number.NaN;
  }
  return xyza;
}

/**
 * Where a network puts spikes, in evaluation mode: [n, 4] x, y, z, alpha of the rows given (null: of all), uncorrected. The
 * next waveforms are read while a batch is worked on. Rows not reached before a cancel are NaN.
 */
export async function* predictAll(
  network: Network,
  feed: WaveformFeed,
  rows: ArrayLike<number> | null,
  signal: AbortSignal,
): AsyncGenerator<Yielded, Float32Array> {
  const total = rows ? rows.length : feed.nSpikes;
  const found = new Float32Array(4 * total).fill(Number.NaN);
  const startedMs = performance.now();
  const batchAt = (from: number) =>
    Int32Array.from({ length: Math.min(applyBatch, total - from) }, (_, i) => (rows ? rows[from + i] : from + i));
  const read = (from: number) => {
    const waveforms = feed.read(batchAt(from));
    waveforms.catch(() => undefined); // reported when its turn comes
    return waveforms;
  };
  let next = total > 0 ? read(0) : null;
  for (let from = 0; next && !signal.aborted; ) {
    const batch = batchAt(from);
    const waveforms: Float32Array = await next;
    const to = from + batch.length;
    next = to < total ? read(to) : null;
    found.set(await predictBatch(network, feed, batch, waveforms), 4 * from);
    const ratePerSec = to / Math.max(1e-3, (performance.now() - startedMs) / 1000);
    const secondsLeft = (total - to) / ratePerSec;
    yield { kind: "progress", done: to, total, unit: "spikes", ratePerSec, secondsLeft };
    from = to;
  }
  return found;
}

/** [n, 4] of waveforms that were read already. */
export async function predictBatch(
  network: Network,
  feed: WaveformFeed,
  rows: ArrayLike<number>,
  waveforms: Float32Array,
): Promise<Float32Array> {
  const input = batchTensors(feed, rows, waveforms);
  const out = network.output(input, evaluation, false);
  try {
    return positionsOf(await out.data(), network.spec.nOut, anchorsOf(feed, rows));
  } finally {
    out.dispose();
    input.waveforms.dispose();
    input.centroids.dispose();
  }
}
