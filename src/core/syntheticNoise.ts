import { Random } from "./random.ts";
import type { ProbeSites } from "./types.ts";

/**
 * Noise of a simulated recording. Every block of samples is a pure function of (seed, segment, block): the random words come
 * from a counter, and filters start cold long enough before the block that their start is forgotten (below 10⁻⁸).
 */
export interface NoiseConfig {
  seed: number;
  rateHz: number;
  /** rms of what neighbouring channels share: band-limited, about 0.3–5 kHz */
  sharedUv: number;
  /** rms of what each channel has of its own: white */
  ownUv: number;
  /** rms of the field potential, 1–40 Hz; 0 for none */
  lfpUv: number;
  /** amplitude of mains hum, the same on all channels; 0 for none */
  humUv: number;
  humHz: number;
}

/** Samples per block. */
export const BLOCK = 1024;

const WARM_UP = 256; // 21 time constants of the slowest filter
const SHARED_STREAM = 1;
const OWN_STREAM = 2;
const LFP_STREAM = 3;

/**
 * Impulse response of the shared noise, Σ A e^(−t/τ), t in samples at 30 kHz: starts at 0 and integrates to 0, hence no power
 * at 0 Hz and little far above 1/(2π τ₁). Exponentials because each is one multiplication a sample, and because the response
 * at any fraction of a sample is the same filters with other weights: the delays of the converters cost nothing.
 */
const TAUS = [1.5, 3, 12] as const;
const N_POLES = TAUS.length;
const POLE_AMPS = [1, (TAUS[2] - TAUS[0]) / (TAUS[1] - TAUS[2]), (TAUS[1] - TAUS[0]) / (TAUS[2] - TAUS[1])] as const;

/** Sources of shared noise lie along each shank, and a channel hears the nearest few: correlated over about 40 µm. */
const SOURCE_PITCH_UM = 30;
const REACH_UM = 25;
const N_HEARD = 4;
const N_WEIGHTS = N_HEARD * N_POLES;

const LFP_MODES = 3; // over depth: constant, cosine, sine
const LFP_TONES = 10; // per mode

export class SyntheticNoise {
  readonly #config: NoiseConfig;
  readonly #nChannels: number;
  readonly #nSources: number;
  /** [C] first entry of the four sources a channel hears in a row of filtered sources */
  readonly #first: Int32Array;
  /** [C, N_WEIGHTS] µV */
  readonly #weights: Float32Array;
  readonly #gauss = gaussianTable();
  readonly #white: Float32Array;
  /** [BLOCK, nSources, N_POLES] */
  readonly #filtered: Float32Array;
  /** [C, LFP_MODES] µV; the hum is in the first */
  readonly #lfpWeights: Float32Array;
  readonly #tones: { mode: number; hz: number; amp: number; phase: number }[];

  constructor(config: NoiseConfig, sites: ProbeSites, delaySamples: Float64Array) {
    this.#config = config;
    const nChannels = sites.positionsUm.length;
    this.#nChannels = nChannels;
    const topUm = Math.max(...sites.positionsUm.map(([, y]) => y));
    const perShank = Math.ceil(topUm / SOURCE_PITCH_UM) + N_HEARD;
    this.#nSources = perShank * sites.nShanks;
    this.#first = new Int32Array(nChannels);
    this.#weights = new Float32Array(nChannels * N_WEIGHTS);
    for (let c = 0; c < nChannels; c++) {
      const place = sites.positionsUm[c][1] / SOURCE_PITCH_UM;
      this.#first[c] = N_POLES * (sites.shank[c] * perShank + Math.floor(place));
      const weights = channelWeights(place % 1, delaySamples[c]);
      for (let w = 0; w < N_WEIGHTS; w++) this.#weights[c * N_WEIGHTS + w] = config.sharedUv * weights[w];
    }
    this.#white = new Float32Array((BLOCK + WARM_UP) * this.#nSources);
    this.#filtered = new Float32Array(BLOCK * this.#nSources * N_POLES);
    this.#lfpWeights = lfpWeights(sites, topUm, config.lfpUv);
    this.#tones = lfpTones(config.seed);
  }

  /**
   * Write block `block` of a segment into `out` [BLOCK, nChannels], µV. `startSec` is when the segment starts: field potential
   * and hum go on through a gap, the rest does not.
   */
  fill(out: Float32Array, segment: number, block: number, startSec: number): void {
    this.#filterSources(segment, block);
    this.#mix(out, keyOf(this.#config.seed, OWN_STREAM, segment, block));
    if (this.#config.lfpUv > 0 || this.#config.humUv > 0) this.#addSlow(out, block, startSec);
  }

  #filterSources(segment: number, block: number): void {
    const n = this.#nSources;
    const white = this.#white;
    // the warm-up is the end of the block before, so neighbouring blocks join without a seam
    const sharedKey = (b: number) => keyOf(this.#config.seed, SHARED_STREAM, segment, b);
    fillGaussian(white, 0, WARM_UP * n, sharedKey(block - 1), ((BLOCK - WARM_UP) * n) >> 1, this.#gauss);
    fillGaussian(white, WARM_UP * n, white.length, sharedKey(block), 0, this.#gauss);
    const decay = TAUS.map((tau) => Math.exp(-1 / tau));
    const state = new Float64Array(n * N_POLES);
    for (let t = 0; t < BLOCK + WARM_UP; t++) {
      for (let k = 0; k < n; k++) {
        const v = white[t * n + k];
        for (let pole = 0; pole < N_POLES; pole++)
          state[k * N_POLES + pole] = decay[pole] * state[k * N_POLES + pole] + v;
      }
      if (t >= WARM_UP) this.#filtered.set(state, (t - WARM_UP) * n * N_POLES);
    }
  }

  #mix(out: Float32Array, key: Key): void {
    const [nChannels, row, own] = [this.#nChannels, this.#nSources * N_POLES, this.#config.ownUv];
    const [first, weights, filtered] = [this.#first, this.#weights, this.#filtered];
    fillGaussian(out, 0, out.length, key, 0, this.#gauss);
    for (let t = 0; t < BLOCK; t++) {
      for (let c = 0; c < nChannels; c++) {
        const from = t * row + first[c];
        const w = c * N_WEIGHTS;
        let sum = own * out[t * nChannels + c];
        for (let i = 0; i < N_WEIGHTS; i++) sum += weights[w + i] * filtered[from + i];
        out[t * nChannels + c] = sum;
      }
    }
  }

  #addSlow(out: Float32Array, block: number, startSec: number): void {
    const { rateHz, humUv, humHz } = this.#config;
    const nChannels = this.#nChannels;
    const weights = this.#lfpWeights;
    const modes = new Float64Array(LFP_MODES);
    for (let t = 0; t < BLOCK; t++) {
      const sec = startSec + (block * BLOCK + t) / rateHz;
      modes.fill(0);
      for (const { mode, hz, amp, phase } of this.#tones) modes[mode] += amp * Math.sin(2 * Math.PI * hz * sec + phase);
      const hum = humUv * Math.sin(2 * Math.PI * humHz * sec);
      const [constant, cosine, sine] = modes;
      for (let c = 0; c < nChannels; c++) {
        const w = c * LFP_MODES;
        out[t * nChannels + c] += weights[w] * constant + weights[w + 1] * cosine + weights[w + 2] * sine + hum;
      }
    }
  }
}

/** Weights of unit power for a channel `place` source pitches above its first source but one, sampled `delay` late. */
function channelWeights(place: number, delay: number): Float64Array {
  const weights = new Float64Array(N_WEIGHTS);
  let power = 0;
  for (let k = 0; k < N_HEARD; k++) {
    const near = Math.exp(-0.5 * (((place - k + 1) * SOURCE_PITCH_UM) / REACH_UM) ** 2);
    for (let pole = 0; pole < N_POLES; pole++) {
      weights[k * N_POLES + pole] = near * POLE_AMPS[pole] * Math.exp(-delay / TAUS[pole]);
    }
    for (let t = 0; t < WARM_UP; t++) {
      const response = TAUS.reduce((sum, tau, pole) => sum + POLE_AMPS[pole] * Math.exp(-(t + delay) / tau), 0);
      power += (near * response) ** 2;
    }
  }
  return weights.map((w) => w / Math.sqrt(power));
}

function lfpWeights(sites: ProbeSites, topUm: number, lfpUv: number): Float32Array {
  const weights = new Float32Array(sites.positionsUm.length * LFP_MODES);
  sites.positionsUm.forEach(([, yUm], c) => {
    const angle = (Math.PI * yUm) / Math.max(topUm, 1);
    weights.set([0.7 * lfpUv, 0.5 * lfpUv * Math.cos(angle), 0.5 * lfpUv * Math.sin(angle)], c * LFP_MODES);
  });
  return weights;
}

/** Tones of 1 to 40 Hz, weaker with frequency, of unit power per mode. */
function lfpTones(seed: number): { mode: number; hz: number; amp: number; phase: number }[] {
  const random = new Random(hash(seed, LFP_STREAM));
  return Array.from({ length: LFP_MODES }, (_, mode) => {
    const tones = Array.from({ length: LFP_TONES }, () => {
      const hz = 40 ** random.uniform();
      return { mode, hz, amp: 1 / hz, phase: 2 * Math.PI * random.uniform() };
    });
    const power = tones.reduce((sum, { amp }) => sum + amp ** 2 / 2, 0);
    return tones.map((tone) => ({ ...tone, amp: tone.amp / Math.sqrt(power) }));
  }).flat();
}

/** Two words that choose a stream of random words. */
type Key = readonly [number, number];

function keyOf(seed: number, stream: number, segment: number, block: number): Key {
  const a = hash(hash(hash(seed, stream), segment), block);
  return [a, hash(a, 0x632be59b)];
}

/** One word out of two: the finaliser of splitmix32. */
export function hash(a: number, b: number): number {
  let z = (Math.imul(a, 0x9e3779b9) ^ (b + 0x7f4a7c15)) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

const GAUSS_BITS = 14;

/**
 * Normal numbers into out[from, to), two from each random word. Word number i of a stream is a hash of i with the key in both
 * rounds, so any place of it can be computed at once.
 */
function fillGaussian(out: Float32Array, from: number, to: number, key: Key, firstWord: number, table: Float32Array) {
  const [a, b] = key;
  const mask = (1 << GAUSS_BITS) - 1;
  let word = firstWord;
  for (let i = from; i < to; i += 2) {
    let z = (Math.imul(word++, 0x9e3779b9) + a) | 0;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad) ^ b;
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    z ^= z >>> 15;
    out[i] = table[z & mask];
    if (i + 1 < to) out[i + 1] = table[(z >>> 18) & mask];
  }
}

/** Quantiles of the normal distribution at the middles of 2^14 equal shares, scaled to variance 1; reaches ±4. */
function gaussianTable(): Float32Array {
  const n = 1 << GAUSS_BITS;
  const table = new Float32Array(n);
  const step = 1e-4;
  const density = (x: number) => Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  let below = 0.5;
  let x = 0;
  for (let i = n / 2; i < n; i++) {
    const wanted = (i + 0.5) / n;
    for (; below < wanted; x += step) below += step * density(x + step / 2);
    const value = x - (below - wanted) / density(x);
    table[i] = value;
    table[n - 1 - i] = -value;
  }
  const power = table.reduce((sum, v) => sum + v * v, 0) / n;
  return table.map((v) => v / Math.sqrt(power));
}
