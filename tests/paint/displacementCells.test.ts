import { describe, expect, it } from "vitest";
import { displacementsOf } from "../../src/core/displacement.ts";
import { Random } from "../../src/core/random.ts";
import { packed } from "../../src/paint/colourMaps.ts";
import { wheelColour, wheelOf } from "../../src/paint/colourWheel.ts";
import { addDisplacements, displacementCodes } from "../../src/paint/displacementCells.ts";
import type { Plot } from "../../src/paint/figure.ts";
import { rasterStore } from "../../src/paint/rasterPlot.ts";
import { themeOf } from "../../src/paint/theme.ts";

const theme = themeOf("dark");
const wheel = wheelOf("hue", theme);
const axis = (range: readonly [number, number]) => ({ range, quantity: "", unit: "" });
const plot = (): Plot => {
  const box = { left: 0, top: 0, width: 122, height: 94 };
  return { box, title: "", x: axis([0, 1]), y: axis([0, 1]), layers: [], grid: false };
};
const random = new Random(4);
const column = (n: number, scale = 1) => Float64Array.from({ length: n }, () => scale * random.uniform());

/** What drawing these spikes leaves: [ny, nx] from the bottom row up, 0xAABBGGRR. */
function drawn(n: number, brushed: Int32Array | null = null) {
  const source = { xUm: column(n), depthUm: column(n) };
  const target = {
    xUm: source.xUm.map((v) => v + random.normal()),
    depthUm: source.depthUm.map((v) => v + random.normal()),
  };
  const moved = displacementsOf(source, target);
  const codes = displacementCodes(moved, 5, brushed);
  const on = plot();
  const picks = { x: source.depthUm, y: source.xUm, from: 0, to: n };
  const frame = { pixelRatio: 1, store: rasterStore(), theme };
  const nSpikes = addDisplacements(on, picks, { codes, highUm: 5, fullUm: 2, wheel }, frame);
  const [layer] = on.layers;
  if (layer.kind !== "image") throw new Error("an image is drawn");
  const { widthPx: nx, heightPx: ny, rgba } = layer.image;
  const pixels = new Uint32Array(rgba.buffer);
  const at = (x: number, y: number) => pixels[(ny - 1 - Math.floor(y * ny)) * nx + Math.floor(x * nx)];
  return { source, moved, nSpikes, at, nx, ny, cells: layer.cells };
}
const rgb = (colour: number) => [colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255];

describe("cells of displaced spikes", () => {
  it("have the colour of the spike that goes farthest, and its length as a number", () => {
    const { source, moved, nSpikes, at, nx, ny, cells } = drawn(30_000);
    expect(nSpikes).toBe(30_000);
    const longest = new Map<number, number>();
    const cellOf = (i: number) => Math.floor(source.xUm[i] * ny) * nx + Math.floor(source.depthUm[i] * nx);
    for (let i = 0; i < 30_000; i++) {
      const before = longest.get(cellOf(i));
      if (before === undefined || moved.lengthUm[i] > moved.lengthUm[before]) longest.set(cellOf(i), i);
    }
    for (const [cell, i] of longest) {
      const expected = rgb(wheelColour(wheel, moved.dxUm[i], moved.dyUm[i], 2));
      const found = rgb(at(source.depthUm[i], source.xUm[i]));
      // 256 directions and 64 shades
      for (const k of [0, 1, 2]) expect(Math.abs(found[k] - expected[k])).toBeLessThanOrEqual(8);
      expect(cells?.().values[cell]).toBeCloseTo(Math.min(5, moved.lengthUm[i]), 3);
    }
  });
  it("are dots where few are seen, without numbers of their own", () => {
    const { source, nSpikes, at, cells } = drawn(12);
    expect(nSpikes).toBe(12);
    expect(cells).toBeUndefined();
    for (let i = 0; i < 12; i++) expect(at(source.depthUm[i], source.xUm[i])).not.toBe(0);
  });
  it("are grey where other spikes are brushed, below those", () => {
    const { source, at } = drawn(5, Int32Array.of(2));
    const grey = packed(theme.frame);
    expect(at(source.depthUm[2], source.xUm[2])).not.toBe(grey);
    expect([0, 1, 3, 4].some((i) => at(source.depthUm[i], source.xUm[i]) === grey)).toBe(true);
  });
  it("keep direction and length exactly enough in single precision", () => {
    const one = displacementsOf({ xUm: [0, 0], depthUm: [0, Number.NaN] }, { xUm: [3, 0], depthUm: [0, 0] });
    const [code, none] = displacementCodes(one, 3, null);
    expect(code).toBe(65535 * 256 + 64); // all of the length, a quarter turn
    expect(none).toBeNaN();
  });
});
