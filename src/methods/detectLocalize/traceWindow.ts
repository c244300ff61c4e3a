import { medianInPlace } from "../../core/median.ts";
import type { Recording, SampleReader, Samples } from "../../core/types.ts";
import type { TraceRequest, TraceWindow } from "../../protocol/recordings.ts";
import { checkParams } from "../defineMethod.ts";
import { Preprocessor } from "../preprocess/preprocessor.ts";
import { detectLocalize } from "./detectLocalize.ts";
import { preprocessOptions, processingInWords } from "./settings.ts";

/** Channels as a person looks at a probe: shank by shank, from the lowest contact up, left before right. */
function fromBelow({ nChannels, probe }: Recording): Int32Array {
  const { shank, positionsUm } = probe;
  const place = (c: number) => [shank[c] ?? 0, positionsUm[c]?.[1] ?? c, positionsUm[c]?.[0] ?? 0];
  return Int32Array.from({ length: nChannels }, (_, c) => c).sort((a, b) => {
    const [pa, pb] = [place(a), place(b)];
    return pa[0] - pb[0] || pa[1] - pb[1] || pa[2] - pb[2] || a - b;
  });
}

/** Samples [from, to) of the segment around the middle asked for, moved inside it. */
function rangeOf({ segments, rateHz }: Recording, { segment, centerSec, durationSec }: TraceRequest): [number, number] {
  const { startSec, nSamples } = segments[segment];
  const n = Math.max(2, Math.min(nSamples, Math.round(durationSec * rateHz)));
  const middle = Math.round((centerSec - startSec) * rateHz);
  const from = Math.max(0, Math.min(nSamples - n, middle - (n >> 1)));
  return [from, from + n];
}

/**
 * A stretch of a recording as read and as preprocessed, for looking at. `excluded`: channels that a run left out. Throws
 * AppError for parameters that do not fit.
 */
export async function traceWindow(
  reader: SampleReader,
  request: TraceRequest,
  excluded: readonly number[],
): Promise<TraceWindow> {
  const { recording } = reader;
  const options = { ...preprocessOptions(checkParams(detectLocalize, request.params)), excluded };
  const [from, to] = rangeOf(recording, request);
  const channels = fromBelow(recording);
  const preprocessor = new Preprocessor(reader, options);
  try {
    const traces = await preprocessor.process(request.segment, from, to);
    const values = (await traces.data()) as Float32Array;
    traces.dispose();
    const samples = await reader.readSamples(request.segment, from, to);
    return {
      segment: request.segment,
      startSec: recording.segments[request.segment].startSec + from / recording.rateHz,
      rateHz: recording.rateHz,
      ...(recording.unit ? { unit: recording.unit } : {}),
      nSamples: to - from,
      channels,
      raw: rawOf(samples, recording, channels, to - from),
      processed: inOrder(values, preprocessor.channels, channels, to - from),
      processing: processingInWords(options),
    };
  } finally {
    preprocessor.dispose();
  }
}

/** [n, C] µV, each channel without its median over the window. */
function rawOf(samples: Samples, { nSavedChannels, uvPerBit }: Recording, channels: Int32Array, n: number) {
  const out = new Float32Array(n * channels.length);
  const column = new Float32Array(n);
  for (const [place, c] of channels.entries()) {
    for (let t = 0; t < n; t++) column[t] = samples[t * nSavedChannels + c] * uvPerBit[c];
    const median = medianInPlace(column.slice());
    for (let t = 0; t < n; t++) out[t * channels.length + place] = column[t] - median;
  }
  return out;
}

/** [n, C]: kept channels in the order of `channels`, NaN for the others. */
function inOrder(values: Float32Array, kept: Int32Array, channels: Int32Array, n: number): Float32Array {
  const out = new Float32Array(n * channels.length).fill(Number.NaN);
  const places = new Map([...kept].map((c, i) => [c, i]));
  for (const [place, c] of channels.entries()) {
    const i = places.get(c);
    if (i === undefined) continue;
    for (let t = 0; t < n; t++) out[t * channels.length + place] = values[t * kept.length + i];
  }
  return out;
}
