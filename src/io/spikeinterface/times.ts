const MOST_APART = 0.001; // clocks of devices differ by tens of ppm, lost samples make more

/**
 * What the first and the last time of a segment say: its start, and a warning where they do not fit its rate (samples were
 * lost, or the times are of another clock). Null where they are no times.
 */
export function startByTimes(
  path: string,
  firstSec: number,
  lastSec: number,
  nSamples: number,
  rateHz: number,
  warnings: string[],
): number | null {
  if (!Number.isFinite(firstSec) || !Number.isFinite(lastSec)) {
    warnings.push(`${path}: expected times in s, found ${firstSec} first and ${lastSec} last; they are not used.`);
    return null;
  }
  const statedSec = lastSec - firstSec;
  const expectedSec = (nSamples - 1) / rateHz;
  if (Math.abs(statedSec - expectedSec) > MOST_APART * expectedSec) {
    const [stated, expected] = [statedSec, expectedSec].map((sec) => Number(sec.toPrecision(6)));
    warnings.push(
      `${path}: expected times over ${expected} s at the stated rate, found ${stated} s; only the start is taken from them, so times within the segment follow the rate.`,
    );
  }
  return firstSec;
}
