import {
  concat,
  dispose,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  zeros,
} from "@tensorflow/tfjs-core";
import { butterworth, decaySamples, powerResponse, type Section } from "../../core/butterworth.ts";
import { globalGroups, localGroups, type ReferenceGroups, shankGroups } from "../../core/commonReference.ts";
import { AppError, assert } from "../../core/errors.ts";
import { powerOfTwo } from "../../core/fft.ts";
import { sosFilter } from "../../core/sosFilter.ts";
import { raisedCosineWindow } from "../../core/spectralFilter.ts";
import type { Recording, SampleReader, Samples } from "../../core/types.ts";
import { commonReference } from "../../ops/commonReference.ts";
import { spectralFilter } from "../../ops/spectralFilter.ts";

export interface PreprocessOptions {
  filter: "highpass" | "bandpass" | "none";
  lowHz: number;
  highHz: number;
  order: number;
  phaseShift: boolean;
  /** the median over all channels, over those of a shank, or over a ring around each channel */
  reference: "none" | "global" | "shank" | "local";
  /** bad channels */
  excluded: readonly number[];
}

/** What a tile needs beyond the samples asked for, in samples. */
interface Margins {
  /** on each side: `flat`, then a taper */
  total: number;
  taper: number;
  nFft: number;
}

const largestFft = 32768;

function marginsOf(sections: readonly Section[], rateHz: number): Margins {
  const taper = Math.round(0.02 * rateHz);
  const flat = Math.max(taper, sections.length > 0 ? decaySamples(sections, 1e-5) : 0);
  const total = flat + taper;
  const nFft = Math.min(largestFft, Math.max(16, powerOfTwo(8 * total)));
  if (3 * total > nFft)
    throw new AppError(
      "bad-parameter",
      `Expected a filter that settles within ${largestFft / 3 / rateHz} s, found one that takes ${total / rateHz} s; raise its low edge or lower its order.`,
      { total, rateHz },
    );
  return { total, taper, nFft };
}

function groupsOf(
  reference: PreprocessOptions["reference"],
  { probe }: Recording,
  channels: Int32Array,
): ReferenceGroups | null {
  if (reference === "none" || channels.length === 0) return null;
  if (reference === "global") return globalGroups(channels.length);
  if (probe.positionsUm.length === 0)
    throw new AppError(
      "bad-data",
      `Expected the probe's geometry for a reference per ${reference === "local" ? "neighbourhood" : "shank"}, found none in the recording; choose the global reference.`,
    );
  return reference === "shank" ? shankGroups(probe, channels) : localGroups(probe, channels);
}

/**
 * Samples of a recording as detection wants them: filtered without delay, sampled at one moment on all channels, without
 * what they have in common.
 *
 * Filter and phase shift are linear and do not change with time, so a tile takes one pass through its spectrum (spec of the
 * arithmetic: core/spectralFilter), with margins of real samples: long enough for the filter to have decayed to 1e-5, then
 * a taper that closes the circle of the transform. Tiles at the ends of a segment are filtered by core/sosFilter in
 * float64, which continues the signal by its odd reflection, and go through the spectrum for the phase shift alone, with
 * zeros outside the recording. Several calls may be in flight: they share nothing that changes.
 */
export class Preprocessor {
  /** kept neural channels (connected, not excluded), ascending */
  readonly channels: Int32Array;
  /** samples per tile that fill its transform together with the margins */
  readonly tileSamples: number;
  readonly #reader: SampleReader;
  readonly #sections: Section[];
  readonly #margins: Margins;
  readonly #groups: ReferenceGroups | null;
  readonly #gains: Float32Array;
  /** columns of the file's rows, and of rows of the kept channels alone */
  readonly #ofFile: { columns: Tensor1D; gains: Tensor1D };
  readonly #ofKept: { columns: Tensor1D; gains: Tensor1D };
  readonly #delays: Tensor1D;
  readonly #isShifted: boolean;
  /** what the filter does to a spectrum, by the length of the transform */
  readonly #responses = new Map<number, Float32Array>();

  /** Throws AppError bad-parameter or bad-data when the options do not fit the recording. */
  constructor(reader: SampleReader, options: PreprocessOptions) {
    const { recording } = reader;
    const { filter, lowHz, highHz, order, phaseShift, reference, excluded } = options;
    const { probe, rateHz, delaySamples } = recording;
    const all = Array.from({ length: recording.nChannels }, (_, c) => c);
    this.channels = Int32Array.from(all.filter((c) => probe.connected[c] !== false && !excluded.includes(c)));
    if (this.channels.length === 0)
      throw new AppError(
        "bad-data",
        `Expected at least one good channel, found none among ${recording.nChannels}; exclude fewer channels.`,
      );
    this.#reader = reader;
    const band = { lowHz, highHz: filter === "bandpass" ? highHz : Number.POSITIVE_INFINITY };
    this.#sections = filter === "none" ? [] : butterworth(order, band, rateHz);
    this.#margins = marginsOf(this.#sections, rateHz);
    this.tileSamples = this.#margins.nFft - 2 * this.#margins.total;
    this.#groups = groupsOf(reference, recording, this.channels);
    this.#gains = Float32Array.from(this.channels, (c) => recording.uvPerBit[c]);
    const n = this.channels.length;
    const delays = Float32Array.from(this.channels, (c) => (phaseShift ? (delaySamples[c] ?? 0) : 0));
    this.#delays = tensor1d(delays);
    this.#isShifted = delays.some((d) => d !== 0);
    this.#ofFile = { columns: tensor1d(this.channels, "int32"), gains: tensor1d(this.#gains) };
    this.#ofKept = {
      columns: tensor1d(
        Int32Array.from({ length: n }, (_, c) => c),
        "int32",
      ),
      gains: tensor1d(new Float32Array(n).fill(1)),
    };
  }

  /**
   * Samples [from, to) of a segment, [to − from, channels.length] µV; rows outside the segment are 0. How a range is cut
   * changes the result at the cuts by what the phase shift's kernel still weighs beyond the margin: 3·10⁻⁵ of the
   * amplitude of signals below 9 kHz, at most 2 % of white noise.
   */
  async process(segment: number, from: number, to: number): Promise<Tensor2D> {
    assert(from < to, "a range has samples");
    const { nSamples } = this.#reader.recording.segments[segment];
    const end = Math.min(to, nSamples);
    const pieces: Tensor2D[] = [];
    try {
      if (from < 0) pieces.push(this.#zeros(Math.min(0, to) - from));
      for (let at = Math.max(0, from); at < end; at += this.tileSamples)
        pieces.push(await this.#tile(segment, at, Math.min(end, at + this.tileSamples)));
      if (to > nSamples) pieces.push(this.#zeros(to - Math.max(nSamples, from)));
      return pieces.length === 1 ? pieces.pop()! : concat(pieces, 0);
    } finally {
      dispose(pieces);
    }
  }

  dispose(): void {
    dispose([this.#delays, ...Object.values(this.#ofFile), ...Object.values(this.#ofKept)]);
  }

  #responseOf(nFft: number): Float32Array {
    const response = this.#responses.get(nFft) ?? Float32Array.from(powerResponse(this.#sections, nFft));
    this.#responses.set(nFft, response);
    return response;
  }

  #zeros(nRows: number): Tensor2D {
    return zeros([nRows, this.channels.length]);
  }

  async #tile(segment: number, from: number, to: number): Promise<Tensor2D> {
    const isAsRead = this.#sections.length === 0 && !this.#isShifted;
    const traces = await (isAsRead ? this.#asRead(segment, from, to) : this.#filtered(segment, from, to));
    if (!this.#groups) return traces;
    const referenced = commonReference(traces, this.#groups);
    traces.dispose();
    return referenced;
  }

  /** Without a filter and a shift samples do not pass through a spectrum: equal ones stay equal, as detection's ties ask. */
  async #asRead(segment: number, from: number, to: number): Promise<Tensor2D> {
    const raw = await this.#reader.readSamples(segment, from, to);
    const values = new Float32Array((to - from) * this.channels.length);
    this.#scaleInto(values, raw, to - from);
    return tensor2d(values, [to - from, this.channels.length]);
  }

  async #filtered(segment: number, from: number, to: number): Promise<Tensor2D> {
    const { nSavedChannels, segments } = this.#reader.recording;
    const { total, taper } = this.#margins;
    const ends = { atStart: from < total, atEnd: to + total > segments[segment].nSamples };
    const start = Math.max(0, from - total);
    const end = Math.min(segments[segment].nSamples, to + total);
    const raw = await this.#reader.readSamples(segment, start, end);
    const nFft = Math.max(16, powerOfTwo(to - from + 2 * total));
    const onHost = this.#sections.length > 0 && (ends.atStart || ends.atEnd);
    const window = raisedCosineWindow(end - start, ends.atStart ? 0 : taper, ends.atEnd ? 0 : taper);
    const own: Record<"samples" | "response" | "window", Tensor> = {
      samples: onHost ? this.#filteredOnHost(raw, end - start, ends) : packed(raw),
      response: tensor1d(onHost ? new Float32Array(nFft / 2 + 1).fill(1) : this.#responseOf(nFft)),
      window: tensor1d(window),
    };
    const inputs = {
      samples: own.samples,
      response: own.response as Tensor1D,
      window: own.window as Tensor1D,
      delays: this.#delays,
      ...(onHost ? this.#ofKept : this.#ofFile),
    };
    const nColumns = onHost ? this.channels.length : nSavedChannels;
    const frame = { nRows: end - start, nColumns, nFft, from: from - start, to: to - start };
    const filtered = spectralFilter(inputs, frame);
    dispose(own);
    return filtered;
  }

  /** [nRows, C] µV, filtered in float64 with the ends of the recording. */
  #filteredOnHost(raw: Samples, nRows: number, ends: { atStart: boolean; atEnd: boolean }): Tensor2D {
    const nChannels = this.channels.length;
    const values = this.#scaled(raw, nRows);
    sosFilter(this.#sections, values, nRows, nChannels, ends);
    return tensor2d(Float32Array.from(values), [nRows, nChannels]);
  }

  /** [nRows, C] µV of samples as read. */
  #scaled(raw: Samples, nRows: number): Float64Array {
    const values = new Float64Array(nRows * this.channels.length);
    this.#scaleInto(values, raw, nRows);
    return values;
  }

  #scaleInto(values: Float32Array | Float64Array, raw: Samples, nRows: number): void {
    const { channels } = this;
    const gains = this.#gains; // fields are slow to look up sample by sample
    const nChannels = channels.length;
    const { nSavedChannels } = this.#reader.recording;
    for (let t = 0, to = 0, row = 0; t < nRows; t++, row += nSavedChannels) {
      for (let c = 0; c < nChannels; c++, to++) values[to] = gains[c] * raw[row + channels[c]];
    }
  }
}

/** int16 samples two to a word, without a copy where memory allows it; float32 as they are. */
function packed(raw: Samples): Tensor1D {
  if (raw instanceof Float32Array) return tensor1d(raw);
  const isWhole = raw.length % 2 === 0 && raw.byteOffset % 4 === 0;
  const even = isWhole ? raw : new Int16Array(raw.length + (raw.length % 2));
  if (!isWhole) even.set(raw);
  return tensor1d(new Int32Array(even.buffer, even.byteOffset, even.length / 2), "int32");
}
