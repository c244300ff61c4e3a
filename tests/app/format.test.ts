import { describe, expect, it } from "vitest";
import {
  describeDataset,
  describeSpike,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatRange,
} from "../../src/app/format.ts";
import { comparisonSummary, displacementRangeUm, motionSummary } from "../../src/app/motionSummary.ts";

describe("numbers on screen", () => {
  it("groups thousands and writes a real minus sign", () => {
    expect(formatCount(373386)).toBe("373,386");
    expect(formatRange([-1234.4, 0.5], "µV")).toBe("−1,234 to 0.5 µV");
  });
  it("keeps three digits below a hundred", () => {
    expect(formatNumber(12.3456)).toBe("12.3");
    expect(formatNumber(0.00001234)).toBe("1.23e−5");
    expect(formatNumber(0)).toBe("0");
    expect(formatNumber(Number.NaN)).toBe("–");
  });
  it.each([
    [4.21, "4.2 s"],
    [59.6, "1 min"],
    [75, "1 min 15 s"],
    [1800, "30 min"],
    [7260, "2 h 1 min"],
    [7200, "2 h"],
    [Number.NaN, "–"],
  ])("writes %d s as %s", (sec, text) => {
    expect(formatDuration(sec)).toBe(text);
  });
  it("counts bytes in thousands", () => {
    expect(formatBytes(999)).toBe("999 B");
    expect(formatBytes(7_467_720)).toBe("7.47 MB");
  });
});

describe("describeDataset", () => {
  it("says kind, count, duration and ranges in one line", () => {
    const text = describeDataset({
      format: "medicine-peaks",
      title: "MEDiCINe peaks",
      kind: "spikes",
      warnings: [],
      files: [],
      durationSec: 1800,
      nSpikes: 373386,
      depthRangeUm: [0, 3840],
      amplitudeRangeUv: [-400, -20],
    });
    expect(text).toBe("MEDiCINe peaks: 373,386 spikes, 30 min, depth 0 to 3,840 µm, amplitude −400 to −20 µV");
  });
});

describe("comparisonSummary", () => {
  const motion = (values: number[], from = 0) => ({
    displacementUm: Float64Array.from(values),
    timeBinCentersSec: Float64Array.from(values, (_, i) => from + i),
    depthBinCentersUm: Float64Array.from([0]),
  });
  it("ignores a constant, sees a gain, and names what it was held against", () => {
    const reference = { motion: motion([-2, 0, 2]), title: "Motion folder" };
    expect(comparisonSummary(motion([9, 10, 11]), reference)).toBe(
      "against Motion folder: r 1, gain 0.5, RMS 0.816 µm",
    );
  });
  it("says nothing about motions of different times", () => {
    expect(comparisonSummary(motion([1, 2, 3], 100), { motion: motion([1, 2, 3]), title: "x" })).toBeNull();
  });
});

describe("motionSummary", () => {
  it("states the largest range over time at any depth, not across depths", () => {
    const motion = {
      displacementUm: Float64Array.from([0, 100, 5, 103, -2, 101]),
      timeBinCentersSec: Float64Array.from([0, 1, 2]),
      depthBinCentersUm: Float64Array.from([0, 1000]),
    };
    expect(displacementRangeUm(motion)).toBe(7);
    expect(motionSummary(motion)).toBe("range 7 µm, 3 time × 2 depth bins");
  });
});

describe("a spike in words", () => {
  const spike = { index: 123456, timeSec: 512.3314, depthUm: 231.16, correctedDepthUm: 240, ampUv: -85.34 };
  it("has its number, time, both depths and amplitude, each with its unit", () => {
    expect(describeSpike(spike)).toBe("spike 123,456: 512.331 s, depth 231.2 µm → 240.0 µm corrected, −85.3 µV");
  });
  it("leaves out a corrected depth that nothing has given, and writes no negative zero", () => {
    const text = describeSpike({ ...spike, correctedDepthUm: null, depthUm: -0.01 });
    expect(text).toBe("spike 123,456: 512.331 s, depth 0.0 µm, −85.3 µV");
    const unplaced = describeSpike({ ...spike, correctedDepthUm: null, depthUm: Number.NaN });
    expect(unplaced).toContain("depth – µm");
  });
});
