/**
 * How many locations should not be trusted: without a place, stopped by a bound of the fit, or far outside the probe.
 * Counts only: nothing is clipped or dropped. NaN in z alone is no fault (some localizers have no z).
 */
export interface OutlierCounts {
  nSpikes: number;
  /** x or y is NaN: the feature was zero or not a number */
  nWithout: number;
  /** x or y at the largest distance from the start, or z at its least or largest */
  nAtBound: number;
  /** spikes with any of these faults */
  nOutliers: number;
  /** located, but farther than `outsideUm` beyond the box around the contacts */
  nOutside: number;
  /** one sentence; empty when all three are zero */
  sentence: string;
}

export interface LocationBounds {
  /** [N, width] x, y first: where the fit started, which x and y may leave by maxDistanceUm; null for methods without bounds */
  startUm: ArrayLike<number> | null;
  startWidth: number;
  maxDistanceUm: number;
  /** how far beyond the contacts a location may lie */
  outsideUm: number;
}

/** A fit within this of a bound (µm; float32 far up a probe resolves 2e-4) was stopped by it. */
const touchUm = 2e-3;

/** Whether a bound of the fit stopped spike n. locations: [N, 4]; startUm: [N, startWidth] x, y first. */
export function touchesBound(
  locations: ArrayLike<number>,
  startUm: ArrayLike<number>,
  n: number,
  maxDistanceUm: number,
  startWidth = 4,
): boolean {
  const [dx, dy] = [0, 1].map((i) => Math.abs(locations[4 * n + i] - startUm[startWidth * n + i]));
  const z = locations[4 * n + 2];
  return Math.max(dx, dy) >= maxDistanceUm - touchUm || z <= 1 + 1e-6 || z >= 10 * maxDistanceUm * (1 - 1e-6);
}

/** locations: [N, 4] x, y, z, α; positionsUm: [C, 2] of the channels in use. */
export function locationOutliers(
  locations: ArrayLike<number>,
  positionsUm: ArrayLike<number>,
  { startUm, startWidth, maxDistanceUm, outsideUm }: LocationBounds,
): OutlierCounts {
  const nSpikes = locations.length / 4;
  const [xLow, xHigh] = extent(positionsUm, 0);
  const [yLow, yHigh] = extent(positionsUm, 1);
  let [nWithout, nAtBound, nOutside, nOutliers] = [0, 0, 0, 0];
  for (let n = 0; n < nSpikes; n++) {
    const x = locations[4 * n];
    const y = locations[4 * n + 1];
    if (Number.isNaN(x) || Number.isNaN(y)) {
      nWithout++;
      nOutliers++;
      continue;
    }
    const isAtBound = startUm !== null && touchesBound(locations, startUm, n, maxDistanceUm, startWidth);
    const isOutside = Math.max(xLow - x, x - xHigh, yLow - y, y - yHigh) > outsideUm;
    if (isAtBound) nAtBound++;
    if (isOutside) nOutside++;
    if (isAtBound || isOutside) nOutliers++;
  }
  const found = { nSpikes, nWithout, nAtBound, nOutside, nOutliers };
  return { ...found, sentence: sentenceOf(found, outsideUm) };
}

function extent(positionsUm: ArrayLike<number>, offset: number): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let c = offset; c < positionsUm.length; c += 2) {
    low = Math.min(low, positionsUm[c]);
    high = Math.max(high, positionsUm[c]);
  }
  return [low, high];
}

function sentenceOf(
  { nSpikes, nWithout, nAtBound, nOutside }: Omit<OutlierCounts, "sentence" | "nOutliers">,
  outsideUm: number,
): string {
  const parts = [
    { n: nAtBound, what: "stopped at a bound of the fit" },
    { n: nOutside, what: `lie more than ${outsideUm} µm outside the probe` },
    { n: nWithout, what: "have no location, because their feature is zero or not a number" },
  ].filter(({ n }) => n > 0);
  if (parts.length === 0) return "";
  const list = parts.map(({ n, what }) => `${n} (${((100 * n) / nSpikes).toFixed(2)} %) ${what}`).join(", ");
  return `Of ${nSpikes} spikes ${list}; they are kept as they are.`;
}
