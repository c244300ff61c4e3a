import { BLOCK } from "./syntheticNoise.ts";
import type { SyntheticTruth } from "./syntheticRecording.ts";
import { OVERSAMPLING, TROUGH, WAVEFORM_SAMPLES } from "./syntheticUnits.ts";
import type { Recording } from "./types.ts";

/** A source is a point source up to the first distance and silent from the second on. */
const FADE_UM = [120, 200] as const;
const WIDENING_PER_UM = 0.002;
const MAX_WIDENING = 1.4;
/** Longest a spike lasts after its start and before its end on any contact: travel (200 µm at 13 µm a sample) and widening. */
const MARGIN_SAMPLES = Math.ceil(WAVEFORM_SAMPLES * MAX_WIDENING + FADE_UM[1] / 13);

/** Where a spike's source is, µm. */
export interface SourcePosition {
  xUm: number;
  yUm: number;
  zUm: number;
}

/** The place of spike `i` of the trains: its unit's, moved by the drift of its shank. */
export function spikePosition(truth: SyntheticTruth, { segments, rateHz }: Recording, i: number): SourcePosition {
  const { trains, units, drifts } = truth;
  const { xUm, yUm, zUm, shank } = units[trains.unit[i]];
  const timeSec = segments[trains.segment[i]].startSec + trains.sample[i] / rateHz;
  return { xUm, yUm: yUm + drifts[shank](timeSec, yUm), zUm };
}

/** The contact of a shank nearest to a place. */
export function nearestChannel(recording: Recording, shank: number, { xUm, yUm }: SourcePosition): number {
  const { positionsUm, shank: shanks } = recording.probe;
  let nearest = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let c = 0; c < positionsUm.length; c++) {
    if (shanks[c] !== shank) continue;
    const [x, y] = positionsUm[c];
    const square = (x - xUm) ** 2 + (y - yUm) ** 2;
    if (square < least) [nearest, least] = [c, square];
  }
  return nearest;
}

/** Adds the spikes of a truth to blocks of samples. */
export class SpikeRenderer {
  readonly #recording: Recording;
  readonly #truth: SyntheticTruth;
  /** first spike of each segment, and the end of the last */
  readonly #starts: number[];

  constructor(recording: Recording, truth: SyntheticTruth) {
    this.#recording = recording;
    this.#truth = truth;
    const { segment } = truth.trains;
    this.#starts = [...recording.segments.map((_, s) => firstIndex(segment, s)), segment.length];
  }

  /** Add to `signal` [BLOCK, nChannels] µV what falls into a block of a segment. */
  add(signal: Float32Array, segment: number, block: number): void {
    const { sample } = this.#truth.trains;
    const first = block * BLOCK;
    const ofSegment = sample.subarray(this.#starts[segment], this.#starts[segment + 1]);
    const begin = firstIndex(ofSegment, first - MARGIN_SAMPLES);
    const end = firstIndex(ofSegment, first + BLOCK + MARGIN_SAMPLES);
    for (let i = begin; i < end; i++) this.#addSpike(signal, first, this.#starts[segment] + i);
  }

  #addSpike(signal: Float32Array, firstSample: number, i: number): void {
    const [truth, recording] = [this.#truth, this.#recording];
    const unit = truth.units[truth.trains.unit[i]];
    const place = spikePosition(truth, recording, i);
    const { positionsUm, shank } = recording.probe;
    const distance = (c: number) => Math.hypot(positionsUm[c][0] - place.xUm, positionsUm[c][1] - place.yUm, place.zUm);
    const nearestUm = distance(nearestChannel(recording, unit.shank, place));
    for (let c = 0; c < positionsUm.length; c++) {
      if (shank[c] !== unit.shank || Math.abs(positionsUm[c][1] - place.yUm) >= FADE_UM[1]) continue;
      const r = distance(c);
      if (r >= FADE_UM[1]) continue;
      // the waveform's first lobe is −1
      const size = ((-unit.polarity * unit.alpha * truth.trains.scale[i]) / r) * fade(r);
      const peakAt = truth.trains.sample[i] + (r - nearestUm) / unit.speedUm - recording.delaySamples[c] - firstSample;
      const widening = Math.min(MAX_WIDENING, 1 + WIDENING_PER_UM * (r - nearestUm));
      this.#addWave(signal, c, unit.waveform, size, peakAt, widening);
    }
  }

  /** A waveform with its first lobe at `peakAt` samples into the block, between table entries linear. */
  #addWave(signal: Float32Array, c: number, wave: Float32Array, size: number, peakAt: number, widening: number): void {
    const n = this.#recording.nChannels;
    const step = OVERSAMPLING / widening;
    const from = Math.max(0, Math.ceil(peakAt - TROUGH * widening));
    const to = Math.min(BLOCK, Math.floor(peakAt + (WAVEFORM_SAMPLES - TROUGH) * widening));
    for (let t = from; t < to; t++) {
      const at = (t - peakAt) * step + TROUGH * OVERSAMPLING;
      const k = Math.floor(at);
      signal[t * n + c] += size * (wave[k] + (at - k) * (wave[k + 1] - wave[k]));
    }
  }
}

/** 1 up to the first distance, 0 from the second on, half a cosine between. */
function fade(r: number): number {
  if (r <= FADE_UM[0]) return 1;
  return 0.5 + 0.5 * Math.cos((Math.PI * (r - FADE_UM[0])) / (FADE_UM[1] - FADE_UM[0]));
}

/** Index of the first of ascending values that is not below `value`. */
function firstIndex(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
