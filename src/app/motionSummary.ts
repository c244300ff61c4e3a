import { scoreMotion } from "../core/motionScore.ts";
import type { Motion } from "../core/types.ts";
import type { MethodInfo } from "../protocol/methods.ts";
import { formatCount, formatNumber } from "./format.ts";
import { type MotionEntry, motionById } from "./motions.ts";

/** Largest range of displacement over time at any depth, in µm; 0 for a motion without finite values. */
export function displacementRangeUm(motion: Motion): number {
  const nT = motion.timeBinCentersSec.length;
  const nS = motion.depthBinCentersUm.length;
  let widest = 0;
  for (let s = 0; s < nS; s++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < nT; t++) {
      const d = motion.displacementUm[t * nS + s];
      if (d < low) low = d;
      if (d > high) high = d;
    }
    if (high - low > widest) widest = high - low;
  }
  return widest;
}

/**
 * How an estimate stands against another motion, in one line: correlation, gain and RMS difference, each after removing
 * the median over time at every depth. Null when the two share no time.
 */
export function comparisonSummary(estimate: Motion, reference: { motion: Motion; title: string }): string | null {
  const score = scoreMotion(estimate, reference.motion);
  if (score.nTimes === 0) return null;
  const parts = [
    `r ${formatNumber(score.r)}`,
    `gain ${formatNumber(score.gain)}`,
    `RMS ${formatNumber(score.rmseUm)} µm`,
  ];
  return `against ${reference.title}: ${parts.join(", ")}`;
}

/** Where a motion came from, in a few words. */
export function originInWords(
  { from }: Pick<MotionEntry, "from">,
  methods: readonly MethodInfo[],
  isBeingLearned: boolean,
): string {
  switch (from.kind) {
    case "file":
      return from.title;
    case "run": {
      const name = methods.find(({ id }) => id === from.method)?.title ?? from.method;
      if (isBeingLearned) return `${name}, running`;
      return from.complete ? name : `${name}, stopped before its end`;
    }
    case "edit":
      return `edit of ${motionById(from.of)?.title ?? "a motion that was removed"}`;
  }
}

/** One line: the largest displacement range and the number of bins. */
export function motionSummary(motion: Motion): string {
  const bins = `${formatCount(motion.timeBinCentersSec.length)} time × ${formatCount(motion.depthBinCentersUm.length)} depth bins`;
  return `range ${formatNumber(displacementRangeUm(motion))} µm, ${bins}`;
}
