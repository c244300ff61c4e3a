import { assert } from "../errors.ts";
import { factorise, solveInPlace } from "./cholesky.ts";
import type { DredgeOptions } from "./options.ts";

/**
 * The displacement that fits all pairs best, by one linear system in float64.
 *
 * Minimised over p [B, T]:
 *   Σ_b Σ_ij U_b[i, j]·(D_b[i, j] − (p_bi − p_bj))² + λ_t Σ_b p_bᵀL p_b + (λ_s/2) Σ_b (p_b − p_b+1)ᵀL(p_b − p_b+1) + ridge
 * with L half the Laplacian of the chain of time bins (diagonal 1, ½ at both ends; −½ beside it). The normal equations,
 * with V = U + Uᵀ and r_i = Σ_j U_ij·D_ij − Σ_j U_ji·D_ji, are
 *   one window: (diag(V1) − V + λ_t L + ε·diag(m)) p = r, m = 1 where a time bin has any weight (everywhere if none has);
 *   several: tridiagonal in blocks of T × T. Block b on the diagonal: diag(V_b 1) − V_b + (λ_t + s_b λ_s) L + 2ε·diag(m_b),
 *   s_b = ½ for the first and last window, 1 between; beside the diagonal −(λ_s/2) L.
 * Solved by elimination of one window after the other (block Thomas) with Cholesky factors.
 * Source: SpikeInterface@a5f7dbb3 sortingcomponents/motion/dredge.py (thomas_solve).
 */
type SolveOptions = Pick<DredgeOptions, "lambdaTime" | "lambdaSpace" | "ridge">;

/** displacementUm: D, weights: U, both [B, T, T]. Returns p [B, T] µm. Throws AppError when the system has no solution. */
export function solveDisplacement(
  displacementUm: Float32Array,
  weights: Float32Array,
  nWindows: number,
  nTimes: number,
  options: SolveOptions,
): Float64Array {
  const size = nTimes * nTimes;
  assert(weights.length === nWindows * size && displacementUm.length === weights.length, "D and U are [B, T, T]");
  const coupling = -options.lambdaSpace / 2;
  const solution = new Float64Array(nWindows * nTimes);
  /** of each eliminated window: how its solution follows the next window's, [T, T] */
  const followers: Float64Array[] = [];
  for (let b = 0; b < nWindows; b++) {
    const u = weights.subarray(b * size, (b + 1) * size);
    const d = displacementUm.subarray(b * size, (b + 1) * size);
    const end = b === 0 || b === nWindows - 1;
    const matrix = normalMatrix(u, nTimes, nWindows === 1 ? 0 : end ? 0.5 : 1, options);
    const y = solution.subarray(b * nTimes, (b + 1) * nTimes);
    y.set(rightSide(d, u, nTimes));
    if (b > 0) {
      subtract(matrix, chained(followers[b - 1], nTimes, nTimes, coupling));
      subtract(y, chained(solution.subarray((b - 1) * nTimes, b * nTimes), nTimes, 1, coupling));
    }
    factorise(matrix, nTimes);
    solveInPlace(matrix, nTimes, y, 1);
    if (b < nWindows - 1) {
      const follower = chained(identity(nTimes), nTimes, nTimes, coupling);
      solveInPlace(matrix, nTimes, follower, nTimes);
      followers.push(follower);
    }
  }
  for (let b = nWindows - 2; b >= 0; b--) {
    const next = solution.subarray((b + 1) * nTimes, (b + 2) * nTimes);
    for (let t = 0; t < nTimes; t++) {
      let sum = 0;
      for (let k = 0; k < nTimes; k++) sum += followers[b][t * nTimes + k] * next[k];
      solution[b * nTimes + t] -= sum;
    }
  }
  return solution;
}

/** [T, T] one diagonal block; `spaceShare` is s_b, 0 for a window without neighbours. */
function normalMatrix(u: Float32Array, n: number, spaceShare: number, options: SolveOptions): Float64Array {
  const matrix = chained(identity(n), n, n, options.lambdaTime + spaceShare * options.lambdaSpace);
  const used = Array.from({ length: n }, (_, i) => u.subarray(i * n, (i + 1) * n).some((weight) => weight > 0));
  const anyUsed = used.includes(true);
  const ridge = spaceShare > 0 ? 2 * options.ridge : options.ridge;
  for (let i = 0; i < n; i++) {
    let total = used[i] || !anyUsed ? ridge : 0;
    for (let j = 0; j < n; j++) {
      const v = u[i * n + j] + u[j * n + i];
      matrix[i * n + j] -= v;
      total += v;
    }
    matrix[i * n + i] += total;
  }
  return matrix;
}

/** [T] r */
function rightSide(d: Float32Array, u: Float32Array, n: number): Float64Array {
  const r = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) r[i] += u[i * n + j] * d[i * n + j] - u[j * n + i] * d[j * n + i];
  }
  return r;
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, ij) => (ij % (n + 1) === 0 ? 1 : 0));
}

/** factor·L·x for x [T, nColumns], L half the Laplacian of the chain. */
function chained(x: Float64Array, n: number, nColumns: number, factor: number): Float64Array {
  const out = new Float64Array(n * nColumns);
  for (let t = 0; t + 1 < n; t++) {
    for (let k = 0; k < nColumns; k++) {
      const step = 0.5 * factor * (x[(t + 1) * nColumns + k] - x[t * nColumns + k]);
      out[t * nColumns + k] -= step;
      out[(t + 1) * nColumns + k] += step;
    }
  }
  return out;
}

function subtract(from: Float64Array, values: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i] -= values[i];
}
