import { getBackend } from "@tensorflow/tfjs-core";
import { expect, TestRunner } from "vitest";

/** One number held against the reference data: a line of the table at the end of `node tests/run.mjs golden`. */
export interface GoldenRow {
  quantity: string;
  /** what computed it: a backend, or plain float64 */
  machine: string;
  difference: number;
  tolerance: number;
}

declare module "vitest" {
  interface TaskMeta {
    golden?: GoldenRow[];
  }
}

export const float64 = "float64";

/** Demand that a difference is within its tolerance, and put both into the table; of one quantity it keeps the worst. */
export function hold(quantity: string, difference: number, tolerance: number, machine = getBackend()): void {
  const { meta } = TestRunner.getCurrentTest()!;
  meta.golden ??= [];
  meta.golden.push({ quantity, machine, difference, tolerance });
  expect(difference, `${quantity}, ${machine}`).toBeLessThanOrEqual(tolerance);
}

export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  return largest(Array.from(a, (v, i) => v - b[i]));
}

/** Largest difference in units of the expected value, entry by entry. */
export function relativeDifference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  return largest(Array.from(expected, (v, i) => found[i] / v - 1));
}

export function l2Norm(values: ArrayLike<number>): number {
  return Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));
}
