import type { PairBand } from "./band.ts";
import { noSolution } from "./cholesky.ts";
import { CoarseLevels } from "./coarseLevels.ts";
import type { DredgeOptions } from "./options.ts";

/**
 * The equations of solve.ts on a band of pairs, by conjugate gradients in float64: no matrix but the band is ever made.
 *
 * Preconditioner: of each window the diagonal and the temporal prior, a tridiagonal matrix that is solved exactly (it
 * carries displacement across stretches without weights), plus the same equations for displacements that are constant over
 * aggregates of time bins (coarseLevels.ts; they hold the slow part, down to the level that only the ridge fixes). It ends
 * when the preconditioned residual has fallen by `tolerance`, followed by one correction of the levels.
 */
export type BandSolveOptions = Pick<DredgeOptions, "lambdaTime" | "lambdaSpace" | "ridge">;

export interface SolveState {
  iteration: number;
  /** preconditioned residual as a share of that of a motion of zero */
  residual: number;
}

export interface SolveLimits {
  tolerance: number;
  maxIterations: number;
  /** asked before every iteration: true ends with what there is */
  stopped?: () => boolean;
}

export const exactly: SolveLimits = { tolerance: 1e-12, maxIterations: 500 };

/**
 * start: [B, T'] µm to begin with. Yields after every window of every iteration, a few ten milliseconds at most. Returns p [B, T'] µm
 * and the state it ended in. Throws AppError when the system has no solution.
 */
export function* solveBand(
  band: PairBand,
  options: BandSolveOptions,
  start: Float64Array | null = null,
  { tolerance, maxIterations, stopped = () => false }: SolveLimits = exactly,
): Generator<SolveState, { displacementUm: Float64Array; state: SolveState }> {
  const system = new BandSystem(band, options);
  const n = band.right.length;
  const x = start?.slice() ?? new Float64Array(n);
  const state: SolveState = { iteration: 0, residual: 1 };
  const r = new Float64Array(n);
  const z = new Float64Array(n);
  const q = new Float64Array(n);
  const scale = Math.sqrt(dot(band.right, system.precondition(band.right, z)));
  if (scale === 0) return { displacementUm: x.fill(0), state: { iteration: 0, residual: 0 } };
  const residual = function* (): Generator<SolveState, void> {
    for (const _ of system.multiply(x, q)) yield state;
    for (let k = 0; k < n; k++) r[k] = band.right[k] - q[k];
  };
  yield* residual();
  let rho = dot(r, system.precondition(r, z));
  const p = z.slice();
  state.residual = share(rho, scale);
  while (state.residual > tolerance && state.iteration < maxIterations && !stopped()) {
    for (const _ of system.multiply(p, q)) yield state;
    const alpha = rho / dot(p, q);
    for (let k = 0; k < n; k++) {
      x[k] += alpha * p[k];
      r[k] -= alpha * q[k];
    }
    const next = dot(r, system.precondition(r, z));
    for (let k = 0; k < n; k++) p[k] = z[k] + (next / rho) * p[k];
    rho = next;
    state.iteration++;
    state.residual = share(rho, scale);
    yield state;
  }
  yield* residual(); // anew: the one that was carried along has gathered rounding
  system.addLevels(r, x);
  return { displacementUm: x, state: { ...state } };
}

const share = (rho: number, scale: number) => Math.sqrt(Math.max(0, rho)) / scale;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}

class BandSystem {
  readonly #band: PairBand;
  readonly #nWindows: number;
  readonly #lambdaSpace: number;
  /** by window: λ_t + s_b·λ_s, what the chain of its time bins weighs */
  readonly #chain: number[];
  /** [B, T'] all of the diagonal but the chain's share */
  readonly #diagonal: Float64Array;
  /** [B, T'] L D Lᵀ of diagonal and chain: D, and what stands below the 1 of L */
  readonly #pivot: Float64Array;
  readonly #below: Float64Array;
  readonly #levels: CoarseLevels;

  constructor(band: PairBand, { lambdaTime, lambdaSpace, ridge }: BandSolveOptions) {
    const nWindows = band.coupling.length;
    this.#band = band;
    this.#nWindows = nWindows;
    this.#lambdaSpace = nWindows === 1 ? 0 : lambdaSpace;
    this.#chain = band.coupling.map((_, b) => lambdaTime + spaceShare(b, nWindows) * this.#lambdaSpace);
    this.#diagonal = band.anchor.slice();
    const ridges = nWindows === 1 ? ridge : 2 * ridge;
    band.coupling.forEach((v, b) => {
      const [from, to] = [b * band.nTimes, (b + 1) * band.nTimes];
      addRowSums(v, band.nTimes, band.reach, this.#diagonal.subarray(from, to));
      const used = band.used.subarray(from, to);
      const anyUsed = used.includes(1);
      for (let t = 0; t < band.nTimes; t++) if (used[t] || !anyUsed) this.#diagonal[from + t] += ridges;
    });
    this.#pivot = new Float64Array(this.#diagonal.length);
    this.#below = new Float64Array(this.#diagonal.length);
    for (let b = 0; b < nWindows; b++) this.#factoriseChain(b);
    this.#levels = new CoarseLevels(band, this.#diagonal, this.#chain, -this.#lambdaSpace / 2);
  }

  #factoriseChain(b: number): void {
    const n = this.#band.nTimes;
    const off = -this.#chain[b] / 2;
    for (let t = 0; t < n; t++) {
      const at = b * n + t;
      const whole = this.#diagonal[at] + this.#chain[b] * chainDiagonal(t, n);
      const l = t > 0 ? off / this.#pivot[at - 1] : 0;
      this.#below[at] = l;
      this.#pivot[at] = whole - l * off;
      if (!(this.#pivot[at] > 1e-13 * whole)) throw noSolution(this.#band.start + t);
    }
  }

  /** out = A·x. Yields after each window. */
  *multiply(x: Float64Array, out: Float64Array): Generator<void, void> {
    const { coupling, nTimes: n, reach } = this.#band;
    for (let k = 0; k < x.length; k++) out[k] = this.#diagonal[k] * x[k];
    for (let b = 0; b < this.#nWindows; b++) {
      subtractBand(coupling[b], n, reach, x.subarray(b * n, (b + 1) * n), out.subarray(b * n, (b + 1) * n));
      this.#addChains(b, x, out);
      yield;
    }
  }

  /** Temporal and spatial prior of one window: half the Laplacian of the chain, of the window's own weighing and the neighbours'. */
  #addChains(b: number, x: Float64Array, out: Float64Array): void {
    const n = this.#band.nTimes;
    const half = -this.#lambdaSpace / 2;
    const mixed = (t: number) =>
      this.#chain[b] * x[b * n + t] +
      (b > 0 ? half * x[(b - 1) * n + t] : 0) +
      (b + 1 < this.#nWindows ? half * x[(b + 1) * n + t] : 0);
    for (let t = 0; t + 1 < n; t++) {
      const step = 0.5 * (mixed(t + 1) - mixed(t));
      out[b * n + t] -= step;
      out[b * n + t + 1] += step;
    }
  }

  precondition(r: Float64Array, out: Float64Array): Float64Array {
    const n = this.#band.nTimes;
    for (let b = 0; b < this.#nWindows; b++) {
      const [from, to] = [b * n, (b + 1) * n];
      for (let k = from; k < to; k++) out[k] = r[k] - (k > from ? this.#below[k] * out[k - 1] : 0);
      for (let k = to - 1; k >= from; k--)
        out[k] = out[k] / this.#pivot[k] - (k + 1 < to ? this.#below[k + 1] * out[k + 1] : 0);
    }
    this.#levels.add(r, out);
    return out;
  }

  /** x += the levels that take the residual r away on every aggregate. */
  addLevels(r: Float64Array, x: Float64Array): void {
    this.#levels.add(r, x);
  }
}

/** s_b of solve.ts */
function spaceShare(b: number, nWindows: number): number {
  return b === 0 || b === nWindows - 1 ? 0.5 : 1;
}

/** Diagonal of L: half the number of neighbours. */
function chainDiagonal(t: number, n: number): number {
  return ((t > 0 ? 1 : 0) + (t + 1 < n ? 1 : 0)) / 2;
}

function addRowSums(v: Float32Array, n: number, reach: number, out: Float64Array): void {
  for (let t = 0; t < n; t++) {
    const nNext = Math.min(reach, n - 1 - t);
    let sum = 0;
    for (let k = 0; k < nNext; k++) {
      const value = v[t * reach + k];
      sum += value;
      out[t + 1 + k] += value;
    }
    out[t] += sum;
  }
}

/** out −= V·x of one window */
function subtractBand(v: Float32Array, n: number, reach: number, x: Float64Array, out: Float64Array): void {
  for (let t = 0; t < n; t++) {
    const nNext = Math.min(reach, n - 1 - t);
    const xt = x[t];
    const at = t * reach;
    let sum = 0;
    for (let k = 0; k < nNext; k++) {
      const value = v[at + k];
      sum += value * x[t + 1 + k];
      out[t + 1 + k] -= value * xt;
    }
    out[t] -= sum;
  }
}
