import { describe, expect, it } from "vitest";
import { correctDepths } from "../../src/core/motion.ts";
import { areaOf } from "../../src/paint/figure.ts";
import { figureData } from "../../src/paint/figureData.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { type MethodCell, type SpikeColour, TABLE_SET } from "../../src/protocol/pictures.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const table = scatteredSpikes(400);
const spikes = { ...table, xUm: table.depthUm.map((d) => d % 50), zUm: table.depthUm.map((d) => d % 40) };
const own = prepareSpikes(spikes);
const motion = motionOf((t) => t / 2, [500]);
// farther across and away than the table's own
const xyza = Float32Array.from({ length: 4 * 400 }, (_, k) => {
  const depthUm = table.depthUm[Math.floor(k / 4)];
  return [depthUm % 150, depthUm, depthUm % 120, 1000][k % 4];
});
const of = { rho: Number.NaN, matrix: null, problem: null, isShown: false, isStacked: true };
const cells: MethodCell[] = [
  { ...of, set: TABLE_SET, name: "monopolar", motionId: null, title: "monopolar · raw" },
  { ...of, set: TABLE_SET, name: "monopolar", motionId: "a", title: "monopolar · A", rho: 0.5 },
  { ...of, set: "cnn", name: "CNN", motionId: "a", title: "CNN · A" },
  { ...of, set: "cnn", name: "CNN", motionId: null, title: "CNN · raw", isStacked: false },
];
const drawn = { id: "a", title: "A", motion, colour: { dark: "#ffffff", light: "#000000" } };
const data: PaintData = {
  ...noPaintData(),
  spikes: own,
  ownPlaces: own,
  motions: [{ ...drawn, isActive: true, isTruth: false }],
  otherPlaces: [{ set: "cnn", xyza }],
  methods: { nColumns: 2, cells },
};
const size = { widthPx: 900, heightPx: 900, pixelRatio: 1 };
const stack = (rasterColour: SpikeColour, others: Partial<PaintData> = {}) =>
  buildPicture("projections-stack", { ...data, ...others }, { ...view, rasterColour }, size);

describe("projections of several methods", () => {
  it("stand above each other below their names, equally wide, on the same ranges and colours", () => {
    const { plots, banners } = stack("z");
    expect(banners?.map(({ text }) => text)).toEqual(["monopolar · raw", "ρ̄ 0.5 · monopolar · A", "CNN · A"]);
    expect(plots).toHaveLength(9);
    for (const i of [3, 6]) {
      for (const k of [0, 1, 2]) {
        const [first, other] = [plots[k], plots[i + k]];
        expect([other.x.range, other.y.range]).toEqual([first.x.range, first.y.range]);
        expect([areaOf(other).left, areaOf(other).width]).toEqual([areaOf(first).left, areaOf(first).width]);
      }
      expect(plots[i + 1].colourBar?.limits).toEqual(plots[1].colourBar?.limits);
    }
    expect(plots[2].y.range[1]).toBeGreaterThan(110);
    expect(stack("count").plots[7].colourBar?.limits).toEqual(stack("count").plots[1].colourBar?.limits);
    expect(figureSvg(stack("amplitude"))).toContain("ρ̄ 0.5 · monopolar · A");
  });

  it("show each method's own places, and their numbers say whose they are", () => {
    const { parts } = figureData(stack("amplitude"), own);
    const spikesInView = parts.find(({ name }) => name === "spikes");
    const columns = spikesInView?.kind === "table" ? spikesInView.columns : [];
    const depths = columns.find(({ label }) => label === "Corrected depth (µm)");
    const rows = Array.from(columns[0].values as Int32Array);
    const corrected = correctDepths(motion, spikes.timeSec, spikes.depthUm);
    expect(Array.from(depths?.values as Float64Array)).toEqual(rows.map((row) => corrected[row]));
    expect(columns.map(({ label }) => label)).toContain("Corrected depth (µm), CNN · A");
  });

  it("say what is missing", () => {
    expect(stack("amplitude", { methods: null }).plots[0].message).toContain("Open spikes");
    expect(stack("amplitude", { otherPlaces: [] }).plots.at(-1)?.message).toContain("Open spikes");
    const flat = { ownPlaces: prepareSpikes(table), spikes: prepareSpikes(table), otherPlaces: [] };
    expect(stack("amplitude", flat).plots[0].message).toContain("depth alone");
  });
});
