import { assert } from "../errors.ts";
import type { DredgeOptions } from "./options.ts";

/**
 * DREDge piece by piece: the displacement of a chunk of time bins from the pairs within it and those with the chunk before,
 * whose displacement q is known.
 *
 * The equations are those of solve.ts. Pairs (i, j) of chunk and predecessor, with weights U' and displacements D' (of i
 * above j), stand there in both orders: they add 2·Σ_j U'_ij to the diagonal and 2·Σ_j U'_ij·(q_j + D'_ij) to the right.
 * Solved by conjugate gradients with the diagonal as preconditioner, in float64: chunks have thousands of bins.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/dredge.py (dredge_online_lfp, thomas_solve).
 */
export interface OnlineChunk {
  nWindows: number;
  nTimes: number;
  /** [B, T, T] D and U */
  displacementUm: Float32Array;
  weights: Float32Array;
  /** the pairs with the chunk before; null for the first */
  before: {
    nTimes: number;
    /** [B, T, T'] D' and U' */
    displacementUm: Float32Array;
    weights: Float32Array;
    /** [B, T'] q */
    solutionUm: Float64Array;
  } | null;
}

type SolveOptions = Pick<DredgeOptions, "lambdaTime" | "lambdaSpace" | "ridge">;

const tolerance = 1e-9;
const mostSteps = 3000;

interface Equations {
  nTimes: number;
  nWindows: number;
  /** [B, T, T] V = U + Uᵀ */
  coupling: Float32Array;
  /** [B, T] all of the diagonal but that of the priors */
  diagonal: Float64Array;
  /** [B, T] */
  right: Float64Array;
}

/** Yields after each step of the solver; returns p [B, T] µm. */
export function* onlineDisplacement(chunk: OnlineChunk, options: SolveOptions): Generator<void, Float64Array> {
  const { nTimes, nWindows } = chunk;
  assert(chunk.weights.length === nWindows * nTimes * nTimes, "D and U are [B, T, T]");
  const equations = equationsOf(chunk, options);
  const { right } = equations;
  const n = right.length;
  const product = new Float64Array(n);
  const share = (b: number) => spaceShare(b, nWindows);
  const preconditioner = equations.diagonal.map((value, at) => {
    const t = at % nTimes;
    const degree = nTimes === 1 ? 0 : t === 0 || t === nTimes - 1 ? 0.5 : 1;
    return value + degree * (options.lambdaTime + share(Math.floor(at / nTimes)) * options.lambdaSpace);
  });
  const x = new Float64Array(n);
  const residual = right.slice();
  const precondition = () => residual.map((value, k) => value / Math.max(preconditioner[k], Number.MIN_VALUE));
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, k) => sum + value * b[k], 0);
  let z = precondition();
  let direction = z.slice();
  let descent = dot(residual, z);
  const enough = tolerance * tolerance * dot(right, right);
  for (let step = 0; step < mostSteps && dot(residual, residual) > enough; step++) {
    multiply(equations, options, direction, product);
    const curvature = dot(direction, product);
    if (!(curvature > 0)) break;
    const stride = descent / curvature;
    for (let k = 0; k < n; k++) {
      x[k] += stride * direction[k];
      residual[k] -= stride * product[k];
    }
    z = precondition();
    const next = dot(residual, z);
    direction = direction.map((value, k) => z[k] + (next / descent) * value);
    descent = next;
    yield;
  }
  return x;
}

/** s_b: how often a window meets a neighbour, by half. */
function spaceShare(b: number, nWindows: number): number {
  if (nWindows === 1) return 0;
  return b === 0 || b === nWindows - 1 ? 0.5 : 1;
}

function equationsOf(chunk: OnlineChunk, { ridge }: SolveOptions): Equations {
  const { nWindows, nTimes, displacementUm: d, weights: u, before } = chunk;
  const coupling = new Float32Array(u.length);
  const diagonal = new Float64Array(nWindows * nTimes);
  const right = new Float64Array(nWindows * nTimes);
  for (let b = 0; b < nWindows; b++) {
    const used = Array.from({ length: nTimes }, (_, i) => {
      const row = (b * nTimes + i) * nTimes;
      return u.subarray(row, row + nTimes).some((weight) => weight > 0);
    });
    const anyUsed = used.includes(true);
    for (let i = 0; i < nTimes; i++) {
      const row = b * nTimes + i;
      if (used[i] || !anyUsed) diagonal[row] += nWindows > 1 ? 2 * ridge : ridge;
      for (let j = 0; j < nTimes; j++) {
        const at = row * nTimes + j;
        const other = (b * nTimes + j) * nTimes + i;
        coupling[at] = i === j ? 0 : u[at] + u[other];
        diagonal[row] += coupling[at];
        right[row] += u[at] * d[at] - u[other] * d[other];
      }
      for (let j = 0; before && j < before.nTimes; j++) {
        const at = row * before.nTimes + j;
        const weight = 2 * before.weights[at];
        diagonal[row] += weight;
        right[row] += weight * (before.solutionUm[b * before.nTimes + j] + before.displacementUm[at]);
      }
    }
  }
  return { nTimes, nWindows, coupling, diagonal, right };
}

/** out = matrix · x */
function multiply(
  { nTimes, nWindows, coupling, diagonal }: Equations,
  { lambdaTime, lambdaSpace }: SolveOptions,
  x: Float64Array,
  out: Float64Array,
): void {
  for (let row = 0; row < x.length; row++) {
    const window = row - (row % nTimes);
    let sum = diagonal[row] * x[row];
    for (let j = 0; j < nTimes; j++) sum -= coupling[row * nTimes + j] * x[window + j];
    out[row] = sum;
  }
  for (let b = 0; b < nWindows; b++) {
    const here = b * nTimes;
    const own = lambdaTime + spaceShare(b, nWindows) * lambdaSpace;
    for (let t = here; t + 1 < here + nTimes; t++) {
      let force = 0.5 * own * (x[t + 1] - x[t]);
      if (b > 0) force -= 0.25 * lambdaSpace * (x[t + 1 - nTimes] - x[t - nTimes]);
      if (b + 1 < nWindows) force -= 0.25 * lambdaSpace * (x[t + 1 + nTimes] - x[t + nTimes]);
      out[t] -= force;
      out[t + 1] += force;
    }
  }
}
