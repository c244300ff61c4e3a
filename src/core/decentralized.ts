import { assert } from "./errors.ts";
import { median } from "./motion.ts";

/**
 * Displacement from the displacements between all pairs of time bins, by least squares with trimming.
 *
 * Rows of the problem, for the p [B, T] that are sought (w = 1, or the pair's weight when `softWeights`):
 *   pairs that count: w·(p_bi − p_bj) = w·D_bij;  temporal prior: p_b,t+1 − p_bt = 0;  spatial prior: p_bt − p_b+1,t = 0
 * Solved `nIterations` times. Before each but the first, rows whose residual lies more than `trimSigma` standard deviations
 * from the mean residual are left out: of the pairs, which is robust against wrong ones, or of the priors, which lets the
 * tissue jump. All rows are judged anew each time. The rows say nothing of the level: each window keeps its mean D.
 *
 * Normal equations by conjugate gradients in float64, without preconditioning, so that the level stays where it starts.
 * Source: Varol et al., ICASSP 2021; SpikeInterface@a5f7dbb3 sortingcomponents/motion/decentralized.py (method lsmr),
 * whose code trims the rows of the priors although it is described to trim pairs.
 */
export interface PairwiseProblem {
  nWindows: number;
  nTimes: number;
  /** [B, T, T] µm: estimates of p_i − p_j */
  displacementUm: Float32Array;
  /** [B, T, T] 0 or less: the pair does not count */
  weights: Float32Array;
}

export interface RobustOptions {
  softWeights: boolean;
  temporalPrior: boolean;
  spatialPrior: boolean;
  trim: "pairs" | "priors";
  nIterations: number;
  trimSigma: number;
}

/** Rows that take part: 1, or 0 where trimmed. */
interface ActiveRows {
  /** [B, T, T] */
  pairs: Uint8Array;
  /** [B, T − 1] */
  times: Uint8Array;
  /** [B − 1, T] */
  windows: Uint8Array;
}

const tolerance = 1e-10;
const mostSteps = 1000;

/** Yields the share of the work that is done; returns p [B, T] µm. */
export function* robustDisplacement(problem: PairwiseProblem, options: RobustOptions): Generator<number, Float64Array> {
  const { nWindows, nTimes, displacementUm, weights } = problem;
  assert(weights.length === nWindows * nTimes * nTimes && displacementUm.length === weights.length, "D, W: [B, T, T]");
  const rows: ActiveRows = {
    pairs: Uint8Array.from(weights, (weight) => (weight > 0 ? 1 : 0)),
    times: new Uint8Array(nWindows * (nTimes - 1)).fill(options.temporalPrior ? 1 : 0),
    windows: new Uint8Array((nWindows - 1) * nTimes).fill(options.spatialPrior ? 1 : 0),
  };
  const all = { pairs: rows.pairs.slice(), times: rows.times.slice(), windows: rows.windows.slice() };
  const p = Float64Array.from({ length: nWindows * nTimes }, (_, at) => {
    let sum = 0;
    for (let j = 0; j < nTimes; j++) sum += displacementUm[at * nTimes + j];
    return sum / nTimes;
  });
  const coupling = new Float32Array(weights.length);
  for (let iteration = 0; iteration < options.nIterations; iteration++) {
    if (iteration > 0 && !trimRows(problem, options, p, all, rows)) break;
    couple(problem, options, rows, coupling);
    yield iteration / options.nIterations;
    const right = rightSide(problem, options, rows);
    for (const _step of conjugateGradients((x, out) => apply(coupling, nTimes, rows, x, out), right, p))
      yield iteration / options.nIterations;
  }
  return p;
}

/** Square of a pair's weight in the sum of squares. */
function squareWeight(weights: Float32Array, at: number, soft: boolean): number {
  return soft ? weights[at] * weights[at] : 1;
}

/** V = A + Aᵀ of the squared weights of the pairs that take part, [B, T, T]. */
function couple(
  { nWindows, nTimes, weights }: PairwiseProblem,
  { softWeights }: RobustOptions,
  { pairs }: ActiveRows,
  coupling: Float32Array,
): void {
  coupling.fill(0);
  for (let b = 0; b < nWindows; b++) {
    for (let i = 0; i < nTimes; i++) {
      for (let j = 0; j < nTimes; j++) {
        const at = (b * nTimes + i) * nTimes + j;
        if (!pairs[at] || i === j) continue;
        const square = squareWeight(weights, at, softWeights);
        coupling[at] += square;
        coupling[(b * nTimes + j) * nTimes + i] += square;
      }
    }
  }
}

function rightSide(
  { nTimes, displacementUm, weights }: PairwiseProblem,
  { softWeights }: RobustOptions,
  { pairs }: ActiveRows,
): Float64Array {
  const right = new Float64Array(weights.length / nTimes);
  for (let at = 0; at < pairs.length; at++) {
    if (!pairs[at]) continue;
    const row = Math.floor(at / nTimes);
    const column = row - (row % nTimes) + (at % nTimes);
    const value = squareWeight(weights, at, softWeights) * displacementUm[at];
    right[row] += value;
    right[column] -= value;
  }
  return right;
}

/** The matrix of the normal equations times x. */
function apply(coupling: Float32Array, nTimes: number, rows: ActiveRows, x: Float64Array, out: Float64Array): void {
  for (let row = 0; row < x.length; row++) {
    const window = row - (row % nTimes);
    let sum = 0;
    for (let j = 0; j < nTimes; j++) sum += coupling[row * nTimes + j] * (x[row] - x[window + j]);
    out[row] = sum;
  }
  const link = (a: number, b: number) => {
    const difference = x[a] - x[b];
    out[a] += difference;
    out[b] -= difference;
  };
  rows.times.forEach((isActive, at) => {
    const row = at + Math.floor(at / (nTimes - 1));
    if (isActive) link(row, row + 1);
  });
  rows.windows.forEach((isActive, at) => {
    if (isActive) link(at, at + nTimes);
  });
}

/** Solve A·x = right from the x given, in place. Yields after every step. */
function* conjugateGradients(
  multiply: (x: Float64Array, out: Float64Array) => void,
  right: Float64Array,
  x: Float64Array,
): Generator<number, void> {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  const product = new Float64Array(x.length);
  multiply(x, product);
  const residual = right.map((value, k) => value - product[k]);
  const direction = residual.slice();
  let square = dot(residual, residual);
  const enough = tolerance * tolerance * dot(right, right);
  for (let step = 0; step < mostSteps && square > enough; step++) {
    multiply(direction, product);
    const curvature = dot(direction, product);
    if (!(curvature > 0)) return; // nothing but rounding is left
    const stride = square / curvature;
    for (let k = 0; k < x.length; k++) {
      x[k] += stride * direction[k];
      residual[k] -= stride * product[k];
    }
    const next = dot(residual, residual);
    for (let k = 0; k < x.length; k++) direction[k] = residual[k] + (next / square) * direction[k];
    square = next;
    yield step;
  }
}

/** Judge all rows by p; `rows` then holds those that stay. False when there is nothing to judge by. */
function trimRows(
  problem: PairwiseProblem,
  options: RobustOptions,
  p: Float64Array,
  all: ActiveRows,
  rows: ActiveRows,
): boolean {
  let [n, sum, squares] = [0, 0, 0];
  eachResidual(problem, options, p, all, (residual) => {
    n++;
    sum += residual;
    squares += residual * residual;
  });
  const mean = sum / n;
  const sd = Math.sqrt(Math.max(0, squares / n - mean * mean));
  if (!(sd > 0)) return false;
  eachResidual(problem, options, p, all, (residual, kind, at) => {
    if ((kind === "pairs") === (options.trim === "pairs"))
      rows[kind][at] = Math.abs(residual - mean) <= options.trimSigma * sd ? 1 : 0;
  });
  return true;
}

function eachResidual(
  { nTimes, displacementUm, weights }: PairwiseProblem,
  { softWeights }: RobustOptions,
  p: Float64Array,
  all: ActiveRows,
  visit: (residual: number, kind: keyof ActiveRows, at: number) => void,
): void {
  for (let at = 0; at < weights.length; at++) {
    if (!all.pairs[at]) continue;
    const row = Math.floor(at / nTimes);
    const column = row - (row % nTimes) + (at % nTimes);
    visit((softWeights ? weights[at] : 1) * (p[row] - p[column] - displacementUm[at]), "pairs", at);
  }
  for (let at = 0; at < all.times.length; at++) {
    const row = at + Math.floor(at / (nTimes - 1));
    if (all.times[at]) visit(p[row + 1] - p[row], "times", at);
  }
  for (let at = 0; at < all.windows.length; at++) if (all.windows[at]) visit(p[at] - p[at + nTimes], "windows", at);
}

/** What counts as no displacement: the median or mean of all, or each window's own at a time bin. */
export type ZeroLevel = { kind: "median" | "mean" } | { kind: "time"; bin: number };

/** displacementUm: [B, T], changed in place. */
export function setZeroLevel(displacementUm: Float64Array, nTimes: number, zero: ZeroLevel): void {
  const mean = displacementUm.reduce((sum, value) => sum + value, 0) / displacementUm.length;
  const common = zero.kind === "median" ? median(displacementUm) : mean;
  const levels = displacementUm.map((_, at) =>
    zero.kind === "time" ? displacementUm[at - (at % nTimes) + zero.bin] : common,
  );
  levels.forEach((level, at) => {
    displacementUm[at] -= level;
  });
}

/** Give every window the level at which its median difference to the one below is 0. displacementUm: [B, T], in place. */
export function alignMedians(displacementUm: Float64Array, nTimes: number): void {
  for (let from = nTimes; from < displacementUm.length; from += nTimes) {
    const here = displacementUm.subarray(from, from + nTimes);
    const step = median(here.map((value, t) => value - displacementUm[from - nTimes + t]));
    here.forEach((value, t) => {
      here[t] = value - step;
    });
  }
}
