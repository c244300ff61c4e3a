import type { DredgeOptions } from "./options.ts";

/**
 * Which pairs of time bins count, by how far apart they are. Two rules of the reference meet here:
 *   the horizon in seconds, applied only where it is less than the *number* of time bins (weights.ts);
 *   pairs in blocks of 512 bins whose nearest bins are further apart than the horizon are never compared
 *   (crossCorrelation.ts), whatever the first rule says.
 */
export interface PairHorizon {
  /** the furthest apart that any two bins can count */
  reach: number;
  /** i and j no further apart than `reach` */
  counts: (i: number, j: number) => boolean;
}

const block = 512;

export function pairHorizon(
  nTimes: number,
  { horizonSec, binSec }: Pick<DredgeOptions, "horizonSec" | "binSec">,
): PairHorizon {
  if (horizonSec > 0 && horizonSec < nTimes) {
    let reach = Math.min(nTimes - 1, Math.ceil(horizonSec / binSec));
    while (reach * binSec > horizonSec) reach--;
    return { reach, counts: () => true };
  }
  if (!(horizonSec > 0)) return { reach: nTimes - 1, counts: () => true };
  const horizonBins = Math.ceil(horizonSec / binSec);
  const blockOf = (t: number) => Math.floor(t / block);
  return {
    reach: Math.min(nTimes - 1, horizonBins + 2 * block - 2),
    counts: (i, j) => {
      const apart = Math.abs(blockOf(i) - blockOf(j));
      return apart < 2 || (apart - 1) * block + 1 <= horizonBins;
    },
  };
}
