import type { PairBand } from "./band.ts";
import { factorise, solveInPlace } from "./cholesky.ts";

/** Aggregates per window are so many that together they stay a small dense system. */
const maxUnknowns = 600;
const aggregatesPerReach = 8;

/**
 * The equations for motions that are constant over aggregates of neighbouring time bins, of each window: Zᵀ A Z, where
 * column a of Z is 1 on its aggregate. Small, so it is factorised densely.
 */
export class CoarseLevels {
  readonly #factor: Float64Array;
  readonly #nUnknowns: number;
  readonly #perWindow: number;
  readonly #binsEach: number;
  readonly #nTimes: number;

  /** diagonal: [B, T'] of A without the chains; chain: by window; across: of the chains between neighbouring windows. */
  constructor(band: PairBand, diagonal: Float64Array, chain: readonly number[], across: number) {
    const { coupling, nTimes, reach } = band;
    const nWindows = coupling.length;
    const fine = Math.max(1, Math.ceil(reach / aggregatesPerReach));
    this.#binsEach = Math.max(fine, Math.ceil((nTimes * nWindows) / maxUnknowns));
    this.#perWindow = Math.ceil(nTimes / this.#binsEach);
    this.#nTimes = nTimes;
    this.#nUnknowns = nWindows * this.#perWindow;
    this.#factor = new Float64Array(this.#nUnknowns ** 2);
    const add = (a: number, b: number, value: number) => {
      this.#factor[a * this.#nUnknowns + b] += value;
    };
    diagonal.forEach((value, at) => {
      const a = this.#unknownOf(Math.floor(at / nTimes), at % nTimes);
      add(a, a, value);
    });
    coupling.forEach((v, b) => {
      for (let t = 0; t < nTimes; t++) {
        const a = this.#unknownOf(b, t);
        this.#sumByAggregate(v.subarray(t * reach, (t + 1) * reach), t, (other, sum) => {
          add(a, b * this.#perWindow + other, -sum);
          add(b * this.#perWindow + other, a, -sum);
        });
      }
    });
    // chains: only the bonds from one aggregate to the next are stretched
    for (let b = 0; b < nWindows; b++) {
      for (let k = 0; k + 1 < this.#perWindow; k++) {
        const a = b * this.#perWindow + k;
        addBond(add, a, a, chain[b] / 2);
        if (b + 1 === nWindows) continue;
        addBond(add, a, a + this.#perWindow, across / 2);
        addBond(add, a + this.#perWindow, a, across / 2);
      }
    }
    factorise(this.#factor, this.#nUnknowns);
  }

  #unknownOf(b: number, t: number): number {
    return b * this.#perWindow + Math.floor(t / this.#binsEach);
  }

  /** v: [reach] V of bin t with t + 1 + k. Calls back with the sum over each aggregate. */
  #sumByAggregate(v: Float32Array, t: number, found: (aggregate: number, sum: number) => void): void {
    const nNext = Math.min(v.length, this.#nTimes - 1 - t);
    for (let k = 0; k < nNext; ) {
      const aggregate = Math.floor((t + 1 + k) / this.#binsEach);
      const end = Math.min(nNext, (aggregate + 1) * this.#binsEach - t - 1);
      let sum = 0;
      for (; k < end; k++) sum += v[k];
      found(aggregate, sum);
    }
  }

  /** out += Z·(Zᵀ A Z)⁻¹·Zᵀ·r */
  add(r: Float64Array, out: Float64Array): void {
    const levels = new Float64Array(this.#nUnknowns);
    for (let at = 0; at < r.length; at++)
      levels[this.#unknownOf(Math.floor(at / this.#nTimes), at % this.#nTimes)] += r[at];
    solveInPlace(this.#factor, this.#nUnknowns, levels, 1);
    for (let at = 0; at < r.length; at++)
      out[at] += levels[this.#unknownOf(Math.floor(at / this.#nTimes), at % this.#nTimes)];
  }
}

/** weight·(x_a+1 − x_a)(y_b+1 − y_b) as entries of a matrix. */
function addBond(add: (a: number, b: number, value: number) => void, a: number, b: number, weight: number): void {
  add(a, b, weight);
  add(a + 1, b + 1, weight);
  add(a, b + 1, -weight);
  add(a + 1, b, -weight);
}
