import { median } from "../core/motion.ts";
import { compareMotions, type MotionComparison } from "../core/motionComparison.ts";
import type { Motion } from "../core/types.ts";
import type { DrawnMotion } from "../protocol/motions.ts";
import type { MotionPair } from "../protocol/scoreboard.ts";
import { displacementAlong } from "./curves.ts";

/** Rows of the common grid: fine enough for the bends of any estimate, coarse enough to be read as bands. */
const nDepths = 25;
/** Columns of the common grid: more than a screen has. */
const maxTimes = 4000;
/** Largest number of values that colour limits are found from. */
const maxSampled = 50_000;

/** Motions on their common grid, with the ends of the colours. */
export interface Compared extends MotionComparison {
  /** µm; what stands out by less than one value in five hundred has the end colour */
  fieldLimitUm: number;
  differenceLimitUm: number;
}

const known = new WeakMap<readonly DrawnMotion[], Compared | null>();

/** The comparison of a list, computed once; null when its motions share no time, or there is none. */
export function comparedOf(motions: readonly DrawnMotion[]): Compared | null {
  const before = known.get(motions);
  if (before !== undefined) return before;
  const comparison =
    motions.length > 0
      ? compareMotions(
          motions.map(({ motion }) => motion),
          { nDepths, maxTimes },
        )
      : null;
  const compared = comparison && {
    ...comparison,
    fieldLimitUm: limitOf(comparison.fieldsUm),
    differenceLimitUm: limitOf(comparison.pairs.map(({ differenceUm }) => differenceUm)),
  };
  known.set(motions, compared);
  return compared;
}

/** Ends of a diverging map, centred at 0, at least ±1 µm. */
function limitOf(fields: readonly Float64Array[]): number {
  const total = fields.reduce((sum, { length }) => sum + length, 0);
  const stride = Math.max(1, Math.ceil(total / maxSampled));
  const sizes: number[] = [];
  for (const field of fields) for (let i = 0; i < field.length; i += stride) sizes.push(Math.abs(field[i]));
  const sorted = Float64Array.from(sizes).sort();
  return Math.max(1, sorted[Math.floor(0.998 * (sorted.length - 1))] ?? 1);
}

/** Every pair as numbers; NaN for motions that share no time. */
export function motionPairs(motions: readonly DrawnMotion[]): MotionPair[] {
  const compared = comparedOf(motions);
  if (!compared) return pairsOf(motions).map(([a, b]) => ({ ...unknownPair, a: a.title, b: b.title }));
  const { timeSec } = compared.grid;
  const overlapSec = [timeSec[0], timeSec[timeSec.length - 1]] as const;
  return compared.pairs.map(({ a, b, rmsUm, meanAbsUm, maxAbsUm, r }) => {
    return { a: motions[a].title, b: motions[b].title, rmsUm, meanAbsUm, maxAbsUm, r, overlapSec };
  });
}

const unknownPair = { rmsUm: Number.NaN, meanAbsUm: Number.NaN, maxAbsUm: Number.NaN, r: Number.NaN, overlapSec: null };

function pairsOf<T>(items: readonly T[]): [T, T][] {
  return items.flatMap((a, i) => items.slice(i + 1).map((b): [T, T] => [a, b]));
}

/** Displacement over time at one depth without its median, µm: a motion has no zero of its own. */
export function centredAlong(motion: Motion, depthUm: number): Float64Array {
  const along = displacementAlong(motion, depthUm);
  const middle = median(along);
  return along.map((v) => v - middle);
}
