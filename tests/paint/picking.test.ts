import { describe, expect, it } from "vitest";
import type { PictureKind, PictureView } from "../../src/protocol/pictures.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const nSpikes = 20_000;
const spikes = {
  ...scatteredSpikes(nSpikes),
  xUm: Float64Array.from({ length: nSpikes }, (_, i) => (i * 7.31) % 60),
  zUm: Float64Array.from({ length: nSpikes }, (_, i) => (i * 3.17) % 50),
  alpha: Float64Array.from({ length: nSpikes }, (_, i) => 900 + ((i * 13.7) % 5000)),
};
const anchors = new Float32Array(2 * nSpikes).map((_, i) => (i % 2 === 0 ? 30 : 510));
const motion = motionOf((t, d) => 20 * Math.sin(t / 9) + d / 100, [0, 500, 1000]);

/** Zoomed so that no two axes have a common length. */
const zoomed: PictureView = {
  ...view,
  timeRangeSec: [31.3, 64.1],
  depthRangeUm: [402, 688],
  freeRanges: { x: [7, 41], z: [3, 48], localX: [-21, 9], localY: [-120, 170], localZ: [5, 44], logAlpha: [3.1, 3.6] },
};

describe("a click", () => {
  it.each<PictureKind>(["raster-raw", "raster-corrected", "projections", "local-pairs", "compare-rasters"])(
    "selects the spike nearest in px, by brute force, in every plot of %s after a zoom",
    async (kind) => {
      const { painter, frame } = setUp();
      await painter.setView(zoomed);
      await painter.setSpikes(spikes);
      await painter.setMotion(motion);
      await painter.setMotions([
        { id: "m", title: "m", colour: { dark: "#fff", light: "#000" }, motion, isActive: true, isTruth: false },
      ]);
      await painter.setParts({ anchors });
      await painter.attach("a", kind, fakeCanvas().canvas, 1100, 640, 1);
      frame();
      const areas = await painter.plotAreas("a");
      const places = await placesIn(painter, kind);
      let nFound = 0;
      for (const [plot, area] of areas.entries()) {
        for (const [fx, fy] of [
          [0.5, 0.5],
          [0.13, 0.82],
          [0.71, 0.29],
        ]) {
          const at = { x: area.left + fx * area.width, y: area.top + fy * area.height };
          const expected = nearest(places[plot], area, at);
          const found = await painter.pick("a", at.x, at.y);
          expect(found?.index ?? null, `${kind}, plot ${plot}`).toBe(expected);
          if (found) nFound++;
        }
      }
      expect(nFound).toBeGreaterThan(areas.length);
    },
  );
});

type Column = (row: number) => number;

/** Columns of each plot as the pictures are documented to show them. */
async function placesIn(painter: ReturnType<typeof setUp>["painter"], kind: PictureKind): Promise<[Column, Column][]> {
  const corrected = new Float64Array(nSpikes);
  for (let i = 0; i < nSpikes; i++) corrected[i] = (await painter.spikeAt(i))?.correctedDepthUm ?? Number.NaN;
  const [t, raw, c]: Column[] = [(i) => spikes.timeSec[i], (i) => spikes.depthUm[i], (i) => corrected[i]];
  const [x, z]: Column[] = [(i) => spikes.xUm[i], (i) => spikes.zUm[i]];
  const [lx, ly, a]: Column[] = [
    (i) => Math.fround(spikes.xUm[i] - 30),
    (i) => Math.fround(spikes.depthUm[i] - 510),
    (i) => Math.fround(Math.log10(spikes.alpha[i])),
  ];
  const lz: Column = (i) => Math.fround(spikes.zUm[i]);
  const all: Partial<Record<PictureKind, [Column, Column][]>> = {
    "raster-raw": [[t, raw]],
    "raster-corrected": [[t, c]],
    "compare-rasters": [
      [t, raw],
      [t, c],
    ],
    projections: [
      [c, x],
      [z, x],
      [c, z],
    ],
    "local-pairs": [
      [lx, ly],
      [lx, lz],
      [lx, a],
      [ly, lz],
      [ly, a],
      [lz, a],
    ],
  };
  return all[kind] ?? [];
}

function nearest(
  [across, up]: [Column, Column],
  {
    left,
    top,
    width,
    height,
    xRange,
    yRange,
  }: Awaited<ReturnType<ReturnType<typeof setUp>["painter"]["plotAreas"]>>[0],
  at: { x: number; y: number },
): number | null {
  let best: number | null = null;
  let least = 12;
  for (let i = 0; i < nSpikes; i++) {
    const [v, w] = [across(i), up(i)];
    const isOnScreen = spikes.timeSec[i] >= 31.3 && spikes.timeSec[i] <= 64.1;
    if (!isOnScreen || !(v >= xRange[0] && v <= xRange[1] && w >= yRange[0] && w <= yRange[1])) continue;
    const px = left + ((v - xRange[0]) / (xRange[1] - xRange[0])) * width;
    const py = top + ((yRange[1] - w) / (yRange[1] - yRange[0])) * height;
    const far = Math.hypot(px - at.x, py - at.y);
    if (far < least) [best, least] = [i, far];
  }
  return best;
}
