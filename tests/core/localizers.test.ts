import { describe, expect, it } from "vitest";
import { centerOfMass } from "../../src/core/centerOfMass.ts";
import { type GridOptions, gridConvolution, gridDefaults, gridPlan } from "../../src/core/gridConvolution.ts";
import { locationOutliers } from "../../src/core/locationOutliers.ts";
import { peakChannel } from "../../src/core/peakChannel.ts";
import { staggeredProbe } from "../cases/localizeProbe.ts";

/** Three contacts in a triangle; the third is missing for spikes on the first. */
const positionsUm = Float32Array.of(0, 0, 30, 0, 0, 40);
const slots = { nSlots: 3, channels: Int32Array.of(0, 1, -1, 1, 0, 2, 2, 0, 1) };

describe("centre of mass", () => {
  it("is the weighted mean of the slots, the same for a trough and its mirror image", () => {
    const peaks = centerOfMass([1, 2, 99, 2, 1, 1], [0, 1], slots, positionsUm);
    expect([...peaks]).toEqual([20, 0, Number.NaN, Number.NaN, 15, 10, Number.NaN, Number.NaN]);
    const troughs = centerOfMass([-1, -2, -99, -2, -1, -1], [0, 1], slots, positionsUm);
    expect(troughs.map((v) => v + 0)).toEqual(peaks); // −0 is 0
  });

  it("gives NaN where the feature sums to zero", () => {
    expect([...centerOfMass([1, -1, 0], [0], slots, positionsUm)].every(Number.isNaN)).toBe(true);
  });
});

describe("peak channel", () => {
  it("is the contact of the largest feature by size; an empty slot never wins", () => {
    const found = peakChannel([1, 2, 99, 2, 1, -3], [0, 1], slots, positionsUm);
    expect([...found]).toEqual([30, 0, Number.NaN, Number.NaN, 0, 40, Number.NaN, Number.NaN]);
    expect([...peakChannel([NaN, NaN, 1], [0], slots, positionsUm)].every(Number.isNaN)).toBe(true);
  });
});

describe("grid convolution", () => {
  const contacts = staggeredProbe(16);

  it("has templates of unit norm, on the grid around the contact", () => {
    const plan = gridPlan(contacts, gridDefaults("gaussian_2d"));
    for (let t = 0; t + 1 < plan.weightStart.length; t++) {
      const own = plan.weight.subarray(plan.weightStart[t], plan.weightStart[t + 1]);
      if (own.length > 0) expect(Math.hypot(...own)).toBeCloseTo(1, 5);
    }
    for (let c = 0; c < 16; c++) {
      for (let t = plan.templateStart[c]; t < plan.templateStart[c + 1]; t++) {
        const [x, y] = plan.templateUm.subarray(3 * t, 3 * t + 2);
        expect(Math.hypot(x - contacts[2 * c], y - contacts[2 * c + 1])).toBeLessThanOrEqual(40 + 1e-4);
        expect(Number.isInteger(x / 5)).toBe(true); // the grid starts 50 µm left of x = 0
      }
    }
  });

  it("finds a template from its own weights when only the best is kept", () => {
    const options: GridOptions = { ...gridDefaults("gaussian_2d"), percentile: 0 };
    const plan = gridPlan(contacts, options);
    const channel = 7;
    const first = plan.templateStart[channel];
    // of the widest level: the narrow ones see a single contact and look alike
    const template = first + 5 * Math.floor((plan.templateStart[channel + 1] - first) / 10) + 4;
    const projection = new Float32Array(plan.slots.nSlots);
    for (let i = plan.weightStart[template]; i < plan.weightStart[template + 1]; i++)
      projection[plan.weightSlot[i]] = 200 * plan.weight[i];
    const [x, y, z, dot] = gridConvolution(projection, [channel], plan);
    const truth = plan.templateUm.subarray(3 * template, 3 * template + 3);
    expect([x, y, z]).toEqual([...truth]);
    expect(dot).toBeCloseTo(200, 3);
  });

  it("gives NaN for a spike that no template fits, and refuses a grid too coarse for its radius", () => {
    const plan = gridPlan(contacts, gridDefaults("exponential_3d"));
    const projection = new Float32Array(plan.slots.nSlots).fill(-1);
    expect([...gridConvolution(projection, [3], plan)].every(Number.isNaN)).toBe(true);
    const coarse = { ...gridDefaults("exponential_3d"), stepUm: 60, radiusUm: 5 };
    expect(() => gridPlan(contacts, coarse)).toThrow(/finer step/);
  });
});

describe("outliers", () => {
  it("counts what is stopped, outside or missing, and changes nothing", () => {
    const start = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const rows = [
      [10, 10, 20, 1], // fine
      [150, 10, 20, 1], // at a bound, and outside
      [10, 10, 1500, 1], // z at its largest
      [10, 10, 1, 1], // z at its least
      [10, 130, 20, 1], // outside only
      [Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    ];
    const bounds = { startUm: start, startWidth: 2, maxDistanceUm: 150, outsideUm: 50 };
    const locations = Float32Array.from(rows.flat());
    const found = locationOutliers(locations, positionsUm, bounds);
    expect(found).toMatchObject({ nSpikes: 6, nWithout: 1, nAtBound: 3, nOutside: 2 });
    expect(found.sentence).toMatch(/^Of 6 spikes 3 \(50.00 %\) stopped at a bound of the fit, 2 .*kept as they are\.$/);
    const fine = locationOutliers(locations.subarray(0, 4), positionsUm, { ...bounds, startUm: null });
    expect(fine.sentence).toBe("");
  });
});
