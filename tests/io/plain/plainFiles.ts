import type { SyntheticOptions } from "../../../src/core/syntheticRecording.ts";
import { syntheticRecording } from "../../../src/core/syntheticRecording.ts";

/** Samples of a simulated recording in a row, sync word last; without it where `bare`. */
export function samplesOf(options: Partial<SyntheticOptions>, nSamples: number, bare = false): Int16Array {
  const made = syntheticRecording({ durationSec: Math.max(1, nSamples / 30_000), ...options });
  const all = made.samples(0, 0, nSamples);
  if (!bare) return all;
  const n = made.recording.nChannels;
  const out = new Int16Array(nSamples * n);
  for (let t = 0; t < nSamples; t++) out.set(all.subarray(t * (n + 1), t * (n + 1) + n), t * n);
  return out;
}

export function bytesOf(values: Int16Array | Uint16Array | Int32Array | Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** A header before samples. */
export function withHeader(header: Uint8Array, samples: Uint8Array): Uint8Array {
  const out = new Uint8Array(header.length + samples.length);
  out.set(header);
  out.set(samples, header.length);
  return out;
}
