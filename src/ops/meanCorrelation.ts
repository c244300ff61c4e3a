import {
  div,
  maximum,
  mul,
  pad,
  reshape,
  sqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  tidy,
} from "@tensorflow/tfjs-core";
import { windowSum } from "./windowSum.ts";

const normFloor = 1e-12;

/** The divisor of n nearest to its root, 1 for a prime. */
function middleDivisor(n: number): number {
  for (let d = Math.floor(Math.sqrt(n)); d > 1; d--) if (n % d === 0) return d;
  return 1;
}

/**
 * Sums [T, 1] of long rows [T, V], in rounds: one float32 sum over 30,000 voxels, as tfjs-wasm makes it, is off by 1e-4 of the
 * gradient, one over the 961 sums of two rounds by 1e-5 of ρ̄.
 */
function rowSums(rows: Tensor): Tensor2D {
  const [nRows, width] = rows.shape;
  let inner = middleDivisor(width);
  let full = rows;
  if (inner < 8 && width > 512) {
    inner = 64;
    full = pad(rows as Tensor2D, [
      [0, 0],
      [0, (inner - (width % inner)) % inner],
    ]);
  }
  const parts = sum(reshape(full, [nRows, full.shape[1]! / inner, inner]), 2);
  return parts.shape[1]! > 512 ? rowSums(parts) : (sum(parts, 1, true) as Tensor2D);
}

/** Pairs of valid bins i < j ≤ i + window. */
export function countPairs(valid: ArrayLike<number>, window: number): number {
  const before = new Int32Array(valid.length + 1);
  for (let t = 0; t < valid.length; t++) before[t + 1] = before[t] + (valid[t] ? 1 : 0);
  let pairs = 0;
  for (let t = 0; t < valid.length; t++) {
    if (valid[t]) pairs += before[Math.min(valid.length, t + window + 1)] - before[t + 1];
  }
  return pairs;
}

/**
 * Repeatability ρ̄ [1] and its gradient [T, V] with respect to the histogram, as core/histogramLosses.meanCorrelation:
 * the gradient of a bin is (S − (S·u)u)/(‖c‖·pairs), where S is the sum of the unit vectors it is compared with.
 * histogram: [T, V]; valid: [T, 1] of 0 and 1; nPairs: `countPairs` of it, at least 1. About six arrays of T × V at a time.
 */
export function meanCorrelation(
  histogram: Tensor2D,
  valid: Tensor2D,
  nPairs: number,
  window: number,
): { value: Tensor1D; grad: Tensor2D } {
  return tidy(() => {
    const centred = sub(histogram, div(rowSums(histogram), histogram.shape[1]));
    const norm = maximum(sqrt(rowSums(square(centred))), normFloor);
    const perNorm = div(valid, norm);
    const unit = mul(centred, perNorm) as Tensor2D;
    // all pairs need one sum of rows, a window a running one: never a product of T × T
    const all = window >= histogram.shape[0] - 1;
    const partners = all ? sub(sum(unit, 0, true), unit) : windowSum(unit, window);
    const along = rowSums(mul(partners, unit));
    const grad = mul(sub(partners, mul(along, unit)), div(perNorm, nPairs)) as Tensor2D;
    return { value: reshape(div(sum(along), 2 * nPairs), [1]) as Tensor1D, grad };
  });
}
