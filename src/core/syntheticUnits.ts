import { Random } from "./random.ts";
import { hash } from "./syntheticNoise.ts";
import type { ProbeSites, RecordingSegment } from "./types.ts";

/** A simulated neuron: a point source beside the probe, at rest. */
export interface SyntheticUnit {
  xUm: number;
  yUm: number;
  /** distance from the probe plane */
  zUm: number;
  shank: number;
  /** source amplitude: the peak on a contact at distance r is alpha / r, µV · µm */
  alpha: number;
  /** −1 for the usual trough, 1 for a unit that peaks upwards */
  polarity: 1 | -1;
  rateHz: number;
  /** how fast its wave travels, µm per sample at 30 kHz */
  speedUm: number;
  /** waveform of unit size, first lobe −1 at sample TROUGH, OVERSAMPLING values per sample */
  waveform: Float32Array;
}

/** Length of a waveform, and where its first lobe stands, in samples at 30 kHz. */
export const WAVEFORM_SAMPLES = 90;
export const TROUGH = 30;
export const OVERSAMPLING = 16;

const MEDIAN_ALPHA = 6000;
const ALPHA_RANGE = [2200, 14000] as const;
const MAX_UV = 450; // of a unit seen from straight above
const MEDIAN_RATE_HZ = 3.5;
const RATE_RANGE_HZ = [0.5, 20] as const;
const UPWARD_FRACTION = 0.06;
const REFRACTORY_SEC = 0.003;
const AMPLITUDE_JITTER = 0.06;

/** Units spread evenly along each shank, 10 to 60 µm in front of it, strengths and rates log-normal. */
export function syntheticUnits(seed: number, nUnits: number, sites: ProbeSites): SyntheticUnit[] {
  const random = new Random(hash(seed, 0x756e6974));
  return Array.from({ length: nUnits }, (_, u) => {
    const shank = u % sites.nShanks;
    const own = sites.positionsUm.filter((_position, c) => sites.shank[c] === shank);
    const [leftUm, rightUm] = rangeOf(own.map(([x]) => x));
    const [lowUm, highUm] = rangeOf(own.map(([, y]) => y));
    const nOnShank = Math.ceil((nUnits - shank) / sites.nShanks);
    const place = (Math.floor(u / sites.nShanks) + random.uniform()) / nOnShank;
    const zUm = 10 + 50 * random.uniform();
    return {
      xUm: leftUm - 15 + (rightUm - leftUm + 30) * random.uniform(),
      yUm: lowUm - 10 + (highUm - lowUm + 20) * place,
      zUm,
      shank,
      alpha: Math.min(clip(MEDIAN_ALPHA * Math.exp(0.45 * random.normal()), ALPHA_RANGE), MAX_UV * zUm),
      polarity: random.uniform() < UPWARD_FRACTION ? 1 : -1,
      rateHz: clip(MEDIAN_RATE_HZ * Math.exp(0.7 * random.normal()), RATE_RANGE_HZ),
      speedUm: 13 + 20 * random.uniform(), // 0.4 to 1 m/s
      waveform: twoLobes(random),
    };
  });
}

/** A narrow or a broad trough followed by a wider, lower lobe of the other sign. */
function twoLobes(random: Random): Float32Array {
  const isNarrow = random.uniform() < 0.3;
  const vary = () => 0.85 + 0.3 * random.uniform();
  const first = { width: (isNarrow ? 2.8 : 4.5) * vary() };
  const second = {
    at: (isNarrow ? 8 : 15) * vary(),
    width: (isNarrow ? 4 : 8) * vary(),
    size: (isNarrow ? 0.5 : 0.3) * vary(),
  };
  const values = Float64Array.from({ length: WAVEFORM_SAMPLES * OVERSAMPLING + 1 }, (_, i) => {
    const t = i / OVERSAMPLING - TROUGH;
    // the second lobe starts after the trough, which thus stays where it is
    const rise = t <= 0 ? 0 : 1 - Math.exp(-0.5 * (t / first.width) ** 2);
    return (
      -Math.exp(-0.5 * (t / first.width) ** 2) +
      rise * second.size * Math.exp(-0.5 * ((t - second.at) / second.width) ** 2)
    );
  });
  return Float32Array.from(values);
}

/** Spikes of all units in order of time, by segment. */
export interface SpikeTrains {
  /** [N] segment, sample of the first lobe on the nearest contact (with its fraction), unit, amplitude factor */
  segment: Int32Array;
  sample: Float64Array;
  unit: Int32Array;
  scale: Float32Array;
}

const FRACTION = 16; // spikes start at sixteenths of a sample

/** Poisson spikes with a refractory period, and an amplitude factor of sd 6 % each. Deterministic in the seed. */
export function spikeTrains(
  seed: number,
  units: readonly SyntheticUnit[],
  segments: readonly RecordingSegment[],
  rateHz: number,
): SpikeTrains {
  const keys = segments.map((segment, s) => sortedKeys(seed, units, segment.nSamples, s, rateHz));
  const nSpikes = keys.reduce((sum, k) => sum + k.length, 0);
  const trains = {
    segment: new Int32Array(nSpikes),
    sample: new Float64Array(nSpikes),
    unit: new Int32Array(nSpikes),
    scale: new Float32Array(nSpikes),
  };
  const random = new Random(hash(seed, 0x73636c65));
  let i = 0;
  for (const [s, ofSegment] of keys.entries()) {
    for (const key of ofSegment) {
      trains.segment[i] = s;
      trains.unit[i] = key % units.length;
      trains.sample[i] = Math.floor(key / units.length) / FRACTION;
      trains.scale[i++] = Math.max(0.3, 1 + AMPLITUDE_JITTER * random.normal());
    }
  }
  return trains;
}

/** Time and unit in one whole number (below 2^53 for days of recording), so that sorting numbers sorts spikes. */
function sortedKeys(
  seed: number,
  units: readonly SyntheticUnit[],
  nSamples: number,
  segment: number,
  rateHz: number,
): Float64Array {
  const keys: number[] = [];
  for (const [u, unit] of units.entries()) {
    const random = new Random(hash(hash(hash(seed, 0x7472696e), segment), u));
    const meanGapSec = 1 / unit.rateHz - REFRACTORY_SEC;
    const gap = () => (REFRACTORY_SEC - meanGapSec * Math.log(1 - random.uniform())) * rateHz;
    for (let t = gap() - REFRACTORY_SEC * rateHz; t < nSamples; t += gap()) {
      keys.push(Math.floor(t * FRACTION) * units.length + u);
    }
  }
  return Float64Array.from(keys).sort();
}

function rangeOf(values: readonly number[]): [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

function clip(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}
