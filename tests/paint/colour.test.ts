import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { colourTable, cssColour, divergingMaps, packed, sequentialMaps } from "../../src/paint/colourMaps.ts";
import { colourImage, pixelStore, scalePosition, tableIndex } from "../../src/paint/image.ts";

const luminance = (css: string) => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(css.slice(at, at + 2), 16));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

describe("colour maps", () => {
  it("have the published ends", () => {
    expect(cssColour(colourTable("inferno"), 0)).toBe("#000004");
    expect(cssColour(colourTable("inferno"), 255)).toBe("#fcffa4");
    expect(cssColour(colourTable("viridis"), 0)).toBe("#440154");
    expect(cssColour(colourTable("plasma"), 255)).toBe("#f0f921");
    expect(cssColour(colourTable("winter"), 0)).toBe("#0000ff");
    expect(cssColour(colourTable("winter"), 255)).toBe("#00ff80");
  });

  it("are opaque, 256 long, and go from dark to bright when they show amounts", () => {
    for (const name of sequentialMaps) {
      const table = colourTable(name);
      expect(table).toHaveLength(256);
      expect([...table].every((c) => c >>> 24 === 255)).toBe(true);
      expect(luminance(cssColour(table, 255)), name).toBeGreaterThan(luminance(cssColour(table, 0)) + 80);
    }
  });

  it("are blue or purple below zero, red or orange above, and pale at zero when they show signs", () => {
    for (const name of divergingMaps) {
      const table = colourTable(name);
      const ends = [table[20], table[235]].map((c) => (c & 255) - ((c >>> 16) & 255));
      expect(ends[0], name).toBeLessThan(0);
      expect(ends[1], name).toBeGreaterThan(0);
      expect(luminance(cssColour(table, 128)), name).toBeGreaterThan(230);
    }
  });

  it("can be turned round and cut", () => {
    const [whole, part] = [colourTable("inferno"), colourTable("inferno", [1, 0])];
    expect(part[0]).toBe(whole[255]);
    expect(part[255]).toBe(whole[0]);
    expect(colourTable("inferno", [0.5, 1])[0]).not.toBe(whole[0]);
  });

  it("name the maps there are when asked for another", () => {
    expect(() => colourTable("jet")).toThrow(AppError);
    expect(() => colourTable("jet")).toThrow('no colour map "jet"; there are inferno, viridis');
  });

  it("store red in the lowest byte", () => {
    expect(packed("#010203")).toBe(0xff030201);
    expect(packed("rgb(1, 2, 3)")).toBe(0xff030201);
  });
});

describe("values to colours", () => {
  const table = colourTable("viridis");

  it("go from the lower to the upper limit and stay at the ends beyond", () => {
    const colours = { table, limits: [10, 20] as const, scale: "linear" as const };
    expect([5, 10, 15, 20, 99].map((v) => tableIndex(colours, v))).toEqual([0, 0, 128, 255, 255]);
    expect(tableIndex(colours, Number.NaN)).toBe(-1);
  });

  it("have zero in the middle of symmetric limits", () => {
    expect(scalePosition({ table, limits: [-40, 40], scale: "linear" }, 0)).toBe(0.5);
  });

  it("give small counts room on the log scale", () => {
    const colours = { table, limits: [0, 99] as const, scale: "log" as const };
    expect(scalePosition(colours, 0)).toBe(0);
    expect(scalePosition(colours, 9)).toBeCloseTo(0.5, 12); // log 10 is half of log 100
    expect(scalePosition(colours, 99)).toBe(1);
  });

  it("do not divide by zero when limits coincide", () => {
    const colours = { table, limits: [3, 3] as const, scale: "linear" as const };
    expect([2, 3, 4].map((v) => tableIndex(colours, v))).toEqual([0, 255, 255]);
  });

  it("put the low end of y at the bottom and leave NaN transparent", () => {
    const values = Float32Array.of(0, 1, Number.NaN, 0); // low row: 0 1; high row: NaN 0
    const image = { values, widthPx: 2, heightPx: 2, xRange: [0, 1] as const, yRange: [0, 1] as const };
    const { rgba } = colourImage(image, { table, limits: [0, 1], scale: "linear" });
    const pixels = [...new Uint32Array(rgba.buffer)];
    expect(pixels).toEqual([0, table[0], table[0], table[255]]);
    expect([...values]).toEqual([0, 1, Number.NaN, 0]);
  });

  it("reuse the pixels of a store until the size changes", () => {
    const store = pixelStore();
    const first = store.take(4, 3);
    expect(store.take(4, 3)).toBe(first);
    expect(store.take(3, 4)).not.toBe(first);
  });
});
