import { describe, expect, it } from "vitest";
import { curvesChart, isPositive, keyOf } from "../../src/panels/loss/curvesChart.ts";
import type { TrainingChart } from "../../src/protocol/pictures.ts";

const rmse: TrainingChart = {
  title: "RMSE",
  unit: "µm",
  fromZero: true,
  curves: [
    { label: "x", style: "line", x: [1, 2], y: [9, 5] },
    { label: "anchor", style: "baseline", x: [1, 2], y: [8, 8] },
  ],
};
const rho: TrainingChart = {
  title: "ρ̄",
  unit: "",
  fromZero: false,
  curves: [{ label: "train", style: "line", x: [1, 2], y: [-0.1, 0.2] }],
};
const look = { theme: "dark", widthPx: 900, heightPx: 300, isFile: false } as const;
const shown = { isLog: false, hidden: new Set<string>() };
const axis = (layout: object, name: string) => new Map(Object.entries(layout)).get(name);

describe("the explored curves", () => {
  it("are a trace each, on the axes of their chart, with the unit under the pointer", () => {
    const { data, layout } = curvesChart([rmse, rho], shown, look);
    expect(data).toMatchObject([
      { name: "x", x: [1, 2], y: [9, 5], xaxis: "x", yaxis: "y", visible: true, hovertemplate: "%{y:.4~g} µm" },
      { name: "anchor", xaxis: "x", yaxis: "y", line: { dash: "dash" } },
      { name: "train", xaxis: "x2", yaxis: "y2", hovertemplate: "%{y:.4~g}" },
    ]);
    expect(axis(layout, "xaxis2")).toMatchObject({ matches: "x" });
  });
  it("have a logarithmic axis only where all values are positive", () => {
    expect([rmse, rho].map(isPositive)).toEqual([true, false]);
    const { layout } = curvesChart([rmse, rho], { ...shown, isLog: true }, look);
    expect(axis(layout, "yaxis")).toMatchObject({ type: "log" });
    expect(axis(layout, "yaxis2")).toMatchObject({ type: "linear" });
  });
  it("leave out what is put aside, and in a file say what is there", () => {
    const choice = { ...shown, hidden: new Set([keyOf(rmse, rmse.curves[1])]) };
    const { data, layout } = curvesChart([rmse, rho], choice, { ...look, isFile: true });
    expect(data.map(({ visible }) => visible)).toEqual([true, false, true]);
    expect(layout.annotations?.[0].text).toContain(">x</span>");
    expect(layout.annotations?.[0].text).not.toContain("anchor");
  });
  it("stand beside each other where there is room, and above each other in a narrow panel, none over another", () => {
    const wide = curvesChart([rmse, rho], shown, look).layout;
    expect(axis(wide, "xaxis2").domain[0]).toBeGreaterThan(axis(wide, "xaxis").domain[1]);
    const narrow = curvesChart([rmse, rho], shown, { ...look, widthPx: 300, heightPx: 500 }).layout;
    expect(axis(narrow, "yaxis2").domain[1]).toBeLessThan(axis(narrow, "yaxis").domain[0]);
    expect(axis(narrow, "xaxis2").domain).toEqual([0, 1]);
  });
  it("scroll where there is no room for all, rather than shrink to nothing", () => {
    const { layout } = curvesChart([rmse, rho, rmse, rho], shown, { ...look, widthPx: 60, heightPx: 60 });
    expect(layout.height).toBeGreaterThan(4 * 100);
    for (const name of ["xaxis", "xaxis4", "yaxis", "yaxis4"]) {
      const [low, high] = axis(layout, name).domain;
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(high).toBeGreaterThan(low);
    }
  });
  it("fill a panel with room", () => {
    expect(curvesChart([rmse, rho], shown, look).layout.height).toBe(300);
  });
});
