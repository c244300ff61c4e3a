import { describe, expect, it } from "vitest";
import { correctDepths } from "../../src/core/motion.ts";
import type { ProbeSites, SpikeTable } from "../../src/core/types.ts";
import { colourTable } from "../../src/paint/colourMaps.ts";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import type { Figure, Layer } from "../../src/paint/figure.ts";
import { areaOf } from "../../src/paint/figure.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { placedSpikes } from "../../src/paint/placedSpikes.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { alphaLimits } from "../../src/paint/spikeLook.ts";
import { firstFigures } from "../../src/protocol/pictures.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const size = { widthPx: 800, heightPx: 420, pixelRatio: 1 };
const probe: ProbeSites = {
  model: "NP1",
  partNumber: "",
  nShanks: 1,
  positionsUm: [
    [16, 0],
    [48, 20],
  ],
  shank: [0, 0],
  connected: [true, true],
};
const motion = motionOf(() => 40, [500]);

function localized(nSpikes: number): SpikeTable {
  const spikes = scatteredSpikes(nSpikes);
  return {
    ...spikes,
    xUm: spikes.depthUm.map((d) => (d % 60) - 5),
    zUm: spikes.depthUm.map((d) => d % 90),
    alpha: spikes.depthUm.map(() => 1000),
  };
}
function dataOf(spikes: SpikeTable, others: Partial<PaintData> = {}): PaintData {
  return { ...noPaintData(), spikes: prepareSpikes(spikes), probe, ...others };
}
const nDrawn = (figure: Figure, plot: number) => {
  const layer = figure.plots[plot].layers.find((one): one is Extract<Layer, { kind: "image" }> => one.kind === "image");
  return new Uint32Array(layer?.image.rgba.buffer ?? new ArrayBuffer(0)).filter((pixel) => pixel !== 0).length;
};

describe("projections", () => {
  it("share the depth range and the lateral one, with the contacts under the spikes", () => {
    const { plots } = buildPicture("projections", dataOf(localized(500)), view, size);
    expect(plots.map(({ x, y }) => [x.range, y.range])).toEqual([
      [view.depthRangeUm, [-25, 90]],
      [
        [0, 90],
        [-25, 90],
      ],
      [view.depthRangeUm, [0, 90]],
    ]);
    expect(plots[0]).toMatchObject({ title: "Spikes, as recorded", note: "500 spikes" });
    expect(plots[1].layers.map(({ kind }) => kind)).toEqual(["image"]);
    expect(plots[0].layers[0]).toMatchObject({ kind: "rects", rects: [{ x: [-6, 6], y: [10, 22] }, {}] });
    for (const plot of [0, 1, 2])
      expect(nDrawn(buildPicture("projections", dataOf(localized(500)), view, size), plot)).toBeGreaterThan(50);
  });
  it("take the motion out, unless raw is asked for", () => {
    const spikes = localized(300);
    const data = dataOf(spikes, { motion, corrected: correctedDepths(spikes, motion) });
    const narrow = { ...view, depthRangeUm: [960, 1040] as const };
    const corrected = buildPicture("projections", data, narrow, size);
    const raw = buildPicture("projections", data, { ...narrow, projectCorrected: false }, size);
    expect(corrected.plots[0].title).toBe("Spikes, motion corrected");
    const inside = (depths: Float64Array) => depths.filter((d) => d >= 960 && d <= 1040).length;
    const count = (figure: Figure) => Number(figure.plots[0].note?.split(" ")[0]);
    expect(count(raw)).toBe(inside(spikes.depthUm));
    expect(count(corrected)).toBe(inside(correctDepths(motion, spikes.timeSec, spikes.depthUm)));
  });
  it("ring the selected spike in every view, and colour by α on fixed limits", () => {
    const { plots } = buildPicture(
      "projections",
      dataOf(localized(50)),
      { ...view, selectedSpike: 3, rasterColour: "alpha" },
      size,
    );
    expect(plots.every(({ layers }) => layers.some(({ kind }) => kind === "ring"))).toBe(true);
    expect(plots[1].colourBar).toMatchObject({ limits: alphaLimits, label: "Mean log₁₀ α (µV·µm)" });
  });
  it("say what is missing", () => {
    const message = (data: PaintData) => buildPicture("projections", data, view, size).plots[0].message;
    expect(message(noPaintData())).toContain("Open spikes");
    expect(message(dataOf(scatteredSpikes(5)))).toContain("depth alone");
    const flat = { ...localized(20), zUm: undefined };
    expect(buildPicture("projections", dataOf(flat), view, size).plots[2].message).toContain("no distance");
    const one = { ...localized(1), zUm: Float64Array.of(Number.NaN), xUm: Float64Array.of(Number.NaN) };
    expect(buildPicture("projections", { ...dataOf(one), probe: null }, view, size).plots[0].note).toBe("0 spikes");
  });
});

describe("positions that replace the table's", () => {
  const spikes = localized(10);
  it("are of all spikes, or of some, the others then having no place", () => {
    const xyza = Float32Array.from({ length: 8 }, (_, k) => k);
    const placed = placedSpikes(prepareSpikes(spikes), { name: "CNN", rows: Int32Array.of(2, 7), xyza });
    expect(placed?.spikes.depthUm.filter(Number.isFinite)).toEqual(Float64Array.of(1, 5));
    expect(placed?.spikes.xUm?.[7]).toBe(4);
    expect(placed?.placedBy).toBe("CNN");
    const noAlpha = Float32Array.from({ length: 40 }, (_, k) => (k % 4 === 3 ? Number.NaN : k));
    const all = placedSpikes(prepareSpikes(spikes), { name: "CNN", rows: null, xyza: noAlpha });
    expect(all?.spikes.alpha).toBe(spikes.alpha);
    expect(all?.spikes.zUm?.[1]).toBe(6);
  });
  it("that do not fit are not of these spikes", () => {
    const data = prepareSpikes(spikes);
    expect(placedSpikes(data, { name: "", rows: null, xyza: new Float32Array(8) })).toBeNull();
    expect(placedSpikes(data, { name: "", rows: Int32Array.of(10), xyza: new Float32Array(4) })).toBeNull();
  });
  it("are what the painter draws and picks until they are taken back", async () => {
    const { painter, frame } = setUp();
    const canvas = fakeCanvas();
    await painter.setView(view);
    await painter.setSpikes(spikes);
    await painter.attach("a", "raster-raw", canvas.canvas, 700, 300, 1);
    await painter.setPositions({ name: "CNN", rows: Int32Array.of(4), xyza: Float32Array.of(1, 500, 3, 4) });
    frame();
    expect(canvas.texts.join()).toContain("1 spikes, CNN");
    expect(await painter.spikeAt(4)).toMatchObject({ depthUm: 500 });
    await painter.setPositions(null);
    frame();
    expect(canvas.texts.join()).toContain("10 spikes");
    expect(await painter.spikeAt(4)).toMatchObject({ depthUm: spikes.depthUm[4] });
  });
});

describe("correlations", () => {
  it("are a square of time, coloured by the pairs of different bins", () => {
    const correlation = {
      values: Float32Array.of(1, 0.5, 0.25, 1),
      nBins: 2,
      binSec: 5,
      entropyNats: null,
      title: "monopolar, not corrected",
    };
    const { plots } = buildPicture("correlation", { ...noPaintData(), correlation }, view, size);
    expect(plots[0]).toMatchObject({
      title: "ρ̄ 0.375, monopolar, not corrected",
      x: { range: [0, 100] },
      y: { range: [0, 100] },
      colourBar: { limits: [0.25, 0.5] },
    });
    expect(plots[0].layers[0]).toMatchObject({ kind: "image", xRange: [0, 10], yRange: [0, 10] });
    const withGrid = { ...noPaintData(), correlation: { ...correlation, gridWords: "Grid: 241 voxels of 4 µm." } };
    expect(buildPicture("correlation", withGrid, view, size).caption).toBe("Grid: 241 voxels of 4 µm.");
    const bar = (colourMap: string, correlationMap: "reds" | "shared") =>
      buildPicture("correlation", withGrid, { ...view, colourMap, figures: { ...firstFigures, correlationMap } }, size)
        .plots[0].colourBar?.table;
    expect(bar("viridis", "reds")).toBe(bar("inferno", "reds"));
    expect(bar("viridis", "reds")).toBe(colourTable("reds", [1, 0])); // from white, on dark ground too
    expect(bar("viridis", "shared")).not.toBe(bar("inferno", "shared"));
    expect(buildPicture("correlation", noPaintData(), view, size).plots[0].message).toContain("Train a network");
    const empty = { ...correlation, values: Float32Array.of(1), nBins: 1 };
    expect(
      buildPicture("correlation", { ...noPaintData(), correlation: empty }, view, size).plots[0].colourBar?.limits,
    ).toEqual([0, 1]);
  });

  it("have the entropy of each bin below them, on the same time axis, where there is room", () => {
    const correlation = {
      values: Float32Array.of(1, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 1),
      nBins: 3,
      binSec: 5,
      entropyNats: Float64Array.of(6, Number.NaN, 7),
      title: "monopolar",
    };
    const data = { ...noPaintData(), correlation };
    const { plots } = buildPicture("correlation", data, view, { ...size, heightPx: 500 });
    const [matrix, trace] = plots.map((plot) => ({ ...plot, area: areaOf(plot) }));
    expect(trace).toMatchObject({ x: { range: [0, 100] }, y: { range: [6, 7], unit: "nats" } });
    expect(trace.layers[0]).toMatchObject({ x: [2.5, 7.5, 12.5], y: [6, Number.NaN, 7] });
    expect(trace.layers[1]).toMatchObject({ kind: "horizontal", y: 6.5 });
    expect(trace.title).toBe("Entropy of each bin: mean 6.5 nats, 1 empty bin left out (an alarm when it falls)");
    expect([trace.area.left, trace.area.width]).toEqual([matrix.area.left, matrix.area.width]);
    expect(trace.box.top).toBe(matrix.box.top + matrix.box.height);
    expect(buildPicture("correlation", data, view, { ...size, heightPx: 200 }).plots).toHaveLength(1);
    const silent = { ...correlation, entropyNats: Float64Array.of(Number.NaN, Number.NaN, Number.NaN) };
    const quiet = { ...data, correlation: silent };
    expect(buildPicture("correlation", quiet, view, { ...size, heightPx: 500 }).plots).toHaveLength(1);
  });
});

describe("curves of a training", () => {
  it("are one plot each, named in their colours, with marks where points are few", () => {
    const curve = { label: "x", style: "line" as const, x: [0, 5], y: [3, 1] };
    const base = { label: "anchor", style: "baseline" as const, x: [0, 5], y: [4, 4] };
    const dots = { label: "clipped", style: "dots" as const, x: [5], y: [1] };
    const training = [
      { title: "RMSE", unit: "µm", fromZero: true, curves: [curve, base, dots] },
      { title: "Loss", unit: "", fromZero: false, curves: [{ ...curve, y: [2, 2] }] },
    ];
    const { plots } = buildPicture("training", { ...noPaintData(), training }, view, size);
    expect(plots.map(({ title }) => title)).toEqual(["RMSE", "Loss"]);
    expect(plots[0].words?.map(({ text }) => text)).toEqual(["anchor", "clipped"]);
    expect(plots[0].layers.map(({ kind }) => kind)).toEqual(["curve", "points", "curve", "points"]);
    expect(plots[0]).toMatchObject({ x: { range: [0, 5] }, y: { range: [0, 4.24], quantity: "µm" } });
    expect(plots[1].words).toEqual([]);
    expect(plots[1].y.range[0]).toBeLessThan(2);
    expect(buildPicture("training", noPaintData(), view, size).plots[0].message).toContain("trains");
  });
});
