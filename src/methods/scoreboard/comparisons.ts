import { compareMotions } from "../../core/motionComparison.ts";
import type { Motion } from "../../core/types.ts";
import type { MotionPair, NamedMotion, ScoreboardRequest } from "../../protocol/scoreboard.ts";

/** Every pair of motions, each against the truth last; and what a person should know about how they overlap. */
export function compared({ motions, truth }: ScoreboardRequest): { comparisons: MotionPair[]; warnings: string[] } {
  const all = truth ? [...motions, truth] : motions;
  const comparisons = all.flatMap((a, i) => all.slice(i + 1).map((b) => comparePair(a, b)));
  const warnings = truth ? motions.flatMap((motion) => overlapWarning(motion, truth)) : [];
  return { comparisons, warnings };
}

function comparePair(a: NamedMotion, b: NamedMotion): MotionPair {
  const names = { a: a.name, b: b.name };
  const found = compareMotions([a.motion, b.motion]);
  if (!found) {
    const none = Number.NaN;
    return { ...names, rmsUm: none, meanAbsUm: none, maxAbsUm: none, r: none, overlapSec: null };
  }
  const { timeSec } = found.grid;
  const { rmsUm, meanAbsUm, maxAbsUm, r } = found.pairs[0];
  return { ...names, rmsUm, meanAbsUm, maxAbsUm, r, overlapSec: [timeSec[0], timeSec[timeSec.length - 1]] };
}

/** One sentence where the truth does not reach over the whole motion. */
export function overlapWarning({ name, motion }: NamedMotion, truth: NamedMotion): string[] {
  const ends = (m: Motion) => [m.timeBinCentersSec[0], m.timeBinCentersSec[m.timeBinCentersSec.length - 1]];
  const [[first, last], [from, to]] = [ends(motion), ends(truth.motion)];
  if (truth.motion.timeBinCentersSec.length === 1) return [];
  const range = (a: number, b: number) => `${a.toFixed(1)} to ${b.toFixed(1)} s`;
  const what = `The truth "${truth.name}" covers ${range(from, to)}, the motion "${name}" ${range(first, last)}`;
  if (to < first || from > last) return [`${what}: they share no time and cannot be compared.`];
  const binSec = motion.timeBinCentersSec.length > 1 ? motion.timeBinCentersSec[1] - first : 0;
  if (from <= first + binSec && to >= last - binSec) return [];
  return [`${what}: errors are those of the time they share.`];
}
