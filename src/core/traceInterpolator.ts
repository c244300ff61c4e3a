import { assert } from "./errors.ts";
import { displacementAt, motionOfShank } from "./motion.ts";
import type { Motion, ProbeSites } from "./types.ts";

/**
 * Traces as they would have been recorded had the tissue not moved: the value of a contact at depth y is read off where
 * that tissue lies now, at y + p(t, y), out of the contacts around. Contacts of one shank only see each other.
 * Formulas: kriging and inverse distances as spec'd for SpikeInterface's interpolate_motion (0.105).
 */
export interface InterpolationOptions {
  method: "kriging" | "idw" | "nearest";
  /** what becomes of contacts whose tissue left the probe */
  border: "remove_channels" | "force_extrapolate" | "force_zeros";
  /** µm, kriging: how far contacts tell of each other; along x and y apart when two are given */
  sigmaUm: number | readonly [xUm: number, yUm: number];
  /** kriging: 1 exponential, 2 Gaussian */
  exponent: number;
  /** idw: contacts that count */
  nClosest: number;
}

export const interpolationDefaults: InterpolationOptions = {
  method: "kriging",
  border: "remove_channels",
  sigmaUm: 20,
  exponent: 1,
  nClosest: 3,
};

type Place = readonly [xUm: number, yUm: number];

/** The ridge that keeps the inverse of similarities finite where contacts lie closer than sigma. */
const ridge = 1e-6;
/** Similarities, and entries of their inverse relative to its largest, below this cannot change a weight by what counts. */
const negligible = 1e-9;

/** The contacts of one shank that are read, and what depends on them alone. */
interface Sources {
  /** channels, ascending */
  channels: Int32Array;
  places: Place[];
  /** kriging: rows of the inverse of (similarities + ridge) without what is negligible; else null */
  inverse: { at: Int32Array; values: Float64Array }[] | null;
  box: { x: readonly [number, number]; y: readonly [number, number] };
}

/** exp(−(|a − b| / σ)^p), or the product of those along x and y. */
function similarity(a: Place, b: Place, { sigmaUm, exponent }: InterpolationOptions): number {
  const [dx, dy] = [a[0] - b[0], a[1] - b[1]];
  if (typeof sigmaUm === "number") {
    const distance = Math.sqrt(dx * dx + dy * dy) / sigmaUm; // hypot guards against overflow and takes its time
    return Math.exp(-(exponent === 1 ? distance : distance ** exponent));
  }
  const [x, y] = [Math.abs(dx) / sigmaUm[0], Math.abs(dy) / sigmaUm[1]];
  return Math.exp(-(x ** exponent) - y ** exponent);
}

/** Inverse of a symmetric positive definite [n, n] by Cholesky: L L' = A, L Z = 1, A⁻¹ = Z' Z. Float64. */
function inverseOf(matrix: Float64Array, n: number): Float64Array {
  const lower = matrix.slice();
  const z = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = lower[i * n + j];
      for (let k = 0; k < j; k++) sum -= lower[i * n + k] * lower[j * n + k];
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j];
    }
    z[i * n + i] = 1 / lower[i * n + i];
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= lower[i * n + k] * z[k * n + j];
      z[i * n + j] = sum / lower[i * n + i];
    }
  }
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += z[k * n + i] * z[k * n + j];
      inverse[i * n + j] = sum;
      inverse[j * n + i] = sum;
    }
  }
  return inverse;
}

function rangeOf(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Channels whose tissue stays between the lowest and highest contact of their shank at all times of the motion. */
export function channelsThatStay(probe: ProbeSites, motion: Motion): number[] {
  const { positionsUm, shank } = probe;
  const ranges = new Map([...new Set(shank)].map((s) => [s, rangeOf(depthsOfShank(probe, s))]));
  return positionsUm.flatMap(([, y], c) => {
    const own = motionOfShank(motion, shank[c]);
    const [low, high] = ranges.get(shank[c])!;
    return own.timeBinCentersSec.every((t) => {
      const at = y + displacementAt(own, t, y);
      return at >= low && at <= high;
    })
      ? [c]
      : [];
  });
}

function depthsOfShank({ positionsUm, shank }: ProbeSites, which: number): number[] {
  return positionsUm.flatMap(([, y], c) => (shank[c] === which ? [y] : []));
}

/**
 * Kernels of one probe and motion. What depends on the contacts alone is computed once; `at` gives the kernel of a time,
 * which all samples nearest to the same time bin of the motion share.
 */
export class TraceInterpolator {
  /** channels of the result, ascending: all but those that `remove_channels` drops */
  readonly targets: Int32Array;
  /** boundaries between the time bins of the motion, [T − 1] s: midpoints of their centres */
  readonly edgesSec: Float64Array;
  readonly #probe: ProbeSites;
  readonly #motion: Motion;
  readonly #options: InterpolationOptions;
  readonly #byShank = new Map<number, Sources>();
  /** column of the traces by channel; −1 for those that are not among them */
  readonly #columns: Int32Array;
  /** µm along the probe beyond which a similarity is negligible */
  readonly #reachUm: number;

  /** `channels`: those that the traces have, ascending; bad ones are missing and are filled in from their neighbours. */
  constructor(probe: ProbeSites, channels: Int32Array, motion: Motion, options: InterpolationOptions) {
    this.#probe = probe;
    this.#motion = motion;
    this.#options = options;
    const all = probe.positionsUm.map((_, c) => c);
    this.targets = Int32Array.from(options.border === "remove_channels" ? channelsThatStay(probe, motion) : all);
    const alongUm = typeof options.sigmaUm === "number" ? options.sigmaUm : options.sigmaUm[1];
    this.#reachUm = alongUm * (-Math.log(negligible)) ** (1 / options.exponent);
    const centers = motion.timeBinCentersSec;
    this.edgesSec = centers.subarray(1).map((t, i) => (centers[i] + t) / 2);
    this.#columns = new Int32Array(all.length).fill(-1);
    channels.forEach((c, column) => {
      this.#columns[c] = column;
    });
    for (const s of new Set(probe.shank)) {
      const own = channels.filter((c) => probe.shank[c] === s);
      if (own.length > 0) this.#byShank.set(s, this.#sourcesOf(own));
    }
  }

  #sourcesOf(channels: Int32Array): Sources {
    const places = Array.from(channels, (c): Place => this.#probe.positionsUm[c]);
    const n = places.length;
    // whether a place lies on the probe is a matter of its contacts, be they good or bad
    const shank = this.#probe.shank[channels[0]];
    const all = this.#probe.positionsUm.filter((_, c) => this.#probe.shank[c] === shank);
    const box = { x: rangeOf(all.map(([x]) => x)), y: rangeOf(all.map(([, y]) => y)) };
    if (this.#options.method !== "kriging") return { channels, places, inverse: null, box };
    const similarities = Float64Array.from(
      { length: n * n },
      (_, at) =>
        similarity(places[Math.floor(at / n)], places[at % n], this.#options) +
        (at % n === Math.floor(at / n) ? ridge : 0),
    );
    return { channels, places, inverse: withoutNegligible(inverseOf(similarities, n), n), box };
  }

  /** Number of the time bin whose kernel a time has. */
  binAt(timeSec: number): number {
    let low = 0;
    let high = this.edgesSec.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.edgesSec[middle] <= timeSec) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** [targets.length, number of channels of the traces] weights in a time bin. */
  kernel(bin: number): Float64Array {
    const timeSec = this.#motion.timeBinCentersSec[bin];
    assert(timeSec !== undefined, "a time bin of the motion");
    const nColumns = this.#columns.reduce((most, c) => Math.max(most, c + 1), 0);
    const out = new Float64Array(this.targets.length * nColumns);
    for (const [i, c] of this.targets.entries()) {
      const sources = this.#byShank.get(this.#probe.shank[c]);
      if (!sources) continue; // nothing of this shank was recorded
      const [x, y] = this.#probe.positionsUm[c];
      const place: Place = [x, y + displacementAt(motionOfShank(this.#motion, this.#probe.shank[c]), timeSec, y)];
      const weights = this.#weightsAt(place, sources);
      for (const [j, source] of sources.channels.entries()) out[i * nColumns + this.#columns[source]] = weights[j];
    }
    return out;
  }

  /** [sources] weights of one place. Inside the box of the contacts they add up to 1. */
  #weightsAt(place: Place, sources: Sources): Float64Array {
    const { places, box } = sources;
    const isInside = within(place[0], box.x) && within(place[1], box.y);
    if (!isInside && this.#options.border !== "force_extrapolate") return new Float64Array(places.length);
    const weights = sources.inverse
      ? this.#kriging(place, places, sources.inverse)
      : byDistance(place, places, this.#options.method === "nearest" ? 1 : this.#options.nClosest);
    if (!isInside) return weights;
    const sum = weights.reduce((s, w) => s + w, 0);
    return weights.map((w) => w / sum);
  }

  #kriging(place: Place, places: readonly Place[], inverse: NonNullable<Sources["inverse"]>): Float64Array {
    const n = places.length;
    const out = new Float64Array(n);
    for (let j = 0; j < n; j++) {
      if (Math.abs(place[1] - places[j][1]) > this.#reachUm) continue;
      const k = similarity(place, places[j], this.#options);
      const { at, values } = inverse[j];
      for (let i = 0; i < at.length; i++) out[at[i]] += k * values[i];
    }
    return out;
  }
}

function withoutNegligible(inverse: Float64Array, n: number): NonNullable<Sources["inverse"]> {
  const limit = negligible * inverse.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return Array.from({ length: n }, (_, j) => {
    const row = inverse.subarray(j * n, (j + 1) * n);
    const at = Int32Array.from([...row.keys()].filter((i) => Math.abs(row[i]) > limit));
    return { at, values: Float64Array.from(at, (i) => row[i]) };
  });
}

function within(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

/** 1 / distance of the nearest contacts, the lower channel first where two are as near; one that is met counts alone. */
function byDistance(place: Place, places: readonly Place[], nClosest: number): Float64Array {
  const distances = places.map(([x, y]) => Math.hypot(x - place[0], y - place[1]));
  const order = places.map((_, i) => i).sort((a, b) => distances[a] - distances[b] || a - b);
  const out = new Float64Array(places.length);
  const nearest = order[0];
  if (nClosest === 1 || distances[nearest] === 0) out[nearest] = 1;
  else for (const i of order.slice(0, nClosest)) out[i] = 1 / distances[i];
  return out;
}
