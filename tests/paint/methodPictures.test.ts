import { describe, expect, it } from "vitest";
import { cellMeans } from "../../src/core/cellMeans.ts";
import { correctDepths } from "../../src/core/motion.ts";
import { areaOf } from "../../src/paint/figure.ts";
import { figureData } from "../../src/paint/figureData.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import type { DataMatrix } from "../../src/protocol/figureData.ts";
import { firstFigures, type MethodCell, type MethodCells, TABLE_SET } from "../../src/protocol/pictures.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const size = { widthPx: 900, heightPx: 600, pixelRatio: 1 };
const cell = (title: string, others: Partial<MethodCell> = {}): MethodCell => {
  const of = {
    set: "monopolar",
    name: "monopolar",
    motionId: null,
    title,
    rho: Number.NaN,
    matrix: null,
    problem: null,
  };
  return { ...of, isShown: false, isStacked: true, ...others };
};
const matrix = { values: Float32Array.of(1, 0.4, 0.4, 1), nRows: 2, rowSec: 50 };

describe("correlations of all methods", () => {
  const methods: MethodCells = {
    nColumns: 3,
    cells: [
      cell("monopolar, not corrected", { rho: 0.4, matrix, isShown: true }),
      cell("monopolar, corrected by A", { rho: 0.63, matrix }),
      cell("monopolar, corrected by B"),
      cell("CNN, not corrected", { problem: "Too few spikes." }),
      cell("CNN, corrected by A", { matrix }),
      cell("CNN, corrected by B", { matrix }),
    ],
  };
  const plotsOf = (gridMap: "magma" | "reds" = "magma") =>
    buildPicture(
      "grid-correlation",
      { ...noPaintData(), methods },
      { ...view, figures: { ...firstFigures, gridMap } },
      size,
    ).plots;

  it("stand in rows of positions and columns of motions, on one scale from 0 to 1, with ρ̄ in their titles", () => {
    const plots = plotsOf();
    const areas = plots.map(areaOf);
    for (const i of [0, 1, 2]) expect(areas[i].left).toBe(areas[i + 3].left);
    for (const { width, height } of areas) expect([width, height]).toEqual([areas[0].width, areas[0].height]);
    // the corner has no matrix: the colours are explained beside the one below
    expect(plots.map(({ colourBar }) => colourBar !== undefined)).toEqual([false, false, false, false, false, true]);
    expect(plots[0].title).toContain("ρ̄ 0.4");
    expect(plots[0].note).toBe("on screen");
    expect(plots[0].layers[0]).toMatchObject({ kind: "image", xRange: [0, 100], yRange: [0, 100] });
    const pixel = (i: number) => {
      const [layer] = plots[i].layers;
      return layer.kind === "image" ? new Uint32Array(layer.image.rgba.buffer)[0] : 0;
    };
    expect(pixel(0)).toBe(pixel(1));
    const [layer] = plotsOf("reds")[0].layers;
    expect(layer.kind === "image" && new Uint32Array(layer.image.rgba.buffer)[0]).not.toBe(pixel(0));
  });

  it("say what is missing and what to do, or why it could not be computed", () => {
    const plots = plotsOf();
    expect(plots[2].message).toContain("Compute all");
    expect(plots[3].message).toContain("Too few spikes.");
    expect(buildPicture("grid-correlation", noPaintData(), view, size).plots[0].message).toContain("Open spikes");
  });
});

describe("rasters of all methods", () => {
  const spikes = scatteredSpikes(3000);
  const motion = motionOf((t) => t / 4, [500]);
  const own = prepareSpikes(spikes);
  const xyza = Float32Array.from({ length: 4 * spikes.nSpikes }, (_, k) =>
    k % 4 === 1 ? spikes.depthUm[(k - 1) / 4] / 2 : 1,
  );
  const colour = { dark: "#ffffff", light: "#000000" };
  const drawn = { id: "a", title: "A", motion, colour, isActive: true, isTruth: false };
  const cells = [TABLE_SET, "half"].flatMap((set) =>
    [null, "a"].map((motionId) => cell(`${set} ${motionId}`, { set, motionId })),
  );
  const data = {
    ...noPaintData(),
    spikes: own,
    ownPlaces: own,
    motions: [drawn],
    otherPlaces: [{ set: "half", xyza }],
    methods: { nColumns: 2, cells },
  };
  const figure = buildPicture("grid-raster", data, view, { ...size, widthPx: 4000, heightPx: 3000 });

  it("are sums of amplitudes per 4 µm and second, of each set by each motion, on one logarithmic scale", () => {
    const { parts } = figureData(figure, own);
    const sums = parts.filter((part): part is DataMatrix => part.kind === "matrix");
    const places = (set: string) =>
      set === TABLE_SET ? spikes.depthUm : spikes.depthUm.map((d) => Math.fround(d / 2));
    let largest = 0;
    for (const [i, { set, motionId }] of cells.entries()) {
      const depthUm = motionId ? correctDepths(motion, spikes.timeSec, places(set)) : places(set);
      const inside = (d: number) => d >= sums[i].y.centres[0] - 2 && d <= sums[i].y.centres.at(-1)! + 2;
      let total = 0;
      for (let s = 0; s < spikes.nSpikes; s++) if (inside(depthUm[s])) total -= spikes.ampUv[s];
      expect(sums[i].values.reduce((a, b) => a + b)).toBeCloseTo(total, -1);
      expect(sums[i].x.centres[1] - sums[i].x.centres[0]).toBe(1);
      expect(sums[i].y.centres[1] - sums[i].y.centres[0]).toBe(4);
      largest = sums[i].values.reduce((a, b) => Math.max(a, b), largest);
    }
    const bars = figure.plots.flatMap(({ colourBar }) => (colourBar ? [colourBar] : []));
    expect(bars).toHaveLength(1);
    expect(bars[0].limits[1] / bars[0].limits[0]).toBeCloseTo(1 / 0.003, 6);
    expect(bars[0].limits[1]).toBeGreaterThanOrEqual(largest);
    expect(figure.caption).toContain("4 µm × 1 s");
  });

  it("keep their brightness where there are fewer px than bins, and say what is missing", () => {
    const small = buildPicture("grid-raster", data, view, { widthPx: 400, heightPx: 260, pixelRatio: 1 });
    expect(small.plots[1].colourBar?.limits).toEqual(figure.plots[1].colourBar?.limits);
    const [layer] = small.plots[0].layers;
    expect(layer.kind === "image" && layer.image.heightPx).toBeLessThan(100);
    const without = buildPicture("grid-raster", { ...data, otherPlaces: [] }, view, size);
    expect(without.plots[2].message).toContain("not there for these spikes");
    expect(buildPicture("grid-raster", noPaintData(), view, size).plots[0].message).toContain("Open spikes");
  });
});

describe("means of cells", () => {
  it("are those of every block of a window, and the cells themselves where there is room", () => {
    const [nx, ny] = [11, 7];
    const values = Float32Array.from({ length: nx * ny }, (_, k) => Math.cos(k));
    const window = { x: [2, 10], y: [1, 7] } as const;
    expect(cellMeans(values, nx, window, 99, 99)).toMatchObject({ nx: 8, ny: 6 });
    expect(cellMeans(values, nx, window, 99, 99).values[8]).toBe(values[2 * nx + 2]);
    const { values: means } = cellMeans(values, nx, window, 3, 2);
    const columns = [2, 4, 7, 10];
    const rows = [1, 4, 7];
    for (let r = 0; r < 2; r++) {
      for (let c = 0; c < 3; c++) {
        const block: number[] = [];
        for (let j = rows[r]; j < rows[r + 1]; j++)
          for (let i = columns[c]; i < columns[c + 1]; i++) block.push(values[j * nx + i]);
        expect(means[r * 3 + c]).toBeCloseTo(block.reduce((a, b) => a + b) / block.length, 6);
      }
    }
  });
});
