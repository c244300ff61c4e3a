import type { Range } from "../core/types.ts";
import { openRange } from "./figure.ts";
import { centralRange } from "./spikeData.ts";

/** What all but a share of the values of either of two columns lie in; null when there are none. */
export function commonRange(a: ArrayLike<number>, b: ArrayLike<number>, beyond: number): Range | null {
  const [one, other] = [centralRange(a, beyond), centralRange(b, beyond)];
  if (!one || !other) return one ?? other;
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])];
}

/** A range with a margin, its ends rounded away from each other to multiples of `step`, so that it does not flicker. */
export function outwards([low, high]: Range, margin: number, step: number): Range {
  return openRange([step * Math.floor((low - margin) / step), step * Math.ceil((high + margin) / step)]);
}
