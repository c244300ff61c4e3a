import { describe, expect, it } from "vitest";
import type { SpikeTable } from "../../src/core/types.ts";
import { combined, describeBrushed, rowByChance, rowsInside, validRows } from "../../src/paint/brush.ts";
import { spikesCsv } from "../../src/paint/brushCsv.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import type { PlotArea } from "../../src/protocol/plotArea.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const area: PlotArea = {
  left: 60,
  top: 20,
  width: 400,
  height: 100,
  xRange: [20, 60],
  yRange: [100, 900],
  xUnit: "s",
  yUnit: "µm",
  x: "time",
  y: "depth",
};
const rows = (...values: number[]) => Int32Array.from(values);

describe("a line around spikes", () => {
  const { timeSec, depthUm, nSpikes } = scatteredSpikes(3000);
  const picks = { x: timeSec, y: depthUm, from: 0, to: nSpikes };

  it("marks those inside it on screen, whatever the axes' scales, and none outside the frame", () => {
    const found = rowsInside(picks, area, [100, 0, 300, 0, 300, 70, 100, 70]); // px; begins above the frame
    const expected: number[] = [];
    for (let i = 0; i < nSpikes; i++) {
      const [px, py] = [60 + (timeSec[i] - 20) * 10, 20 + (900 - depthUm[i]) / 8];
      if (px > 100 && px < 300 && py < 70 && depthUm[i] <= 900) expected.push(i);
    }
    expect(expected.length).toBeGreaterThan(200);
    expect([...found]).toEqual(expected);
    expect(rowsInside({ ...picks, from: 900, to: 950 }, area, [0, 0, 999, 0, 999, 999, 0, 999]).length).toBeLessThan(
      51,
    );
  });

  it("is put in the place of what was marked, added to it, or taken from it", () => {
    const [before, found] = [rows(1, 4, 6, 9), rows(0, 4, 7, 9, 12)];
    expect([...combined(before, found, "replace")]).toEqual([...found]);
    expect([...combined(before, found, "add")]).toEqual([0, 1, 4, 6, 7, 9, 12]);
    expect([...combined(before, found, "remove")]).toEqual([1, 6]);
    expect([...combined(null, found, "add")]).toEqual([...found]);
    expect([...combined(null, found, "remove")]).toEqual([]);
    expect([...validRows(rows(7, -1, 3, 7, 10), 10)]).toEqual([3, 7]);
  });
});

describe("marked spikes", () => {
  const spikes: SpikeTable = {
    nSpikes: 5,
    timeSec: Float64Array.of(0, 1, 2, 4, 8),
    depthUm: Float64Array.of(10, 30, 20, 50, 40),
    ampUv: Float32Array.of(-5, -4, -3, -2, -1),
    zUm: Float64Array.of(1, Number.NaN, 3, 5, Number.NaN),
    channel: Int32Array.of(0, 1, 2, 3, 4),
  };
  const data = prepareSpikes(spikes);

  it("have medians of what is known, and a rate over the time from the first to the last", () => {
    const found = describeBrushed(data, rows(1, 2, 3, 4));
    expect(found).toMatchObject({ rows: rows(1, 2, 3, 4), nSpikes: 5, timeRangeSec: [1, 8], rateHz: 3 / 7 });
    expect(found.medians).toEqual({ xUm: Number.NaN, depthUm: 35, zUm: 4, alpha: Number.NaN, ampUv: -2.5 });
    expect(describeBrushed(data, rows(2)).rateHz).toBeNaN();
  });

  it("are bars of their own over the amplitudes of all", () => {
    const wide = {
      ...view,
      timeRangeSec: [0, 4] as const,
      depthRangeUm: [15, 60] as const,
      ampRangeUv: [-6, 0] as const,
    };
    const size = { widthPx: 400, heightPx: 300, pixelRatio: 1 };
    const of = (brushed: Int32Array | null) =>
      buildPicture("amplitudes", { ...noPaintData(), spikes: data, brushed }, wide, size).plots[0];
    const plot = of(rows(0, 2, 3, 4)); // row 0 is too deep and row 4 too late
    const heights = plot.layers.flatMap((layer) =>
      layer.kind === "bars" ? [Array.from(layer.heights).reduce((sum, n) => sum + n, 0)] : [],
    );
    expect(heights).toEqual([3, 2]);
    expect(plot.words?.map(({ text }) => text)).toEqual(["3 spikes", "2 brushed"]);
    expect(of(null).layers).toHaveLength(1);
  });

  it("are a table of every column there is, a line for each", () => {
    expect(spikesCsv(spikes, rows(1, 3)).join("")).toBe(
      "spike,time_s,channel,depth_um,z_um,amplitude_uv\n1,1.000000,1,30.000,,-4.000\n3,4.000000,3,50.000,5.000,-2.000\n",
    );
    const many = scatteredSpikes(9000);
    const all = spikesCsv(
      many,
      Int32Array.from({ length: 9000 }, (_, i) => i),
    );
    expect(all.join("").trim().split("\n")).toHaveLength(9001);
  });

  it("are what a random spike is taken from, else those on screen, else all", () => {
    const at = (chance: number, marked: Int32Array | null = null, depth: [number, number] = [15, 45]) =>
      rowByChance(data, marked, [0.5, 5], depth, chance);
    expect([0, 0.49, 0.5, 0.99].map((chance) => at(chance))).toEqual([1, 1, 2, 2]);
    expect([0, 0.5, 0.99].map((chance) => at(chance, rows(0, 4)))).toEqual([0, 4, 4]);
    expect([0, 0.99].map((chance) => at(chance, null, [900, 901]))).toEqual([0, 4]);
    expect(rowByChance(prepareSpikes(scatteredSpikes(0)), null, [0, 1], [0, 1], 0.5)).toBeNull();
  });
});

describe("the painter", () => {
  it("draws marked spikes in every picture of spikes, keeps them over other positions and forgets rows that are gone", async () => {
    const { painter, frame } = setUp();
    const spikes = { ...scatteredSpikes(500), xUm: new Float64Array(500).fill(3), zUm: new Float64Array(500) };
    const canvases = (["raster-raw", "raster-corrected", "projections", "motion"] as const).map((kind) => ({
      kind,
      ...fakeCanvas(),
    }));
    await painter.setView(view);
    await painter.setSpikes(spikes);
    await painter.setMotion(motionOf(() => 5, [0]));
    for (const { kind, canvas } of canvases) await painter.attach(kind, kind, canvas, 700, 300, 1);
    frame();
    const drawings = () => canvases.map(({ nDrawings }) => nDrawings());
    expect(drawings()).toEqual([1, 1, 1, 1]);
    const [{ left, top, width, height }] = await painter.plotAreas("raster-raw");
    const half = [left, top, left + width / 2, top, left + width / 2, top + height, left, top + height];
    const found = await painter.brush("raster-raw", half, "replace");
    frame();
    expect(drawings()).toEqual([2, 2, 2, 1]);
    const early = spikes.timeSec.filter((t) => t < 50).length;
    expect(found).toMatchObject({ nSpikes: 500, medians: { xUm: 3 } });
    expect(found?.rows.length).toBe(early);
    expect((await painter.randomSpike(0.999))?.timeSec).toBeLessThan(50);
    expect(await (await painter.brushedCsv()).text()).toContain("spike,time_s");

    await painter.setPositions({ name: "CNN", rows: null, xyza: new Float32Array(2000).fill(7) });
    expect((await painter.brushed())?.medians.xUm).toBe(7);
    await painter.setSpikes(spikes); // the same rows, as a step that places them sends them
    expect((await painter.brushed())?.rows.length).toBe(early);
    await painter.setSpikes(scatteredSpikes(10));
    expect(await painter.brushed()).toBeNull();
    await expect(painter.brushedCsv()).rejects.toThrow("No spikes are brushed");
    expect(await painter.setBrush(Int32Array.of(3, 3, 99))).toMatchObject({ rows: rows(3) });
    frame();
    expect(await painter.brush("motion", half, "add")).toMatchObject({ rows: rows(3) }); // shows no spikes
    expect(await painter.setBrush(null)).toBeNull();
  });
});
