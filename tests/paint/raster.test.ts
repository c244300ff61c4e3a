import { describe, expect, it } from "vitest";
import { correctDepths } from "../../src/core/motion.ts";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import { areaOf, type Figure, plotAreaOf } from "../../src/paint/figure.ts";
import type { PixelImage } from "../../src/paint/pen.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { type RasterStore, rasterStore } from "../../src/paint/rasterPlot.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import type { PictureKind } from "../../src/protocol/pictures.ts";
import { plotToData } from "../../src/protocol/plotArea.ts";
import { medicineStep, motionOf, scatteredSpikes, unitSpikes, view } from "./synthetic.ts";

const size = { widthPx: 400, heightPx: 300, pixelRatio: 1 };

function paintData(spikes = scatteredSpikes(5000), motion: PaintData["motion"] = null): PaintData {
  const corrected = motion ? correctedDepths(spikes, motion) : null;
  return { ...noPaintData(), spikes: prepareSpikes(spikes), motion, corrected };
}

function rasterOf(figure: Figure): PixelImage {
  const layer = figure.plots[0].layers[0];
  if (layer.kind !== "image") throw new Error("a raster's first layer is its image");
  return layer.image;
}

/** Centres of the pixels that are not transparent, as fractions of the image from the top left. */
function litPixels({ rgba, widthPx, heightPx }: PixelImage): { fx: number; fy: number }[] {
  const lit: { fx: number; fy: number }[] = [];
  for (let i = 0; i < widthPx * heightPx; i++) {
    if (rgba[4 * i + 3] > 0)
      lit.push({ fx: ((i % widthPx) + 0.5) / widthPx, fy: (Math.floor(i / widthPx) + 0.5) / heightPx });
  }
  return lit;
}

describe("raster picture", () => {
  it("puts a late, deep spike right and low, at the place plotToData reads back", () => {
    const spikes = {
      nSpikes: 1,
      timeSec: Float64Array.of(80),
      depthUm: Float64Array.of(100),
      ampUv: Float32Array.of(-90),
    };
    const figure = buildPicture("raster-raw", paintData(spikes), view, size);
    const lit = litPixels(rasterOf(figure));
    expect(lit).toHaveLength(21); // a round dot of 5 px
    const middle = (axis: "fx" | "fy") => lit.reduce((sum, one) => sum + one[axis], 0) / lit.length;
    expect(middle("fx")).toBeCloseTo(0.8, 1);
    expect(middle("fy")).toBeCloseTo(0.9, 1); // y of pixels goes down: depth 100 of 1000 is near the bottom
    const area = plotAreaOf(figure.plots[0]);
    const { x, y } = plotToData(area, area.left + middle("fx") * area.width, area.top + middle("fy") * area.height);
    expect(Math.abs(x - 80)).toBeLessThan(2);
    expect(Math.abs(y - 100)).toBeLessThan(20);
    expect([area.xUnit, area.yUnit]).toEqual(["s", "µm"]);
  });

  it("counts every spike of the window and none beside it", () => {
    const spikes = scatteredSpikes(5000);
    const inside = spikes.timeSec.filter(
      (t, i) => t >= 20 && t <= 60 && spikes.depthUm[i] >= 200 && spikes.depthUm[i] <= 700,
    );
    const zoomed = { ...view, timeRangeSec: [20, 60] as const, depthRangeUm: [200, 700] as const };
    const figure = buildPicture("raster-raw", paintData(spikes), zoomed, size);
    expect(figure.plots[0].note).toBe(`${inside.length.toLocaleString("en-US")} spikes`);
  });

  it("colours by mean |amplitude| between the 1st and 99th percentile, strong at the end of the map", () => {
    const spikes = {
      nSpikes: 2,
      timeSec: Float64Array.of(10, 90),
      depthUm: Float64Array.of(500, 500),
      ampUv: Float32Array.of(-50, -200),
    };
    const figure = buildPicture("raster-raw", paintData(spikes), { ...view, rasterColour: "amplitude" }, size);
    const bar = figure.plots[0].colourBar;
    const pixels = new Uint32Array(rasterOf(figure).rgba.buffer).filter((c) => c !== 0);
    // two values: the percentiles by rank are both the smaller one, widened
    expect(bar?.limits).toEqual([49.5, 50.5]);
    expect(pixels.at(-1)).toBe(bar?.table[255]);
    expect(bar?.label).toContain("µV");
  });

  it("has as many cells as device pixels when spikes are dense", () => {
    const data = paintData(scatteredSpikes(60_000));
    const figure = buildPicture("raster-raw", data, view, { ...size, pixelRatio: 2 });
    const area = areaOf(figure.plots[0]);
    expect([rasterOf(figure).widthPx, rasterOf(figure).heightPx]).toEqual([2 * area.width, 2 * area.height]);
  });

  it("turns a perfectly known motion into a straight line", () => {
    const drift = (t: number) => 4 * t - 200; // linear between bin centres, so interpolation is exact
    const spikes = unitSpikes((t) => drift(Math.min(99.5, Math.max(0.5, t))), 500);
    const data = paintData(spikes, motionOf(drift, [0, 1000]));
    const rows = (kind: "raster-raw" | "raster-corrected") =>
      new Set(litPixels(rasterOf(buildPicture(kind, data, view, size))).map(({ fy }) => fy)).size;
    expect(rows("raster-raw")).toBeGreaterThan(40);
    expect(rows("raster-corrected")).toBeLessThanOrEqual(4); // no more than one dot is high
  });

  it("is drawn again only for what changed it", () => {
    const data = paintData();
    const store = rasterStore();
    let nComputed = 0;
    // what only puts cells together is no work
    const isWork = (name: string) => /^(cells|pixels)/.test(name);
    const counting = (one: RasterStore, of: string): RasterStore => ({
      ...one,
      part: (name) => counting(one.part(name), name),
      remember: <T>(reasons: readonly unknown[], draw: () => T) =>
        one.remember(reasons, () => {
          if (isWork(of)) nComputed++;
          return draw();
        }),
    });
    const counted = counting(store, "");
    const show = (next: Partial<typeof view>) => buildPicture("raster-raw", data, { ...view, ...next }, size, counted);
    show({});
    expect(show({ cursorTimeSec: 50 }).plots[0].layers).toHaveLength(2);
    expect(nComputed).toBe(2); // cells, and their pixels
    expect(show({ timeRangeSec: [0, 10] }).plots[0].note).not.toBe("5,000 spikes");
    expect(nComputed).toBe(4);
    show({ timeRangeSec: [0, 10], theme: "light" });
    expect(nComputed).toBe(5); // the same cells in other colours
  });

  it("marks the selected spike where each picture shows it", () => {
    const spikes = scatteredSpikes(500);
    const data = paintData(
      spikes,
      motionOf(() => 40, [0]),
    );
    const marks = (kind: PictureKind, selectedSpike: number | null) =>
      buildPicture(kind, data, { ...view, selectedSpike }, size).plots[0].layers.flatMap((layer) => {
        if (layer.kind === "ring") return [[layer.x, layer.y]];
        return layer.kind === "vertical" && layer.solid ? [[layer.x]] : [];
      });
    const [timeSec, depthUm, ampUv] = [spikes.timeSec[123], spikes.depthUm[123], spikes.ampUv[123]];
    expect(marks("raster-raw", 123)).toEqual([[timeSec, depthUm]]);
    expect(marks("raster-corrected", 123)).toEqual([[timeSec, depthUm - 40]]);
    expect(marks("motion", 123)).toEqual([[timeSec]]);
    expect(marks("amplitudes", 123)).toEqual([[ampUv]]);
    expect(marks("activity", 123)).toEqual([]);
    expect(marks("raster-raw", null)).toEqual([]);
    expect(marks("raster-raw", 500)).toEqual([]); // a row of spikes that are gone
  });

  it("leaves spikes, motion and view as they were", () => {
    const spikes = scatteredSpikes(3000);
    const motion = motionOf((t, d) => Math.sin(t / 9) * (d / 50), [0, 500, 1000]);
    const copy = structuredClone({ spikes, motion, view });
    const data = { ...paintData(spikes, motion), activity: medicineStep().activity?.[0] ?? null };
    for (const kind of ["raster-raw", "raster-corrected", "motion", "activity", "amplitudes"] as const) {
      buildPicture(kind, data, { ...view, showMotion: true }, size);
    }
    expect({ spikes, motion, view }).toEqual(copy);
  });

  it("says what will fill it while there are no data", () => {
    const empty = noPaintData();
    for (const kind of [
      "raster-raw",
      "raster-corrected",
      "motion",
      "activity",
      "amplitudes",
      "probe",
      "traces",
      "waveform",
    ] as const) {
      expect(buildPicture(kind, empty, view, size).plots[0].message).toMatch(/^(Open|Run|Click) .+\.$/);
    }
    expect(buildPicture("raster-corrected", paintData(), view, size).plots[0].message).toContain(
      "Run a method that estimates motion",
    );
  });

  it("draws counts up to the fullest cell", () => {
    const spikes = unitSpikes(() => 0, 500, 1, 0.1);
    const all = { ...view, timeRangeSec: [-1e6, 1e6] as const };
    const { plots } = buildPicture("raster-raw", paintData(spikes), all, size);
    expect(plots[0].note).toBe("10 spikes");
    expect(plots[0].colourBar).toMatchObject({ limits: [0, 10], scale: "log" });
  });
});

describe("corrected depths", () => {
  const spikes = scatteredSpikes(150_000); // more than two chunks

  it.each([[[500]], [[0, 1000]], [[-100, 120, 480, 481, 900, 1300]]])("equal core's, depths %j", (depths) => {
    const motion = motionOf((t, d) => 30 * Math.sin(t / 7 + d / 300), depths);
    const fast = correctedDepths(spikes, motion).upTo(0, spikes.nSpikes);
    const exact = correctDepths(motion, spikes.timeSec, spikes.depthUm);
    let worst = 0;
    for (let i = 0; i < exact.length; i++) worst = Math.max(worst, Math.abs(exact[i] - fast[i]));
    expect(worst).toBeLessThan(1e-9);
  });

  it("equal core's for a motion of one time bin", () => {
    const motion = {
      displacementUm: Float64Array.of(5, 9),
      timeBinCentersSec: Float64Array.of(50),
      depthBinCentersUm: Float64Array.of(0, 1000),
    };
    const fast = correctedDepths(spikes, motion).upTo(0, 1000);
    expect([...fast.subarray(0, 1000)]).toEqual([
      ...correctDepths(motion, spikes.timeSec, spikes.depthUm).subarray(0, 1000),
    ]);
  });

  it("are computed where asked for, and once", () => {
    const motion = motionOf(() => 10, [0]);
    const target = new Float64Array(spikes.nSpikes).fill(-1);
    const corrected = correctedDepths(spikes, motion, target);
    corrected.upTo(70_000, 70_001);
    expect(target[0]).toBe(-1);
    expect(target[70_000]).toBe(spikes.depthUm[70_000] - 10);
    target[70_000] = 42; // a second computation would undo this
    expect(corrected.upTo(70_000, 70_001)[70_000]).toBe(42);
  });
});
