import { describe, expect, it } from "vitest";
import { correctDepths } from "../../src/core/motion.ts";
import { meanPerCell, raster } from "../../src/core/raster.ts";
import { figureDataFiles } from "../../src/io/write/figureData.ts";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import type { Layer } from "../../src/paint/figure.ts";
import { figureData } from "../../src/paint/figureData.ts";
import { colourImage } from "../../src/paint/image.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import type { DataMatrix, DataTable } from "../../src/protocol/figureData.ts";
import type { PictureKind } from "../../src/protocol/pictures.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const size = { widthPx: 700, heightPx: 400, pixelRatio: 1 };
const motion = motionOf((t, d) => t / 10 + d / 500, [100, 500, 900]);
const spikes = scatteredSpikes(2000);
const colour = { dark: "#ff0000", light: "#aa0000" };

function dataOf(others: Partial<PaintData> = {}): PaintData {
  const corrected = correctedDepths(spikes, motion);
  return { ...noPaintData(), spikes: prepareSpikes(spikes), motion, corrected, ...others };
}
function built(kind: PictureKind, data: PaintData, seen = view) {
  const figure = buildPicture(kind, data, seen, size);
  return { figure, data: figureData(figure, data.spikes) };
}
const tables = (parts: (DataTable | DataMatrix)[]) => parts.filter((part): part is DataTable => part.kind === "table");
const matrices = (parts: (DataTable | DataMatrix)[]) =>
  parts.filter((part): part is DataMatrix => part.kind === "matrix");

describe("the numbers behind a picture", () => {
  it("are the values of an image before they became colours, of spikes too many to be dots", () => {
    const many = scatteredSpikes(100_000);
    const zoomed = { ...view, timeRangeSec: [20, 60] as const, rasterColour: "amplitude" as const };
    const { figure, data } = built("raster-raw", dataOf({ spikes: prepareSpikes(many) }), zoomed);
    const [cells] = matrices(data.parts);
    const image = figure.plots[0].layers[0] as Extract<Layer, { kind: "image" }>;
    const [ny, nx] = [cells.y.centres.length, cells.x.centres.length];
    expect([nx, ny]).toEqual([image.image.widthPx, image.image.heightPx]);
    const grid = { xLow: 20, xHigh: 60, yLow: 0, yHigh: 1000, nx, ny };
    expect(cells.values).toEqual(meanPerCell(raster(many.timeSec, many.depthUm, many.ampUv.map(Math.abs), grid)));
    // colouring them again gives what is on the canvas
    const ranges = { xRange: [20, 60] as const, yRange: [0, 1000] as const };
    const scale = figure.plots[0].colourBar;
    expect(scale?.label).toBe(cells.label);
    const values = cells.values as Float32Array;
    const again = colourImage({ values, widthPx: nx, heightPx: ny, ...ranges }, scale!);
    expect(again.rgba.filter((v, i) => Math.abs(v - image.image.rgba[i]) > 6)).toHaveLength(0);
  });

  it("are the spikes in view, where single ones are drawn", () => {
    const zoomed = { ...view, timeRangeSec: [20, 60] as const, depthRangeUm: [200, 700] as const };
    const { data } = built("raster-corrected", dataOf(), { ...zoomed, rasterColour: "amplitude" });
    expect(matrices(data.parts)).toHaveLength(0);
    const depthUm = correctDepths(motion, spikes.timeSec, spikes.depthUm);
    const [inView] = tables(data.parts);
    const isSeen = (i: number) =>
      spikes.timeSec[i] >= 20 && spikes.timeSec[i] <= 60 && depthUm[i] >= 200 && depthUm[i] <= 700;
    const rows = Array.from(spikes.timeSec.keys()).filter(isSeen);
    const column = (label: string) => {
      const values = inView.columns.find((one) => one.label === label)?.values ?? [];
      return Array.from<number | string>(values);
    };
    expect(column("Row")).toEqual(rows);
    expect(column("Time (s)")).toEqual(rows.map((i) => spikes.timeSec[i]));
    expect(column("Depth (µm)")).toEqual(rows.map((i) => spikes.depthUm[i]));
    expect(column("Corrected depth (µm)")).toEqual(rows.map((i) => depthUm[i]));
  });

  it("are whole curves in view, side by side under the names of the legend, also where fewer points are drawn", () => {
    const seen = { ...view, timeRangeSec: [10, 30] as const };
    const { figure, data } = built("motion", dataOf({ motions: [] }), seen);
    const [curves] = tables(data.parts);
    expect(curves.columns.map(({ label }) => label)).toEqual([
      "Time (s)",
      ...["100", "500", "900"].map((depth) => `${depth} µm: Displacement (µm)`),
    ]);
    expect(Array.from<number | string>(curves.columns[0].values)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 10.5),
    );
    expect(curves.columns[2].values[0]).toBeCloseTo(1.05 + 1, 12);
    expect(figure.plots[0].layers.filter(({ kind }) => kind === "curve")).toHaveLength(3);
  });

  it("name every line of several motions, and every field by its pair", () => {
    const other = motionOf((t) => t / 20, [100, 500, 900]);
    const flags = { isActive: false, isTruth: false, colour };
    const motions = [
      { id: "a", title: "A", motion, ...flags, isActive: true },
      { id: "b", title: "B", motion: other, ...flags },
    ];
    const lines = tables(built("motion", dataOf({ motions })).data.parts)[0].columns.map(({ label }) => label);
    expect(lines).toContain("A at 500 µm: Displacement (µm)");
    expect(new Set(lines).size).toBe(7);
    const [difference] = matrices(built("compare-differences", dataOf({ motions })).data.parts);
    expect(difference).toMatchObject({ name: "a-b-values", label: "Difference (µm)" });
    expect([difference.y.centres.length, difference.x.centres.length]).toEqual([25, 100]);
    expect(difference.values).toHaveLength(2500);
  });

  it("are bars with their edges, and nothing of an empty picture", () => {
    const { data } = built("amplitudes", dataOf());
    const [bars] = tables(data.parts);
    expect(bars.columns.map(({ label }) => label)).toEqual(["Amplitude (µV), from", "Amplitude (µV), to", "Spikes"]);
    expect(Array.from(bars.columns[2].values as Float64Array).reduce((a, b) => a + b)).toBe(2000);
    expect(built("activity", dataOf()).data.parts).toEqual([]);
  });

  it("become one CSV, or tables and arrays that say what they are", () => {
    const [csv, ...others] = figureDataFiles(built("amplitudes", dataOf()).data);
    expect(others).toEqual([]);
    expect(csv.path).toBe("amplitudes-bars.csv");
    const text = new TextDecoder().decode(csv.bytes);
    expect(text.split("\n")[0]).toBe('"Amplitude (µV), from","Amplitude (µV), to","Spikes"');
    const many = dataOf({ spikes: prepareSpikes(scatteredSpikes(60_000)) });
    const files = figureDataFiles(built("raster-raw", many).data).map(({ path }) => path);
    expect(files).toEqual([
      "about.json",
      "spikes-as-recorded-values.npy",
      "spikes-as-recorded-values-rows.npy",
      "spikes-as-recorded-values-columns.npy",
      "spikes.csv",
    ]);
    const long = { kind: "table" as const, name: "spikes", title: "", nRows: 100_000 };
    const columns = [{ label: "Corrected depth (µm)", values: new Float64Array(100_000) }];
    const paths = figureDataFiles({ title: "", parts: [{ ...long, columns }] }).map(({ path }) => path);
    expect(paths).toEqual(["about.json", "spikes/corrected_depth_um.npy"]);
  });

  it("come from the painter for the canvas as it stands", async () => {
    const { painter, frame } = setUp();
    await painter.setView({ ...view, depthRangeUm: [0, 500] });
    await painter.setSpikes(spikes);
    await painter.attach("a", "amplitudes", fakeCanvas().canvas, 700, 300, 1);
    await painter.attach("b", "activity", fakeCanvas().canvas, 700, 300, 1);
    frame();
    const { blob, extension } = await painter.exportData("a");
    expect(extension).toBe("csv");
    const lines = (await blob.text()).trim().split("\n").slice(1);
    const total = lines.reduce((sum, line) => sum + Number(line.split(",")[2]), 0);
    expect(total).toBe(spikes.depthUm.filter((d) => d <= 500).length);
    await expect(painter.exportData("b")).rejects.toThrow("no numbers to save");
  });
});
