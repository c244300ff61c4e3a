import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { cleanMotion, countExcursions, excursionsOf } from "../../../src/core/motionEdits/clean.ts";
import { shiftLevel, zeroLevel } from "../../../src/core/motionEdits/level.ts";
import { maskTimes } from "../../../src/core/motionEdits/mask.ts";
import { replaceCurve } from "../../../src/core/motionEdits/replaceCurve.ts";
import { resampleMotion } from "../../../src/core/motionEdits/resample.ts";
import { smoothMotionOverTime } from "../../../src/core/motionEdits/smooth.ts";
import type { Motion } from "../../../src/core/types.ts";
import { motionOf, rigid } from "./curves.ts";

const values = (motion: Motion) => [...motion.displacementUm];
const wander = [
  0.01, 2.4, 0.21, -6.92, -10.56, -18.49, -18.01, -7.29, -11.22, -16.19, -12.27, -9.41, 141.43, 133.99, 133.75, -10.69,
  -21.44, -25.1, -40.31, -50.63, -65.36, -67.24, -77.38, -75.21, -73.96, -75.45, -95.59, -99.9, -100.28, -99.38,
  -311.62, -115.44, -123.27, -129.74, -121.25, -127.71, -127.97, -120.9, -125.57, -126.46,
];

describe("cleaning", () => {
  const cut = (curve: readonly number[], limit = 30) =>
    excursionsOf(
      Float64Array.from(curve),
      Float64Array.from(curve, (_, t) => t),
      limit,
    );

  it("cuts what lies between two crossings of the speed limit", () => {
    expect(cut([0, 0, 90, 91, 0, 0])).toEqual([{ from: 2, to: 4 }]);
    expect(values(cleanMotion(rigid([0, 2, 90, 91, 8, 8]), 30, 0))).toEqual([0, 2, 4, 6, 8, 8]);
  });

  it("lets a single step be, whichever its place", () => {
    expect(cut([0, 0, 90, 90])).toEqual([]);
    expect(cut([0, 90])).toEqual([]);
  });

  it("takes the pairing that cuts less where a step comes before or after", () => {
    expect(cut([0, 90, 90, 90, 90, 180, 90])).toEqual([{ from: 5, to: 6 }]); // step first, then a peak
    expect(cut([0, 90, 0, 0, 0, 0, 90, 90])).toEqual([{ from: 1, to: 2 }]); // a peak, then a step
    expect(cut([0, 90, 180, 90])).toEqual([{ from: 2, to: 3 }]); // as much either way: the later
  });

  it("counts speed by the time between centres, and does not cut at the limit itself", () => {
    expect(cut([0, 30, 0])).toEqual([]);
    expect(cut([0, 30.01, 0])).toEqual([{ from: 1, to: 2 }]);
    expect(countExcursions(rigid([0, 50, 0], 2), 30)).toEqual({ nExcursions: 0, nCutBins: 0, nBins: 3 });
    expect(countExcursions(rigid([0, 70, 0], 2), 30)).toEqual({ nExcursions: 1, nCutBins: 1, nBins: 3 });
  });

  it("gives what numpy gives by the same rule, two depths on their own", () => {
    const two = cleanMotion(
      motionOf(
        wander.map((v) => [v, 5]),
        2,
      ),
      30,
      0,
    );
    const expected = [...wander];
    expected.splice(12, 3, -9.73, -10.05, -10.37);
    expected[30] = -107.41;
    values(two).forEach((v, i) => {
      expect(v).toBeCloseTo(i % 2 ? 5 : expected[i >> 1], 9);
    });
  });

  it("smooths afterwards when asked", () => {
    const both = cleanMotion(rigid(wander), 30, 2);
    expect(values(both)).toEqual(values(smoothMotionOverTime(cleanMotion(rigid(wander), 30, 0), 2)));
  });

  it("never cuts the first or the last bin and leaves slow motions alone", () => {
    const curves = fc.array(fc.double({ min: -500, max: 500, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(curves, fc.double({ min: 1, max: 200, noNaN: true }), (curve, limit) => {
        const clean = values(cleanMotion(rigid(curve), limit, 0));
        expect(clean.every(Number.isFinite)).toBe(true);
        expect([clean[0], clean.at(-1)]).toEqual([curve[0], curve.at(-1)]);
        const fastest = Math.max(0, ...curve.slice(1).map((v, i) => Math.abs(v - curve[i])));
        if (fastest <= limit) expect(clean).toEqual(curve);
      }),
    );
  });
});

describe("masks", () => {
  it("interpolate between the bins beside them, ends of the range included", () => {
    expect(values(maskTimes(rigid([0, 9, 9, 9, 4]), [[1.5, 3.5]]))).toEqual([0, 1, 2, 3, 4]);
    expect(values(maskTimes(rigid([0, 9, 9, 9, 4]), [[1.6, 3.4]]))).toEqual([0, 9, 9, 9, 4]);
  });

  it("are flat at the ends of the recording", () => {
    expect(values(maskTimes(rigid([9, 9, 3, 4]), [[-5, 2]]))).toEqual([3, 3, 3, 4]);
    expect(values(maskTimes(rigid([1, 3, 9, 9]), [[2, 99]]))).toEqual([1, 3, 3, 3]);
  });

  it("may overlap, in any order, at every depth and across the probe", () => {
    const motion = {
      ...motionOf([
        [0, 0],
        [9, 7],
        [9, 7],
        [3, 6],
      ]),
      lateralUm: Float64Array.of(0, 9, 9, -3),
    };
    const masked = maskTimes(motion, [
      [2, 3],
      [1, 2.6],
    ]);
    expect(values(masked)).toEqual([0, 0, 1, 2, 2, 4, 3, 6]);
    expect([...masked.lateralUm!]).toEqual([0, -1, -2, -3]);
  });

  it("say so when they leave nothing", () => {
    expect(() => maskTimes(rigid([1, 2]), [[0, 9]])).toThrow(AppError);
    expect(() => maskTimes(rigid([1]), [[0, 9]])).toThrow("The masks cover all 1 time bins of the motion");
  });
});

describe("a drawn or pasted curve", () => {
  const motion = motionOf([
    [0, 10],
    [0, 10],
    [0, 10],
    [0, 10],
  ]);

  it("replaces one depth within its time span", () => {
    const drawn = { timeSec: [2.5, 1.5], displacementUm: [40, 20] };
    expect(values(replaceCurve(motion, drawn, 80))).toEqual([0, 10, 0, 20, 0, 40, 0, 10]);
    expect(values(replaceCurve(motion, drawn, -4000))).toEqual([0, 10, 20, 10, 40, 10, 0, 10]);
  });

  it("is linear between its points", () => {
    const drawn = { timeSec: [1, 3], displacementUm: [0, 40] };
    expect(values(replaceCurve(motion, drawn, 0))).toEqual([0, 10, 10, 10, 30, 10, 0, 10]);
  });

  it("moves all depths together when it is for all", () => {
    const drawn = { timeSec: [0, 2], displacementUm: [50, 50] };
    expect(values(replaceCurve(motion, drawn, null))).toEqual([45, 55, 45, 55, 0, 10, 0, 10]);
  });

  it("takes the last of several points at one time, and one point that lies on a bin", () => {
    expect(values(replaceCurve(rigid([0, 0]), { timeSec: [0.5, 0.5], displacementUm: [1, 2] }, null))).toEqual([2, 0]);
  });

  it("says so when it touches no bin", () => {
    expect(() => replaceCurve(motion, { timeSec: [4, 9], displacementUm: [1, 1] }, null)).toThrow(
      "Expected a curve over at least one time bin of the motion (0.5 to 3.5 s), found one of 2 points from 4 to 9 s.",
    );
  });
});

describe("smoothing", () => {
  it("is scipy's truncated Gaussian away from the ends", () => {
    const expected = [34.830775, 7.263958, -16.734982, -34.778274, -47.925187, -57.750266];
    const smooth = values(smoothMotionOverTime(rigid(wander, 2), 4));
    expected.forEach((v, i) => {
      expect(smooth[15 + i]).toBeCloseTo(v, 5);
    });
  });

  it("keeps a constant to the ends, and everything when σ is 0", () => {
    const still = motionOf([
      [7, -2],
      [7, -2],
      [7, -2],
    ]);
    values(smoothMotionOverTime(still, 5)).forEach((v, i) => {
      expect(v).toBeCloseTo(i % 2 ? -2 : 7, 12);
    });
    expect(smoothMotionOverTime(still, 0)).toBe(still);
  });
});

describe("level and bins", () => {
  it("puts the median over time of each depth to zero, and shifts", () => {
    const motion = motionOf([
      [1, 10],
      [2, 40],
      [9, 20],
    ]);
    expect(values(zeroLevel(motion))).toEqual([-1, -10, 0, 20, 7, 0]);
    expect(values(shiftLevel(motion, -2))).toEqual([-1, 8, 0, 38, 7, 18]);
  });

  it("resamples times and depths by the lookup that all use", () => {
    const motion = {
      ...motionOf([
        [0, 10],
        [20, 30],
        [40, 50],
      ]),
      lateralUm: Float64Array.of(0, 2, 4),
    };
    const fine = resampleMotion(motion, 0.5, 3);
    expect([...fine.timeBinCentersSec]).toEqual([0.5, 1, 1.5, 2, 2.5]);
    expect([...fine.depthBinCentersUm]).toEqual([0, 50, 100]);
    expect(values(fine).slice(0, 6)).toEqual([0, 5, 10, 10, 15, 20]);
    expect([...fine.lateralUm!]).toEqual([0, 1, 2, 3, 4]);
    expect(resampleMotion(motion, 0, 0)).toEqual(motion);
    // longer bins reach the end: the last centre lies beyond it, where the motion is flat
    expect([...resampleMotion(motion, 1.5, 1).timeBinCentersSec]).toEqual([0.5, 2, 3.5]);
    expect(values(resampleMotion(motion, 1.5, 1))).toEqual([5, 35, 45]);
  });

  it("takes a motion of one bin, and refuses bins beyond all memory", () => {
    expect(values(resampleMotion(rigid([3]), 2, 5))).toEqual([3]);
    expect(() => resampleMotion(rigid([3, 4]), 1e-9, 0)).toThrow("take longer bins");
  });
});
