import { dispose, slice, type Tensor2D } from "@tensorflow/tfjs-core";
import { type SparseKernel, sparseKernel } from "../../core/traceInterpolation.ts";
import type { TraceInterpolator } from "../../core/traceInterpolator.ts";
import type { Motion, Recording, SampleReader } from "../../core/types.ts";
import { interpolateTraces } from "../../ops/traceInterpolation.ts";
import type {
  CorrectedRecording,
  CorrectionEvent,
  CorrectionSink,
  CorrectionSummary,
} from "../../protocol/correction.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import { checkParams } from "../defineMethod.ts";
import { totalSeconds } from "../detectLocalize/recordingChecks.ts";
import { findBadChannels } from "../preprocess/noise.ts";
import { type PreprocessOptions, Preprocessor } from "../preprocess/preprocessor.ts";
import { correctionInfo, preprocessingOf } from "./params.ts";
import { asSixteenBit, checkCorrection, planCorrection } from "./plan.ts";

/** What is corrected, by which motion, and where the samples go. */
export interface CorrectionJob {
  reader: SampleReader;
  /** the recording's first file, for sentences */
  path: string;
  motion: Motion;
  params: ParamValues;
  sink: CorrectionSink;
  signal: AbortSignal;
}

interface Tile {
  segment: number;
  from: number;
  to: number;
}

/** Everything one correction works with. */
interface Work extends CorrectionJob {
  preprocessor: Preprocessor;
  interpolator: TraceInterpolator;
  corrected: CorrectedRecording;
  /** kernel of the time bin used last: neighbouring tiles mostly share it */
  kernel: { bin: number; value: SparseKernel } | null;
  nClipped: number;
}

const int16Range = [-32768, 32767] as const;

/**
 * The recording as it would have been without motion, streamed: a tile at a time is read, preprocessed, interpolated on the
 * kernels of its time bins, rounded and written; sync words stay. Memory is that of two tiles, whatever the length of the
 * recording. When the signal is aborted the segment in progress is discarded, those before it stay. Throws AppError for what
 * does not fit together, and when the sink has no room.
 */
export async function* correctRecording(job: CorrectionJob): AsyncGenerator<CorrectionEvent, CorrectionSummary> {
  const { reader, path, motion, sink } = job;
  const { recording } = reader;
  const params = checkParams(correctionInfo, job.params);
  checkCorrection(recording, path, motion, params);
  yield* rangeWarning(recording, motion);
  const options = preprocessingOf(params);
  const excluded = yield* badChannels(job, options, params);
  if (job.signal.aborted) return summaryOf(null, recording, excluded, 0, 0);
  const preprocessor = new Preprocessor(reader, { ...options, excluded });
  const startedMs = performance.now();
  let [nSegments, doneSec] = [0, 0];
  let isOpen = false;
  try {
    const plan = planCorrection(await asSixteenBit(reader), preprocessor.channels, motion, params);
    const work: Work = { ...job, ...plan, preprocessor, kernel: null, nClipped: 0 };
    yield { kind: "stage", name: "correct", title: "Correcting the recording" };
    for (const [segment, { nSamples }] of recording.segments.entries()) {
      if (nSamples === 0) continue; // a trigger whose binary is missing
      await sink.begin(work.corrected, segment, 2 * nSamples * work.corrected.recording.nSavedChannels);
      isOpen = true;
      for await (const { tile, bytes } of tilesOfSegment(work, segment)) {
        await sink.write(bytes);
        doneSec += (tile.to - tile.from) / recording.rateHz;
        yield progress(doneSec, totalSeconds(recording), startedMs);
        if (job.signal.aborted) return summaryOf(work, recording, excluded, nSegments, doneSec, startedMs);
      }
      await sink.end();
      isOpen = false;
      nSegments++;
    }
    if (work.nClipped > 0) yield clipWarning(work.nClipped);
    return summaryOf(work, recording, excluded, nSegments, doneSec, startedMs);
  } finally {
    preprocessor.dispose();
    if (isOpen) await sink.discard();
  }
}

/** Channels that are not to be read, found on the recording itself. */
async function* badChannels(
  { reader, signal }: CorrectionJob,
  options: PreprocessOptions,
  params: ParamValues,
): AsyncGenerator<CorrectionEvent, number[]> {
  if (params.bad_channels !== "interpolate" || reader.recording.stream === "lf") return [];
  yield { kind: "stage", name: "channels", title: "Looking for bad channels" };
  const { excluded, reasons } = await findBadChannels(reader, options, 0, signal);
  if (excluded.length === 0 || signal.aborted) return [];
  for (const reason of reasons)
    yield { kind: "warning", code: "channels", message: reason.replace("left out.", "filled in from the others.") };
  return excluded;
}

function* rangeWarning({ segments, rateHz }: Recording, { timeBinCentersSec }: Motion): Generator<CorrectionEvent> {
  const endSec = Math.max(...segments.map(({ startSec, nSamples }) => startSec + nSamples / rateHz));
  const [first, last] = [timeBinCentersSec[0], timeBinCentersSec[timeBinCentersSec.length - 1]];
  const binSec = timeBinCentersSec.length > 1 ? (last - first) / (timeBinCentersSec.length - 1) : endSec;
  if (first <= 2 * binSec && last >= endSec - 2 * binSec) return;
  const sec = (value: number) => Number(value.toFixed(1));
  const message = `The motion covers ${sec(first)} to ${sec(last)} s of a recording of ${sec(endSec)} s; beyond its ends the tissue is taken to rest where it was.`;
  yield { kind: "warning", code: "motion-range", message };
}

/** Corrected samples of a segment; the next tile is read and preprocessed while one is worked on. */
async function* tilesOfSegment(
  work: Work,
  segment: number,
): AsyncGenerator<{ tile: Tile; bytes: Uint8Array<ArrayBuffer> }> {
  const { preprocessor, reader } = work;
  const { nSamples } = reader.recording.segments[segment];
  const step = preprocessor.tileSamples;
  const start = (from: number) => {
    const tile = { segment, from, to: Math.min(nSamples, from + step) };
    const traces = preprocessor.process(segment, tile.from, tile.to);
    traces.catch(() => undefined); // reported when its turn comes
    return { tile, traces };
  };
  let next = nSamples > 0 ? start(0) : null;
  try {
    while (next) {
      const { tile, traces }: ReturnType<typeof start> = next;
      const ready = await traces;
      next = tile.to < nSamples ? start(tile.to) : null;
      let bytes: Uint8Array<ArrayBuffer>;
      try {
        bytes = await correctedTile(work, tile, ready);
      } finally {
        ready.dispose();
      }
      yield { tile, bytes };
    }
  } finally {
    (await next?.traces.catch(() => null))?.dispose();
  }
}

/** A tile as it goes to the file. traces: [to − from, kept channels] µV. */
async function correctedTile(work: Work, tile: Tile, traces: Tensor2D): Promise<Uint8Array<ArrayBuffer>> {
  const { reader, corrected } = work;
  const { sync, nSavedChannels: nIn } = reader.recording;
  const { nChannels, nSavedChannels } = corrected.recording;
  const out = new Int16Array((tile.to - tile.from) * nSavedChannels);
  for (const { from, to, bin } of binsOfTile(work, tile)) {
    const isWhole = to - from === traces.shape[0];
    const run = isWhole ? traces : slice(traces, [from, 0], [to - from, traces.shape[1]]);
    const moved = interpolateTraces(run, kernelOf(work, bin));
    const values = (await moved.data()) as Float32Array;
    dispose(isWhole ? [moved] : [run, moved]);
    work.nClipped += roundInto(out, values, from, corrected.recording);
  }
  if (sync > 0) {
    const raw = await reader.readSamples(tile.segment, tile.from, tile.to);
    for (let t = 0; t < tile.to - tile.from; t++)
      for (let s = 0; s < sync; s++) out[t * nSavedChannels + nChannels + s] = raw[t * nIn + (nIn - sync) + s];
  }
  return new Uint8Array(out.buffer);
}

/** Stretches of a tile whose samples lie in one time bin of the motion; rows of the tile. */
function binsOfTile({ reader, interpolator }: Work, { segment, from, to }: Tile) {
  const { rateHz, segments } = reader.recording;
  const timeOf = (sample: number) => segments[segment].startSec + sample / rateHz;
  const runs: { from: number; to: number; bin: number }[] = [];
  for (let at = from; at < to; ) {
    const bin = interpolator.binAt(timeOf(at));
    const edgeSec = interpolator.edgesSec[bin] ?? Number.POSITIVE_INFINITY;
    let end = Math.min(to, Math.max(at + 1, Math.round((edgeSec - segments[segment].startSec) * rateHz)));
    // the division above may be a sample off either way
    while (end < to && interpolator.binAt(timeOf(end)) === bin) end++;
    while (end > at + 1 && interpolator.binAt(timeOf(end - 1)) !== bin) end--;
    runs.push({ from: at - from, to: end - from, bin });
    at = end;
  }
  return runs;
}

function kernelOf(work: Work, bin: number): SparseKernel {
  if (work.kernel?.bin !== bin) {
    const { interpolator } = work;
    work.kernel = { bin, value: sparseKernel(interpolator.kernel(bin), interpolator.targets.length) };
  }
  return work.kernel.value;
}

/** µV [n, C] as whole bits into rows of a tile from `row` on. Returns how many did not fit. */
function roundInto(out: Int16Array, values: Float32Array, row: number, recording: Recording): number {
  const { nChannels, nSavedChannels, uvPerBit } = recording;
  const [low, high] = int16Range;
  const bitsPerUv = uvPerBit.map((uv) => 1 / uv);
  let nClipped = 0;
  for (let at = 0, to = row * nSavedChannels; at < values.length; at += nChannels, to += nSavedChannels) {
    for (let c = 0; c < nChannels; c++) {
      const bits = Math.round(values[at + c] * bitsPerUv[c]);
      if (bits < low || bits > high) nClipped++;
      out[to + c] = bits < low ? low : bits > high ? high : bits;
    }
  }
  return nClipped;
}

function progress(done: number, total: number, startedMs: number): CorrectionEvent {
  const ratePerSec = done / Math.max(1e-3, (performance.now() - startedMs) / 1000);
  return {
    kind: "progress",
    done,
    total,
    unit: "s of recording",
    ratePerSec,
    secondsLeft: (total - done) / ratePerSec,
  };
}

function clipWarning(nClipped: number): CorrectionEvent {
  const message = `${nClipped} values did not fit 16 bits after interpolation and were cut; with force_extrapolate this happens far beyond the ends.`;
  return { kind: "warning", code: "clipped", message };
}

function summaryOf(
  work: Work | null,
  recording: Recording,
  filled: number[],
  nSegments: number,
  doneSec: number,
  startedMs = performance.now(),
): CorrectionSummary {
  const nChannels = work?.corrected.recording.nChannels ?? 0;
  const seconds = (performance.now() - startedMs) / 1000;
  return {
    complete: nSegments === recording.segments.filter(({ nSamples }) => nSamples > 0).length,
    note: work?.corrected.note ?? "",
    nChannels,
    nRemoved: work ? recording.nChannels - nChannels : 0,
    filled,
    nSegments,
    doneSec,
    nClipped: work?.nClipped ?? 0,
    timesRealTime: seconds > 0 ? doneSec / seconds : 0,
  };
}
