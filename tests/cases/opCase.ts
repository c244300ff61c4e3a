import type { Random } from "../../src/core/random.ts";

/** One input set of an operation: what it gives on the current backend, and what the oracle says. */
export interface OpCase {
  name: string;
  run(): Promise<Record<string, ArrayLike<number>>>;
  oracle(): Record<string, ArrayLike<number>>;
  /** largest allowed |difference| relative to the largest oracle value, per output, with its reason in `because` */
  tolerance: number;
  because: string;
}

export function uniforms(random: Random, n: number, low: number, high: number): Float32Array {
  return Float32Array.from({ length: n }, () => low + (high - low) * random.uniform());
}

export function normals(random: Random, n: number, scale = 1): Float32Array {
  return Float32Array.from({ length: n }, () => scale * random.normal());
}

/** max |a − b| / max |b|, or max |a − b| when b is all zero; NaN counts as infinite. */
export function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let difference = 0;
  let scale = 0;
  for (let i = 0; i < expected.length; i++) {
    const d = Math.abs(found[i] - expected[i]);
    if (Number.isNaN(d)) return Infinity;
    difference = Math.max(difference, d);
    scale = Math.max(scale, Math.abs(expected[i]));
  }
  return scale > 0 ? difference / scale : difference;
}
