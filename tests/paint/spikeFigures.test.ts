import { describe, expect, it } from "vitest";
import { axisAgreement } from "../../src/core/axisAgreement.ts";
import { correctDepths } from "../../src/core/motion.ts";
import { anchorPositions } from "../../src/core/scoreboard/controls.ts";
import type { ProbeSites, SpikeTable } from "../../src/core/types.ts";
import { chosenPlaces, isMissing } from "../../src/paint/chosenPlaces.ts";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import { areaOf, type Figure, type Layer, type Plot, plotAreaOf } from "../../src/paint/figure.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { nearestSpike } from "../../src/paint/pick.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { ACTIVE_MOTION, firstFigures, type PictureView, SHOWN_SET, TABLE_SET } from "../../src/protocol/pictures.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const size = { widthPx: 1100, heightPx: 620, pixelRatio: 1 };
const positionsUm = Array.from({ length: 50 }, (_, c): [number, number] => [16 + 32 * (c % 2), 20 * c]);
const probe: ProbeSites = {
  model: "NP1",
  partNumber: "",
  nShanks: 1,
  positionsUm,
  shank: positionsUm.map(() => 0),
  connected: positionsUm.map(() => true),
};
const motion = motionOf((t, d) => 20 + t / 10 + d / 100, [0, 500, 1000]);

function localized(nSpikes: number): SpikeTable {
  const spikes = scatteredSpikes(nSpikes);
  return {
    ...spikes,
    xUm: spikes.depthUm.map((d) => (7.3 * d) % 60),
    zUm: spikes.depthUm.map((d) => (3.1 * d) % 90),
    alpha: spikes.depthUm.map((d, i) => (i % 10 === 0 ? Number.NaN : 1000 + 50 * ((11 * d) % 80))),
    channel: Int32Array.from(spikes.depthUm, (d) => Math.min(49, Math.floor(d / 20))),
  };
}
const spikes = localized(900);
/** The same spikes 6 µm across and 8 µm up, two of them nowhere, one of them far. */
const xyza = Float32Array.from({ length: 3600 }, (_, k) => {
  const i = Math.floor(k / 4);
  if (i < 2) return Number.NaN;
  const far = i === 5 ? 30 : 0;
  return [spikes.xUm![i] + 6 + far, spikes.depthUm[i] + 8 + far, spikes.zUm![i] + 1, Number.NaN][k % 4];
});
const own = { set: "cnn", name: "CNN", motion: null };
const table = { set: TABLE_SET, name: "monopolar", motion: null };

function dataOf(others: Partial<PaintData> = {}): PaintData {
  const prepared = prepareSpikes(spikes);
  const otherPlaces = [{ set: "cnn", xyza }];
  return { ...noPaintData(), spikes: prepared, ownPlaces: prepared, probe, otherPlaces, ...others };
}
const figures: PictureView["figures"] = {
  ...firstFigures,
  displacement: { source: table, target: own, wheel: "hue", isChosen: true },
  agreement: { own, reference: table, isChosen: true },
};
const chosen = { ...view, figures };
type Image = Extract<Layer, { kind: "image" }>;
const imageOf = (plot: Plot) => plot.layers.find((one): one is Image => one.kind === "image")?.image;
const nCells = (plot: Plot) => new Uint32Array(imageOf(plot)?.rgba.buffer ?? new ArrayBuffer(0)).filter(Boolean).length;

/** In every plot with spikes, a click means what reading all of them finds nearest in px, and dots fill px one to one. */
function expectPicks({ plots }: Figure): void {
  for (const plot of plots.filter(({ picks }) => picks)) {
    expect(imageOf(plot)).toMatchObject({ widthPx: areaOf(plot).width, heightPx: areaOf(plot).height });
    const area = plotAreaOf(plot);
    const { left, top, width, height } = areaOf(plot);
    const [x, y] = [left + 0.4 * width, top + 0.55 * height];
    const { picks } = plot;
    const px = (i: number) => {
      const across = left + ((picks!.x[i] - plot.x.range[0]) / (plot.x.range[1] - plot.x.range[0])) * width;
      const down = top + height - ((picks!.y[i] - plot.y.range[0]) / (plot.y.range[1] - plot.y.range[0])) * height;
      const isInside = across >= left && across <= left + width && down >= top && down <= top + height;
      return isInside ? Math.hypot(across - x, down - y) : Number.POSITIVE_INFINITY;
    };
    const distances = Array.from({ length: 900 }, (_, i) => px(i)).map((d) => (Number.isNaN(d) ? Infinity : d));
    const nearest = distances.indexOf(Math.min(...distances));
    expect(nearestSpike(picks!, area, x, y, 1000)).toBe(nearest);
  }
}

describe("places by choice", () => {
  it("are those on screen, the table's or a named set, with a motion taken out or not", () => {
    const data = dataOf({
      motion,
      corrected: correctedDepths(spikes, motion),
      motions: [{ id: "m1", title: "DREDge", motion, colour: "c0", isActive: true, isTruth: false } as never],
    });
    const of = (set: string, id: string | null) => chosenPlaces(data, { set, name: "N", motion: id });
    const raw = of("cnn", null);
    const corrected = of("cnn", "m1");
    if (isMissing(raw) || isMissing(corrected)) throw new Error("places are there");
    expect(raw).toMatchObject({ title: "N, as recorded", isCorrected: false });
    expect(raw.depthUm[7]).toBeCloseTo(spikes.depthUm[7] + 8, 3);
    expect(corrected.title).toBe("N, corrected by DREDge");
    const expected = correctDepths(motion, spikes.timeSec, raw.depthUm);
    expect(corrected.depthUm.slice(2, 50).every((v, i) => Math.abs(v - expected[i + 2]) < 1e-9)).toBe(true);
    expect(of("cnn", "m1")).toMatchObject({ depthUm: corrected.depthUm }); // not computed again
    expect(of(SHOWN_SET, ACTIVE_MOTION)).toMatchObject({ title: "N, corrected by DREDge", isCorrected: true });
    expect(of("cnn", "gone")).toMatchObject({ title: "N, as recorded" });
    expect(of("none", null)).toMatchObject({ missing: expect.stringContaining("“N” are not there") });
    expect(chosenPlaces(noPaintData(), own)).toMatchObject({ missing: expect.stringContaining("Open spikes") });
  });
});

describe("pictures of α", () => {
  it("show every spike with α over x, depth and z, and a click finds it", () => {
    const wide = { ...view, freeRanges: { logAlpha: [2.9, 3.8] as const, x: [-1, 61] as const, z: [-1, 91] as const } };
    const figure = buildPicture("alpha-axes", dataOf(), wide, size);
    expect(figure.plots.map(({ x }) => x.quantity)).toEqual(["x", "Depth", "z"]);
    expect(figure.caption).toBe("810 spikes with α, as recorded"); // nine of ten have α
    expect(figure.plots.every((plot) => nCells(plot) > 200)).toBe(true);
    expectPicks(figure);
    const ring = buildPicture("alpha-axes", dataOf(), { ...wide, selectedSpike: 3 }, size);
    expect(ring.plots.every(({ layers }) => layers.some(({ kind }) => kind === "ring"))).toBe(true);
  });
  it("count local positions from the anchors, on fixed ranges, between the 1st and 99th percentile of colour", () => {
    const figure = buildPicture("alpha-local", dataOf(), view, size);
    expect(figure.plots.map(({ x, y }) => [x.of, x.range, y.of, y.range])).toEqual([
      ["localY", [-100, 100], "localX", [-100, 100]],
      ["localZ", [0, 125], "localX", [-100, 100]],
      ["localY", [-100, 100], "localZ", [0, 125]],
    ]);
    const found = anchorPositions(spikes.channel, probe);
    if ("notPossible" in found) throw new Error("anchors are there");
    expect(figure.plots[0].picks?.x[11]).toBeCloseTo(spikes.depthUm[11] - found.positions.yUm[11], 3);
    expect(figure.plots[0].picks?.y[11]).toBeCloseTo(spikes.xUm![11] - found.positions.xUm![11], 3);
    expect(figure.plots[0].picks?.x[10]).toBeNaN(); // without α
    const sorted = Array.from(spikes.alpha ?? [])
      .filter(Number.isFinite)
      .map(Math.log10)
      .sort((a, b) => a - b);
    const limits = figure.plots[1].colourBar!.limits;
    expect(limits[0]).toBeCloseTo(sorted[Math.floor(0.01 * 809)], 5);
    expect(limits[1]).toBeCloseTo(sorted[Math.floor(0.99 * 809)], 5);
    expectPicks(figure);
    const bare = dataOf({ probe: null });
    expect(buildPicture("alpha-local", bare, view, size).plots[0].message).toContain("peak channel and the contacts");
  });
  it("show the mean over time and depth with its deviation on the same depth axis", () => {
    const ten = { ...view, figures: { ...firstFigures, alphaBinSec: 10 } };
    const { plots } = buildPicture("alpha-variability", dataOf(), ten, size);
    expect(plots[0].y.range).toEqual(plots[1].y.range);
    expect(imageOf(plots[0])).toMatchObject({ widthPx: 10 });
    expect(plots[0].note).toContain("cells of 10 s × 20 µm with 5 spikes or more");
    expect(plots[1].message).toContain("choose other time bins");
    const short = buildPicture("alpha-variability", dataOf(), view, size);
    expect(short.plots[0].message).toContain("No cell of 1 s × 20 µm holds 5 spikes");
  });
  it("say what is missing", () => {
    const { alpha: _, ...without } = spikes;
    const bare = prepareSpikes(without);
    const data = dataOf({ spikes: bare, ownPlaces: bare });
    for (const kind of ["alpha-axes", "alpha-local", "alpha-variability"] as const)
      expect(buildPicture(kind, data, view, size).plots[0].message).toContain("without α");
  });
});

describe("the picture of displacements", () => {
  const near = { ...chosen, freeRanges: { x: [-1, 61] as const, z: [-1, 91] as const } };
  it("colours spikes at their sources, with the wheel and the two figures of their lengths", () => {
    const figure = buildPicture("displacement", dataOf(), near, size);
    expect(figure.plots[0].title).toBe("monopolar → CNN");
    expect(figure.plots[0].note).toBe("898 spikes, 2 without both places left out");
    const colours = new Set(new Uint32Array(imageOf(figure.plots[0])!.rgba.buffer));
    expect(colours.size).toBeLessThan(14); // 6 right and 8 up, up to rounding; empty; the far one
    expect(figure.plots[3].title).toBe("Colour of Δ");
    expect(figure.plots[3].x.range[1]).toBeCloseTo(10, 3);
    const { width, height } = areaOf(figure.plots[3]);
    expect(Math.abs(width - height)).toBeLessThanOrEqual(1);
    expectPicks(figure);
    const [plot] = buildPicture("displacement-lengths", dataOf(), near, size).plots;
    const labels = (one: Plot) => one.layers.flatMap((layer) => (layer.kind === "label" ? [layer.text] : []));
    expect(labels(plot)).toEqual(["median 10 µm", "95 % below 10 µm"]);
    const bars = plot.layers.find((one): one is Extract<Layer, { kind: "bars" }> => one.kind === "bars");
    expect(Array.from(bars!.heights).reduce((sum, n) => sum + n, 0)).toBe(897);
    expect(plot.note).toBe("1 farther");
  });
  it("is one grey heap where nothing moves, and a sentence where nothing can be said", () => {
    const same = { ...near, figures: { ...figures!, displacement: { ...figures!.displacement, target: table } } };
    expect(buildPicture("displacement-lengths", dataOf(), same, size).plots[0].layers).toContainEqual(
      expect.objectContaining({ text: "median 0 µm" }),
    );
    const still = new Set(
      new Uint32Array(imageOf(buildPicture("displacement", dataOf(), same, size).plots[0])!.rgba.buffer),
    );
    expect(still).toEqual(new Set([0, 0xffffffff]));
    const gone = buildPicture("displacement", dataOf({ otherPlaces: [] }), near, size);
    expect(gone.plots[0].message).toContain("“CNN” are not there");
  });
  it("is drawn again by the painter when the other positions come, and written as SVG", async () => {
    const { painter, frame } = setUp();
    const canvas = fakeCanvas();
    await painter.setView(chosen);
    await painter.setSpikes(spikes);
    await painter.attach("a", "displacement", canvas.canvas, 900, 500, 1);
    frame();
    expect(canvas.texts.join(" ")).toContain("are not there");
    await painter.setParts({ otherPlaces: [{ set: "cnn", xyza }] });
    frame();
    expect(canvas.texts.join(" ")).toContain("monopolar → CNN");
    const figure = buildPicture("displacement", dataOf(), near, size);
    expect(figureSvg(figure)).toContain("Colour of Δ");
  });
});

describe("the picture of agreement", () => {
  it("says RMS, bias and ρ of all spikes on all six axes, whatever is on screen", () => {
    const zoomed = { ...chosen, timeRangeSec: [0, 1] as const, freeRanges: { x: [0, 10] as const } };
    const figure = buildPicture("agreement", dataOf(), zoomed, { ...size, widthPx: 1600, heightPx: 1000 });
    expect(figure.plots.map(({ x, y }) => [x.quantity, y.quantity])).toEqual(
      ["x", "depth", "z", "l_x", "l_y", "l_z"].map((name) => [`${name}, monopolar`, `${name}, CNN`]),
    );
    const { rmsUm, rho } = axisAgreement(
      Array.from({ length: 900 }, (_, i) => xyza[4 * i]),
      spikes.xUm!,
    );
    expect(figure.plots[0].title).toBe(
      `x: RMS ${Number(rmsUm.toFixed(2))} µm, bias 6.03 µm, ρ ${Number(rho.toFixed(3))}`,
    );
    expect(figure.plots[2].title).toBe("z: RMS 1 µm, bias 1 µm, ρ 1");
    expect(figure.plots[4].title).toContain("l_y: RMS 8");
    expect(figure.caption).toBe(
      "Up: CNN, as recorded. Right: monopolar, as recorded. 898 spikes; 2 that one of them does not place are left out.",
    );
    expect(figure.plots.every(({ layers }) => layers.some((one) => one.kind === "curve" && one.dashPx))).toBe(true);
    expectPicks(figure);
  });
  it("has the figures inside where plots are narrow, and square plots where there is room", () => {
    const figure = buildPicture("agreement", dataOf(), chosen, { ...size, widthPx: 620, heightPx: 420 });
    const labels = figure.plots[0].layers.flatMap((one) => (one.kind === "label" ? [one.text] : []));
    expect(labels).toEqual([expect.stringContaining("RMS"), "bias 6.03 µm", expect.stringContaining("ρ")]);
    const large = buildPicture("agreement", dataOf(), chosen, size);
    for (const plot of large.plots) expect(areaOf(plot)).toMatchObject({ width: areaOf(plot).height });
  });
  it("says what a missing anchor or distance would need", () => {
    const figure = buildPicture("agreement", dataOf({ probe: null }), chosen, size);
    expect(figure.plots[3].message).toContain("peak channel");
    expect(figure.plots[0].message).toBeUndefined();
  });
});
