import { describe, expect, it } from "vitest";
import { raster } from "../../src/core/raster.ts";
import { colourTable } from "../../src/paint/colourMaps.ts";
import { areaOf, type Layer, type Plot } from "../../src/paint/figure.ts";
import { type RasterStore, rasterStore } from "../../src/paint/rasterPlot.ts";
import { type CellFrame, spikeCells } from "../../src/paint/scatterCells.ts";
import { addSpikes } from "../../src/paint/scatterPlot.ts";
import type { SpikeLook } from "../../src/paint/spikeLook.ts";
import { themeOf } from "../../src/paint/theme.ts";

const theme = themeOf("dark");
const frame: CellFrame = { x: [0, 100], y: [0, 10], nx: 200, ny: 100, pixelRatio: 1 };

function uniform(n: number, high: number, seed = 7): Float64Array {
  let state = seed;
  return Float64Array.from({ length: n }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (high * state) / 2 ** 32;
  });
}

const columns = (n: number) => ({ x: uniform(n, 120, 1), y: uniform(n, 12, 2), from: 0, to: n });
const inside = ({ x, y }: ReturnType<typeof columns>) => x.filter((v, i) => v <= 100 && y[i] <= 10).length;
const look: SpikeLook = {
  colour: "amplitude",
  values: null,
  cell: "mean",
  scale: { table: colourTable("inferno"), limits: [0, 1], scale: "linear" },
  label: "",
  shortLabel: "",
};

function plotOf(n: number, x = frame.x, y = frame.y): Plot {
  const axis = { quantity: "", unit: "" };
  const box = { left: 0, top: 0, width: 278, height: 154 };
  return {
    box,
    title: "",
    x: { ...axis, range: x },
    y: { ...axis, range: y },
    layers: [],
    grid: false,
    picks: columns(n),
  };
}
const imagesOf = ({ layers }: Plot) =>
  layers.filter((one): one is Extract<Layer, { kind: "image" }> => one.kind === "image").map(({ image }) => image);
const colours = (plot: Plot, image = 0) =>
  new Set(new Uint32Array(imagesOf(plot)[image].rgba.buffer).filter((colour) => colour !== 0));

describe("cells of spikes", () => {
  it.each([300, 2499, 2501, 60_000])("count each of %i spikes once, as dots or as squares", (n) => {
    const all = columns(n);
    expect(spikeCells(all, null, frame, "count").nSpikes).toBe(inside(all));
    const few = { ...all, from: 100, to: 200 };
    const expected = all.x.filter((v, i) => i >= 100 && i < 200 && v <= 100 && all.y[i] <= 10).length;
    expect(spikeCells(few, null, frame, "count").nSpikes).toBe(expected);
  });

  it("are round dots around the spikes while there are few, cut at the edges", () => {
    const at = (x: number, y: number) => {
      const one = { x: Float64Array.of(x), y: Float64Array.of(y), from: 0, to: 1 };
      const { count, nx } = spikeCells(one, Float32Array.of(3), frame, "mean");
      return Array.from(count.entries()).flatMap(([cell, n]) => (n > 0 ? [[cell % nx, Math.floor(cell / nx)]] : []));
    };
    const dot = at(50.25, 5.05);
    expect(dot).toHaveLength(21);
    expect(dot[0]).toEqual([99, 48]);
    for (const [px, py] of dot) expect(Math.hypot(px - 100, py - 50)).toBeLessThan(2.4);
    expect(at(0, 0)).toHaveLength(8); // a corner: 3 × 3 px less one
    expect(at(100, 10)).toHaveLength(3);
    expect(at(100.1, 5)).toEqual([]);
  });

  it("hold the mean or the largest value of the spikes that cover them", () => {
    const two = { x: Float64Array.of(50, 50), y: Float64Array.of(5, 5), from: 0, to: 2 };
    const values = Float32Array.of(2, 8);
    const of = (value: "mean" | "strongest") => {
      const { count, sum } = spikeCells(two, values, frame, value);
      const cell = count.indexOf(2);
      return sum[cell];
    };
    expect([of("mean"), of("strongest")]).toEqual([10, 8]);
    const many = columns(60_000);
    const v = Float32Array.from(uniform(60_000, 5, 9));
    const { count, sum, nx, ny } = spikeCells(many, v, frame, "strongest");
    const grid = { xLow: 0, xHigh: 100, yLow: 0, yHigh: 10, nx, ny };
    expect({ count, sum }).toEqual(raster(many.x, many.y, v, grid, 0, many.x.length, "largest"));
    const largest = new Float32Array(nx * ny).fill(Number.NaN);
    for (let i = 0; i < 60_000; i++) {
      if (many.x[i] > 100 || many.y[i] > 10) continue;
      const cell = Math.floor((many.y[i] / 10) * ny) * nx + Math.floor((many.x[i] / 100) * nx);
      if (!(largest[cell] > v[i])) largest[cell] = v[i];
    }
    expect(sum).toEqual(largest);
  });

  it("leave out values that are none when they look for the largest", () => {
    const grid = { xLow: 0, xHigh: 1, yLow: 0, yHigh: 1, nx: 1, ny: 1 };
    const at = Float64Array.of(0.5, 0.5, 0.5);
    expect(raster(at, at, [Number.NaN, 3, Number.NaN], grid, 0, 3, "largest")).toEqual({
      count: Float32Array.of(3),
      sum: Float32Array.of(3),
    });
    expect(raster(at, at, [Number.NaN], grid, 0, 1, "largest").sum[0]).toBeNaN();
  });
});

describe("spikes in plots", () => {
  const draw = (plots: Plot[], brushed: Int32Array | null = null, store: RasterStore = rasterStore(), of = look) =>
    addSpikes(plots, { look: of, brushed, reasons: [] }, { pixelRatio: 1, store, theme });

  it("have the colour of their value, as a dot and as a square", () => {
    const of = (n: number) => ({ ...look, values: new Float32Array(n).fill(0.25) });
    const [few, many] = [plotOf(200), plotOf(50_000)];
    draw([few], null, rasterStore(), of(200));
    draw([many], null, rasterStore(), of(50_000));
    expect(colours(few)).toEqual(new Set([look.scale.table[64]]));
    expect(colours(many)).toEqual(colours(few));
    expect([imagesOf(many)[0].widthPx, imagesOf(many)[0].heightPx]).toEqual([areaOf(many).width, areaOf(many).height]);
  });

  it("are counted again only in the plot whose range has changed", () => {
    const store = rasterStore();
    const computed: string[] = [];
    const counting = (one: RasterStore, name: string): RasterStore => ({
      ...one,
      part: (of) => counting(one.part(of), of),
      remember: <T>(reasons: readonly unknown[], compute: () => T) =>
        one.remember(reasons, () => {
          if (/\d$/.test(name)) computed.push(name);
          return compute();
        }),
    });
    const [a, b] = [columns(500), columns(800)];
    const withRange = (x: readonly [number, number]) => [
      { ...plotOf(0), picks: a },
      { ...plotOf(0, x), picks: b },
    ];
    draw(withRange([0, 100]), null, counting(store, ""));
    expect(computed.splice(0)).toEqual(["cells 0", "cells 1", "pixels 0", "pixels 1"]);
    draw(withRange([0, 100]), null, counting(store, ""));
    expect(computed).toEqual([]);
    draw(withRange([0, 50]), null, counting(store, ""));
    expect(computed).toEqual(["cells 1", "pixels 1"]);
  });

  it("are grey below those that are brushed, which keep their colours", () => {
    const plot = plotOf(50_000);
    const values = new Float32Array(50_000).fill(0.25);
    const own = columns(50_000);
    const brushed = Int32Array.from({ length: 30 }, (_, i) => 7 * i + 3).filter((i) => own.x[i] < 99 && own.y[i] < 9.9);
    draw([plot], brushed, rasterStore(), { ...look, values });
    expect(imagesOf(plot)).toHaveLength(2);
    for (const colour of colours(plot, 0)) {
      const [red, green, blue] = [0, 8, 16].map((shift) => (colour >>> shift) & 255);
      expect(Math.max(red, green, blue) - Math.min(red, green, blue)).toBeLessThan(30);
    }
    expect(colours(plot, 1)).toEqual(new Set([look.scale.table[64]]));
    draw([plotOf(10)], new Int32Array(0));
  });
});
