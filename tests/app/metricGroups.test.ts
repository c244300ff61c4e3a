import { describe, expect, it } from "vitest";
import { checksOf } from "../../src/app/checks.ts";
import { clippedSteps, groupsOf, pointsOf, startAndNow } from "../../src/app/metricGroups.ts";
import type { LossCurves } from "../../src/app/results.ts";
import { chosenGroups, curvesAsCsv, trainingCharts } from "../../src/app/trainingCharts.ts";
import { meanOffDiagonal } from "../../src/core/scoreboard/correlationMatrix.ts";

const curves: LossCurves = {
  step: [1, 2, 3],
  values: {
    loss: [3, 2, 1],
    rho: [0.1, 0.2, 0.3],
    rho_val: [Number.NaN, 0.15, Number.NaN],
    grad_norm: [4, 9, 5],
    clipped: [0, 1, 0],
    spikes_per_sec: [10, 10, 10],
    something_else: [1, 1, 1],
    never: [Number.NaN, Number.NaN, Number.NaN],
    sd_x: [Number.NaN, 10, 9],
    sd_x_start: [Number.NaN, 11, 11],
    truth_rms_z: [Number.NaN, 30, 25],
  },
};

describe("charts of a training", () => {
  it("are groups in a fixed order, with what is not known in one of its own", () => {
    const groups = groupsOf(curves).map(({ id, curves: shown }) => [id, ...shown.map(({ name }) => name)]);
    expect(groups).toEqual([
      ["loss", "loss"],
      ["rho", "rho", "rho_val"],
      ["gradient", "grad_norm"],
      ["truth", "truth_rms_z"],
      ["spread", "sd_x"],
      ["something_else", "something_else"],
    ]);
    expect(groupsOf({ step: [], values: {} })).toEqual([]);
  });
  it("draw the points that have a value, and mark the steps whose gradient was cut", () => {
    expect(pointsOf(curves, "rho_val")).toEqual({ x: [2], y: [0.15] });
    expect(pointsOf(curves, "gone")).toEqual({ x: [], y: [] });
    expect(clippedSteps(curves)).toEqual({ x: [2], y: [9] });
  });
  it("are saved with every value and its unit, steps that have none left out", () => {
    const csvOf = (choice: string) => curvesAsCsv(chosenGroups(groupsOf(curves), choice), curves).split("\n");
    expect(csvOf("truth")).toEqual(["step,truth_rms_z (µm)", "2,30", "3,25", ""]);
    expect(csvOf("gradient")).toEqual(["step,grad_norm,clipped", "1,4,0", "2,9,1", "3,5,0", ""]);
    expect(csvOf("rho")).toContain("1,0.1,");
  });
  it("are the most telling ones, all, or the one that was chosen", () => {
    const groups = groupsOf(curves);
    const ids = (choice: string) => chosenGroups(groups, choice).map(({ id }) => id);
    expect(ids("overview")).toEqual(["loss", "rho", "gradient", "truth"]);
    expect(ids("all")).toHaveLength(6);
    expect(ids("spread")).toEqual(["spread"]);
    expect(trainingCharts(chosenGroups(groups, "gradient"), curves)).toEqual([
      {
        title: "Gradient",
        unit: "",
        fromZero: true,
        curves: [
          { label: "norm", style: "line", x: [1, 2, 3], y: [4, 9, 5] },
          { label: "clipped", style: "dots", x: [2], y: [9] },
        ],
      },
    ]);
  });
});

describe("checks of a network", () => {
  it("go from the start to now, and only those with a value are there", () => {
    expect(startAndNow(curves, "loss")).toEqual({ start: 3, now: 1 });
    const { free, true: known } = checksOf(curves);
    expect(free.map(({ id, start, now }) => [id, start, now])).toEqual([
      ["sd_x", 11, 9],
      ["rho_val", 0.15, 0.15],
    ]);
    expect(known.map(({ id, start, now }) => [id, start, now])).toEqual([["truth_rms_z", 30, 25]]);
  });
  it("ρ̄ is the mean off the diagonal", () => {
    expect(meanOffDiagonal(Float32Array.of(1, 0.5, 0.25, 1), 2)).toBe(0.375);
    expect(meanOffDiagonal(Float32Array.of(1), 1)).toBeNaN();
  });
});
