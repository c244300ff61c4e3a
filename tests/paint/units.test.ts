import { describe, expect, it } from "vitest";
import type { SpikeTable } from "../../src/core/types.ts";
import { indexUnits } from "../../src/core/unitIndex.ts";
import { spikesCsv } from "../../src/paint/brushCsv.ts";
import { figureData } from "../../src/paint/figureData.ts";
import { Painter } from "../../src/paint/painter.ts";
import type { PaintData } from "../../src/paint/pictureData.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { spikeCells } from "../../src/paint/scatterCells.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { spikeLook } from "../../src/paint/spikeLook.ts";
import { themeOf } from "../../src/paint/theme.ts";
import { unitColours, unitIndexOf } from "../../src/paint/unitColours.ts";
import { colourDistance, lightnessOf, noUnit, unitPalette } from "../../src/paint/unitPalette.ts";
import type { Sorting } from "../../src/protocol/datasets.ts";
import { motionOf, view } from "./synthetic.ts";

/** Three units that follow 10 sin(t / 10), and 50 spikes of none; 100 s. */
function sorted(): SpikeTable {
  const n = 900 + 50;
  const homes = new Map([
    [12, 200],
    [3, 220],
    [40, 700],
  ]);
  const ids = [12, 3, 40];
  const timeSec = Float64Array.from({ length: n }, (_, i) => (i * 100) / n);
  const unit = Int32Array.from({ length: n }, (_, i) => (i % 19 === 18 ? -1 : ids[i % 3]));
  const depthUm = Float64Array.from(unit, (u, i) => (homes.get(u) ?? 500) + 10 * Math.sin(timeSec[i] / 10));
  return { nSpikes: n, timeSec, depthUm, ampUv: new Float32Array(n).fill(20), unit };
}

const sorting: Sorting = {
  units: [
    { id: 3, nSpikes: 300, label: "good" },
    { id: 12, nSpikes: 300, label: "noise" },
    { id: 40, nSpikes: 300 },
  ],
  amplitudeUnit: "Kilosort amplitude",
};

function dataOf(table: SpikeTable, more: Partial<PaintData> = {}): PaintData {
  const spikes = prepareSpikes(table);
  return { ...noPaintData(), spikes, ownPlaces: spikes, sorting, ...more };
}

const size = { widthPx: 600, heightPx: 500, pixelRatio: 1 };
const byUnit = { ...view, rasterColour: "unit" as const };

describe("the palette of units", () => {
  const palette = unitPalette();

  it("is the same always, readable on both grounds, and far from grey", () => {
    expect(palette).toHaveLength(40);
    expect(palette.slice(0, 2)).toEqual([
      { dark: "#fe77f5", light: "#b229ad" },
      { dark: "#92c765", light: "#51811a" },
    ]);
    for (const { dark, light } of palette) {
      expect(lightnessOf(dark)).toBeGreaterThan(0.6);
      expect(lightnessOf(light)).toBeLessThan(0.72);
    }
    for (const colour of palette) expect(colourDistance(colour, noUnit)).toBeGreaterThan(0.04);
  });

  it("keeps colours apart for every kind of colour vision, the first the farthest", () => {
    const nearest = (n: number) =>
      Math.min(...palette.slice(0, n).flatMap((a, i) => palette.slice(0, i).map((b) => colourDistance(a, b))));
    expect([nearest(8), nearest(16), nearest(40)].map((d) => Number(d.toFixed(2)))).toEqual([0.11, 0.08, 0.04]);
  });
});

describe("colours of units", () => {
  it("stay with the number, differ between neighbours, and are grey for noise", () => {
    const unit = Int32Array.from({ length: 400 }, (_, i) => (i % 200) * 40); // every number wants the first colour
    const index = indexUnits(
      unit,
      Float64Array.from(unit, (u) => u),
    );
    const { colours } = unitColours(index, undefined);
    for (let slot = 2; slot <= index.nUnits; slot++)
      for (let k = 1; k <= 4 && slot - k > 0; k++)
        expect(colourDistance(colours[slot], colours[slot - k])).toBeGreaterThan(0.08);
    const few = indexUnits(Int32Array.of(5, 45, 7), Float64Array.of(0, 1000, 10));
    expect(unitColours(few, undefined).colours.map(({ dark }) => dark)).toEqual(
      [noUnit, unitPalette()[5], unitPalette()[7], unitColours(few, undefined).colours[3]].map(({ dark }) => dark),
    );
    const said = [{ id: 7, nSpikes: 1, label: "Noise " }];
    expect(unitColours(few, said).colours[2]).toEqual(noUnit);
  });

  it("are what a cell of spikes says: the unit with the most, and no mean of numbers", () => {
    const table = sorted();
    const look = spikeLook(
      { spikes: prepareSpikes(table), colour: "unit", colourMap: "inferno", sorting },
      themeOf("dark"),
    );
    expect(look).toMatchObject({ colour: "unit", cell: "most" });
    expect(look.scale.names).toEqual(["none", "12 noise", "3 good", "40"]);
    expect(look.scale.table).toHaveLength(4);
    // as dots, a spike of no unit lies below one of a unit
    const x = Float64Array.of(5, 5);
    const frame = { x: [0, 10], y: [0, 10], nx: 100, ny: 100, pixelRatio: 1 } as const;
    for (const values of [Float32Array.of(2, 0), Float32Array.of(0, 2)]) {
      const cells = spikeCells({ x, y: x, from: 0, to: 2 }, values, frame, "most");
      expect(new Set(cells.sum.filter((v) => !Number.isNaN(v)))).toEqual(new Set([2]));
    }
  });

  it("are those of the amplitude, in the unit of the data set, where spikes are not sorted", () => {
    const { unit: _, ...unsorted } = sorted();
    const look = spikeLook(
      { spikes: prepareSpikes(unsorted), colour: "unit", colourMap: "inferno", sorting },
      themeOf("dark"),
    );
    expect(look).toMatchObject({ colour: "amplitude", label: "Mean |amplitude| (Kilosort amplitude)" });
  });

  it("come with the numbers of the file when a raster is exported", () => {
    // so small that spikes are cells and no dots
    const small = { widthPx: 200, heightPx: 110, pixelRatio: 1 };
    const figure = buildPicture("raster-raw", dataOf(sorted()), byUnit, small);
    const parts = figureData(figure, prepareSpikes(sorted()), "Kilosort amplitude").parts;
    const table = parts.find(({ name }) => name === "spikes");
    const labels = table?.kind === "table" ? table.columns.map(({ label }) => label) : [];
    expect(labels).toContain("Unit");
    expect(labels).toContain("Amplitude (Kilosort amplitude)");
    const matrix = parts.find(({ kind }) => kind === "matrix");
    const values = matrix?.kind === "matrix" ? [...matrix.values] : [];
    expect(new Set(values.filter((v) => !Number.isNaN(v)))).toEqual(new Set([3, 12, 40, -1]));
  });
});

it("a table of brushed spikes names the unit of each, and of its amplitude", () => {
  const rows = Int32Array.of(0, 18);
  const text = spikesCsv(sorted(), rows, "L2 norm of PC features").join("");
  const [head, first, second] = text.trim().split("\n");
  expect(head).toBe("spike,time_s,depth_um,amplitude_l2_norm_of_pc_features,unit");
  expect([first.split(",").at(-1), second.split(",").at(-1)]).toEqual(["12", "-1"]);
  expect(spikesCsv(sorted(), rows)[0]).toContain("amplitude_uv");
});

describe("the drift of a unit as a picture", () => {
  const motion = motionOf((t) => 10 * Math.sin(t / 10), [0]);

  it("says what to do while there is nothing to follow", () => {
    const messageOf = (data: PaintData, unit: number | null) =>
      buildPicture("unit-drift", data, { ...byUnit, unit }, size).plots[0].message;
    expect(messageOf(noPaintData(), 3)).toContain("Open sorted spikes");
    expect(messageOf(dataOf(sorted()), null)).toContain("Click a spike");
    expect(messageOf(dataOf(sorted()), 4)).toBe("There is no unit 4 among these spikes.");
  });

  it("draws its spikes, their running median and the motion there, and below all of it corrected", () => {
    const { plots, caption } = buildPicture("unit-drift", dataOf(sorted(), { motion }), { ...byUnit, unit: 3 }, size);
    expect(plots.map(({ title }) => title)).toEqual(["Unit 3 good", "Corrected by the motion on screen"]);
    expect(caption).toBe("300 spikes; running median of 15 bins of 20 spikes each.");
    const curves = plots.map(({ layers }) => layers.flatMap((layer) => (layer.kind === "curve" ? [layer] : [])));
    expect(curves.map((own) => own.map(({ name }) => name))).toEqual([
      ["Motion at the unit", "Running median"],
      ["Running median"],
    ]);
    // the motion is the unit's own, so that its curve lies on the running median
    const [ofMotion, observed] = curves[0].map(({ y }) => Float64Array.from(y));
    for (const [k, y] of ofMotion.entries()) expect(y).toBeCloseTo(observed[k], 0);
    for (const y of Float64Array.from(curves[1][0].y)) expect(y).toBeCloseTo(220, 1);
    const { picks } = plots[0];
    const own = sorted().unit?.[1] === 3 ? 1 : -1;
    expect([picks?.y[own], picks?.y[0]]).toEqual([sorted().depthUm[1], Number.NaN]);
  });
});

describe("what the painter says of units", () => {
  it("lists them upwards, brushes their spikes and tells how far they move", async () => {
    const painter = new Painter({
      makeCanvas: () => new OffscreenCanvas(1, 1),
      nextFrame: () => undefined,
      nowMs: () => 0,
    });
    const table = sorted();
    await painter.setSpikes(table);
    await painter.setParts({ sorting });
    const rows = await painter.units();
    expect(rows.map(({ id, label, nSpikes }) => [id, label, nSpikes])).toEqual(
      [12, 3, 40].map((id) => [
        id,
        sorting.units?.find((unit) => unit.id === id)?.label,
        table.unit?.filter((u) => u === id).length,
      ]),
    );
    expect(rows[0].colour).toEqual(noUnit);
    const brushed = await painter.brushUnits([40, 3, 99], "replace");
    expect([...(brushed?.rows ?? [])]).toEqual(
      [...(table.unit ?? [])].flatMap((u, i) => (u === 40 || u === 3 ? [i] : [])),
    );
    expect((await painter.brushUnits([40], "remove"))?.rows).toHaveLength(rows[1].nSpikes);
    expect(await painter.unitDrift(5)).toBeNull();
    const before = await painter.unitDrift(3);
    expect(before).toMatchObject({ unit: 3, course: { corrected: null, nBins: 15 } });
    await painter.setMotion(motionOf((t) => 10 * Math.sin(t / 10), [0]));
    const now = await painter.unitDrift(3);
    expect(now?.course?.rangeUm).toBeGreaterThan(15);
    expect(now?.course?.corrected?.rangeUm).toBeLessThan(0.1);
    expect(now?.course?.r).toBeGreaterThan(0.999);
    expect(now?.course?.gain).toBeCloseTo(1, 2);
    const all = await painter.unitDrifts();
    expect(all?.unit).toEqual([12, 3, 40]);
    expect([all?.rangeUm[1], all?.corrected?.rangeUm[1]]).toEqual([
      now?.course?.rangeUm,
      now?.course?.corrected?.rangeUm,
    ]);
  });

  it("knows the units of a table once, wherever its spikes are placed", () => {
    const table = sorted();
    const placed = { ...table, depthUm: table.depthUm.map((v) => -v) };
    expect(unitIndexOf(placed)).toBe(unitIndexOf(table));
  });
});
