import { AppError, assert } from "./errors.ts";
import { idealProbe, type ProbeKind } from "./probeGeometry.ts";
import { type Drift, type DriftKind, driftAsMotion, syntheticDrift } from "./syntheticDrift.ts";
import { BLOCK, hash, SyntheticNoise } from "./syntheticNoise.ts";
import { SpikeRenderer } from "./syntheticSpikeTraces.ts";
import { type SpikeTrains, type SyntheticUnit, spikeTrains, syntheticUnits } from "./syntheticUnits.ts";
import type { Motion, Recording, RecordingSegment, SampleReader } from "./types.ts";

/** What to simulate. Everything follows from it; the same options give the same samples, however they are asked for. */
export interface SyntheticOptions {
  seed: number;
  probe: ProbeKind;
  nChannels: number;
  /** recorded time, over all segments */
  durationSec: number;
  nUnits: number;
  motion: DriftKind;
  /** whether several shanks move as one, or each in its own way */
  shanks: "together" | "apart";
  nSegments: 1 | 2;
  /** unrecorded time between two segments */
  gapSec: number;
  rateHz: number;
  peakToPeakUm: number;
  periodSec: number;
  /** rms of the noise that neighbouring channels share, and of each channel's own */
  sharedNoiseUv: number;
  ownNoiseUv: number;
  /** rms of the field potential; 0 for none */
  lfpUv: number;
  /** amplitude of mains hum; 0 for none */
  humUv: number;
  humHz: 50 | 60;
  /** channels that record nothing; the file does not say so */
  deadChannels: readonly number[];
  /** channel wired to the reference: it records nothing and is marked as not connected; −1 for none */
  referenceChannel: number;
}

export const syntheticRecordingDefaults: Omit<SyntheticOptions, "nUnits" | "periodSec"> = {
  seed: 1,
  probe: "np1",
  nChannels: 96,
  durationSec: 60,
  motion: "nonrigid",
  shanks: "together",
  nSegments: 1,
  gapSec: 5,
  rateHz: 30000,
  peakToPeakUm: 40,
  sharedNoiseUv: 6,
  ownNoiseUv: 5,
  lfpUv: 120,
  humUv: 15,
  humHz: 50,
  deadChannels: [],
  referenceChannel: -1,
};

/** What was put into a recording. Arrays have one entry per spike, in order of time. */
export interface SyntheticTruth {
  units: readonly SyntheticUnit[];
  trains: SpikeTrains;
  /** where a unit's tissue is at a time, µm up from its rest: one drift per shank */
  drifts: readonly Drift[];
  /** the same as an estimator would state it, one per shank */
  motions: readonly Motion[];
}

export interface SyntheticRecording extends SampleReader {
  options: SyntheticOptions;
  truth: SyntheticTruth;
  /** as readSamples, at once: [to − from, nChannels + 1] int16, the sync word last */
  samples(segment: number, from: number, to: number): Int16Array<ArrayBuffer>;
}

const SYNC_BIT = 1 << 6; // where SpikeGLX keeps the 1 Hz square wave

/**
 * A raw recording of simulated units beside a moving probe, with what is true of it. Our own generator, free to use.
 *
 * A unit is a point source: its spike reaches a contact at distance r with amplitude alpha / r, later and wider the farther it
 * is. That holds to 120 µm and fades to nothing at 200, beyond which neurons are not seen. Added are noise that neighbours
 * share, white noise, field potential and hum; each channel is sampled as late as the probe's converters do; then everything is
 * rounded to bits.
 * Samples are made in blocks on demand and not kept, 4 bytes · BLOCK · nChannels in memory. Throws AppError for options that
 * cannot be simulated.
 */
export function syntheticRecording(changes: Partial<SyntheticOptions> = {}): SyntheticRecording {
  const options = completeOptions(changes);
  const { seed, nChannels } = options;
  const probe = idealProbe(options.probe, nChannels);
  const connected = probe.sites.connected.map((_, c) => c !== options.referenceChannel);
  const recording: Recording = {
    stream: "ap",
    rateHz: options.rateHz,
    nChannels,
    nSavedChannels: nChannels + 1,
    sync: 1,
    segments: segmentsOf(options),
    uvPerBit: new Float64Array(nChannels).fill(probe.uvPerBit),
    delaySamples: probe.delaySamples,
    probe: { ...probe.sites, connected },
  };
  const truth = truthOf(options, recording);
  const noise = new SyntheticNoise(
    { ...options, sharedUv: options.sharedNoiseUv, ownUv: options.ownNoiseUv, seed: hash(seed, 0x6e6f6973) },
    probe.sites,
    probe.delaySamples,
  );
  const silent = [...options.deadChannels, options.referenceChannel].filter((c) => c >= 0);
  const blocks = new Blocks(recording, noise, new SpikeRenderer(recording, truth), silent, probe.maxInt);
  const samples = (segment: number, from: number, to: number) => blocks.samples(segment, from, to);
  return {
    options,
    recording,
    truth,
    samples,
    readSamples: async (segment, from, to) => samples(segment, from, to),
  };
}

/** A recording in parts of about a second, in order. */
export function* secondsOf({ rateHz, segments }: Recording): Generator<{ segment: number; from: number; to: number }> {
  const step = Math.ceil(rateHz);
  for (const [segment, { nSamples }] of segments.entries()) {
    for (let from = 0; from < nSamples; from += step) yield { segment, from, to: Math.min(from + step, nSamples) };
  }
}

/** Fill in what follows from the rest: half a unit per channel, a zigzag of half the recording. Throws AppError. */
function completeOptions(changes: Partial<SyntheticOptions>): SyntheticOptions {
  const given = { ...syntheticRecordingDefaults, ...changes };
  const options = {
    nUnits: Math.max(1, Math.round(given.nChannels / 2)),
    periodSec: Math.min(200, Math.max(20, given.durationSec / 2)),
    ...given,
  };
  const check = (holds: boolean, what: string, found: number) => {
    if (!holds) throw new AppError("bad-parameter", `Expected ${what} to simulate, found ${found}.`, { found });
  };
  check(Number.isInteger(options.seed), "a whole number as seed", options.seed);
  check(options.durationSec > 0 && options.durationSec <= 86400, "0 to 86400 s", options.durationSec);
  check(
    Number.isInteger(options.nUnits) && options.nUnits > 0 && options.nUnits <= 5000,
    "1 to 5000 units",
    options.nUnits,
  );
  check([1, 2].includes(options.nSegments), "1 or 2 segments", options.nSegments);
  for (const c of options.deadChannels) check(c >= 0 && c < options.nChannels, "dead channels of the probe", c);
  return options;
}

function segmentsOf({ durationSec, rateHz, nSegments, gapSec }: SyntheticOptions): RecordingSegment[] {
  const nSamples = Math.round((durationSec * rateHz) / nSegments);
  const nGap = Math.round(gapSec * rateHz);
  return Array.from({ length: nSegments }, (_, s) => ({ startSec: (s * (nSamples + nGap)) / rateHz, nSamples }));
}

function truthOf(options: SyntheticOptions, { probe, segments, rateHz }: Recording): SyntheticTruth {
  const { seed, nUnits, motion: kind, peakToPeakUm, periodSec } = options;
  const last = segments[segments.length - 1];
  const durationSec = last.startSec + last.nSamples / rateHz;
  const topUm = Math.max(...probe.positionsUm.map(([, y]) => y));
  const drifts = Array.from({ length: probe.nShanks }, (_, shank) => {
    const own = options.shanks === "apart" ? shank : 0;
    return syntheticDrift({ seed: hash(seed, own), kind, durationSec, topUm, peakToPeakUm, periodSec });
  });
  const units = syntheticUnits(seed, nUnits, probe);
  return {
    units,
    trains: spikeTrains(seed, units, segments, rateHz),
    drifts,
    motions: drifts.map((drift) => driftAsMotion(drift, kind, durationSec, topUm)),
  };
}

/** Samples in blocks that are always made whole, so that no range asked for can change them. The last one is kept. */
class Blocks {
  readonly #recording: Recording;
  readonly #noise: SyntheticNoise;
  readonly #spikes: SpikeRenderer;
  readonly #silent: readonly number[];
  readonly #maxInt: number;
  readonly #signal: Float32Array;
  readonly #bits: Int16Array;
  #kept = "";

  constructor(
    recording: Recording,
    noise: SyntheticNoise,
    spikes: SpikeRenderer,
    silent: readonly number[],
    maxInt: number,
  ) {
    this.#recording = recording;
    this.#noise = noise;
    this.#spikes = spikes;
    this.#silent = silent;
    this.#maxInt = maxInt;
    this.#signal = new Float32Array(BLOCK * recording.nChannels);
    this.#bits = new Int16Array(BLOCK * recording.nSavedChannels);
  }

  samples(segment: number, from: number, to: number): Int16Array<ArrayBuffer> {
    const { segments, nSavedChannels } = this.#recording;
    assert(segment in segments, "a segment of this recording");
    assert(from >= 0 && from <= to && to <= segments[segment].nSamples, "samples of this segment");
    const out = new Int16Array((to - from) * nSavedChannels);
    for (let at = from; at < to; ) {
      const block = Math.floor(at / BLOCK);
      const first = block * BLOCK;
      const end = Math.min(to, first + BLOCK);
      this.#make(segment, block);
      const part = this.#bits.subarray((at - first) * nSavedChannels, (end - first) * nSavedChannels);
      out.set(part, (at - from) * nSavedChannels);
      at = end;
    }
    return out;
  }

  #make(segment: number, block: number): void {
    const name = `${segment} ${block}`;
    if (this.#kept === name) return;
    this.#noise.fill(this.#signal, segment, block, this.#recording.segments[segment].startSec);
    this.#spikes.add(this.#signal, segment, block);
    this.#quantise(segment, block);
    this.#kept = name;
  }

  #quantise(segment: number, block: number): void {
    const { nChannels, nSavedChannels, uvPerBit, rateHz, segments } = this.#recording;
    const [signal, bits, maxInt] = [this.#signal, this.#bits, this.#maxInt];
    const perUv = 1 / uvPerBit[0];
    for (let t = 0; t < BLOCK; t++) {
      for (let c = 0; c < nChannels; c++) {
        const value = Math.floor(signal[t * nChannels + c] * perUv + 0.5);
        bits[t * nSavedChannels + c] = value < -maxInt ? -maxInt : value >= maxInt ? maxInt - 1 : value;
      }
      for (const c of this.#silent) bits[t * nSavedChannels + c] = 0;
      const halfSec = Math.floor(2 * (segments[segment].startSec + (block * BLOCK + t) / rateHz));
      bits[t * nSavedChannels + nChannels] = halfSec % 2 === 0 ? 0 : SYNC_BIT;
    }
  }
}
