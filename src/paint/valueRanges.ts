import type { Range } from "../core/types.ts";
import { openRange } from "./figure.ts";

/** Values that tell a range, evenly out of all. */
const mostSorted = 20_000;

/**
 * All but a share of the finite values at either end, over one or more columns of which some thousand values are looked at; null
 * when there are none.
 */
export function centralRange(columns: readonly ArrayLike<number>[], share: number): Range | null {
  const some: number[] = [];
  for (const values of columns) {
    const step = Math.max(1, Math.ceil((columns.length * values.length) / mostSorted));
    for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) some.push(values[i]);
  }
  if (some.length === 0) return null;
  some.sort((a, b) => a - b);
  const last = some.length - 1;
  return [some[Math.floor(share * last)], some[Math.ceil((1 - share) * last)]];
}

/** A range with a margin, its ends rounded away from each other to multiples of `step`, so that it does not flicker. */
export function outwards([low, high]: Range, margin: number, step: number): Range {
  return openRange([step * Math.floor((low - margin) / step), step * Math.ceil((high + margin) / step)]);
}
