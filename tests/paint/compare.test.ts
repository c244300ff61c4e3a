import { describe, expect, it } from "vitest";
import { correctDepths } from "../../src/core/motion.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { comparedOf, motionPairs } from "../../src/paint/comparison.ts";
import { correctedDepths, correctedStore } from "../../src/paint/correctedDepths.ts";
import { areaOf, type Layer, type Plot, plotAreaOf } from "../../src/paint/figure.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { smallMultiples } from "../../src/paint/smallMultiples.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { fitted } from "../../src/paint/words.ts";
import type { DrawnMotion } from "../../src/protocol/motions.ts";
import type { PictureKind } from "../../src/protocol/pictures.ts";
import { areaAt, type PlotArea } from "../../src/protocol/plotArea.ts";
import { fakeCanvas, setUp } from "./fakeCanvas.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";
import { checkXml } from "./xml.ts";

const kinds = ["compare-fields", "compare-differences", "compare-traces", "compare-rasters"] as const;
const size = { widthPx: 700, heightPx: 420, pixelRatio: 1 };
const wave = (scale: number, level = 0) =>
  motionOf((t, d) => level + scale * Math.sin(t / 10) * (1 + d / 1000), [0, 500, 1000]);

function drawn(motions: Motion[], truth = -1): DrawnMotion[] {
  const colour = (i: number) => ({ dark: `#00000${i}`, light: `#11111${i}` });
  return motions.map((motion, i) => {
    return { id: `m${i}`, title: `Motion ${i}`, motion, colour: colour(i), isActive: i === 1, isTruth: i === truth };
  });
}

const show = (
  kind: PictureKind,
  motions: DrawnMotion[],
  changes = {},
  spikes: SpikeTable | null = scatteredSpikes(2000),
) =>
  buildPicture(
    kind,
    { ...noPaintData(), motions, spikes: spikes && prepareSpikes(spikes) },
    { ...view, ...changes },
    size,
  );
const ofKind = <K extends Layer["kind"]>(plot: Plot, kind: K) =>
  plot.layers.filter((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);

describe("smallMultiples", () => {
  const box = { left: 10, top: 20, width: 900, height: 500 };
  it.each([1, 2, 3, 5, 9, 12])("%i areas have one size, lie inside the box and do not meet", (n) => {
    const cells = smallMultiples(n, box, 2, 56);
    const axis = { range: [0, 1] as const, quantity: "", unit: "" };
    const areas = cells.map(({ box: own, leftPx, isCorner }) => {
      const scale = { table: new Uint32Array(256), limits: [0, 1] as const, scale: "linear" as const, label: "" };
      const bar = isCorner ? { colourBar: scale } : {};
      return areaOf({ box: own, leftPx, title: "t", x: axis, y: axis, layers: [], grid: false, ...bar });
    });
    expect(new Set(areas.map(({ width, height }) => `${width} ${height}`)).size).toBe(1);
    expect(cells.filter((cell) => cell.isCorner)).toHaveLength(1);
    for (const [i, a] of cells.entries()) {
      expect(a.box.left + a.box.width).toBeLessThanOrEqual(910);
      expect(a.box.top + a.box.height).toBeLessThanOrEqual(520);
      for (const b of cells.slice(i + 1)) {
        const isApart = b.box.left >= a.box.left + a.box.width || b.box.top >= a.box.top + a.box.height;
        // the corner reaches over the free room at its right, where nothing follows in its row
        expect(isApart).toBe(true);
      }
    }
  });
});

describe("pictures of several motions", () => {
  const motions = drawn([wave(10), wave(10, 40), wave(-5)], 2);

  it.each(kinds)("%s is well-formed and finite, in both themes", (kind) => {
    for (const theme of ["dark", "light"] as const) {
      const svg = figureSvg(show(kind, motions, { theme, cursorTimeSec: 50 }));
      expect(checkXml(svg).svg).toBe(1);
      expect(svg.replace(/base64,[^"]*/g, "")).not.toMatch(/NaN|undefined|null|Infinity/);
    }
  });

  it.each(kinds)("%s says in a sentence what is missing", (kind) => {
    expect(show(kind, []).plots[0].message).toMatch(/^Tick (two )?motions/);
    const apart = drawn([wave(1), { ...wave(1), timeBinCentersSec: wave(1).timeBinCentersSec.map((t) => t + 1000) }]);
    const { message } = show(kind, apart).plots[0];
    expect(message).toBe(
      kind === "compare-rasters" ? undefined : "These motions share no time, so they cannot be compared.",
    );
  });

  it("have areas of one size over common ranges, so that a pointer on any of them means the same", () => {
    for (const kind of kinds) {
      const areas = show(kind, motions).plots.map(plotAreaOf);
      const alike = ({ width, height, xRange, yRange, x, y }: PlotArea) => ({ width, height, xRange, yRange, x, y });
      for (const area of areas) {
        expect(alike(area)).toEqual(alike(areas[0]));
        expect(areaAt(areas, area.left + 3, area.top + 5)).toBe(area);
      }
    }
  });

  it("show shanks that moved apart side by side, each as itself, but correct every spike by its own", () => {
    const apart: Motion = { ...wave(0), byShank: [wave(10), wave(-10)] };
    const both = drawn([apart, wave(5)]);
    const titles = ["Motion 0, shank 1", "Motion 0, shank 2", "Motion 1"];
    expect(show("compare-fields", both).plots.map(({ title }) => title)).toEqual(titles);
    expect(show("compare-differences", both).plots).toHaveLength(3);
    const lines = ofKind(show("compare-traces", both).plots[0], "curve").map(({ colour }) => colour);
    expect(new Set(lines).size).toBe(3);
    expect(show("compare-rasters", both).plots).toHaveLength(3); // as recorded, and by each of the two motions
    const shown = { ...noPaintData(), motion: apart, motions: drawn([apart]) };
    const { legend } = buildPicture("motion", shown, view, size).plots[0];
    expect(legend?.map(({ label }) => label.slice(0, 8))).toEqual(["Motion 0", "Motion 0"]);
  });

  it("show fields without their levels, on one scale that is centred at 0", () => {
    const { plots } = show("compare-fields", motions);
    expect(plots.map((plot) => [plot.title, plot.note])).toEqual([
      ["Motion 0", undefined],
      ["Motion 1", "active"],
      ["Motion 2", "truth"],
    ]);
    const bars = plots.flatMap(({ colourBar }) => colourBar ?? []);
    expect(bars).toHaveLength(1);
    expect(bars[0].limits[0]).toBe(-bars[0].limits[1]);
    expect(bars[0].limits[1]).toBeGreaterThan(15);
    expect(bars[0].limits[1]).toBeLessThan(28);
    const [a, b] = plots.map((plot) => ofKind(plot, "image")[0].image.rgba);
    expect(b).toEqual(a); // they differ by a level alone
  });

  it("leave times beyond the shared ones empty, and stretch a rigid motion over all depths", () => {
    const plot = show("compare-fields", drawn([motionOf((t) => t, [300])]), { timeRangeSec: [-100, 100] }).plots[0];
    const [{ image, yRange }] = ofKind(plot, "image");
    expect([image.rgba[3], image.rgba.at(-1)]).toEqual([0, 255]);
    expect(yRange).toEqual([0, 1000]);
  });

  it("show each difference with its numbers, those from the truth first", () => {
    const { plots } = show("compare-differences", motions);
    expect(plots.map(({ title }) => title)).toEqual([
      "Motion 0 − Motion 2",
      "Motion 1 − Motion 2",
      "Motion 0 − Motion 1",
    ]);
    expect(plots.map(({ note }) => note)[2]).toBe("RMS 0 µm, r 1");
    expect(plots[0].note).toMatch(/^RMS \d+(\.\d+)? µm, r −1$/);
    expect(show("compare-differences", motions.slice(0, 1)).plots[0].message).toContain("two motions");
    const many = show("compare-differences", drawn(Array.from({ length: 8 }, (_, i) => wave(i))));
    expect(many.plots).toHaveLength(12);
  });

  it("draw one line per motion at every depth: the active one bold and below, the truth dashed", () => {
    const { plots } = show("compare-traces", motions);
    expect(plots).toHaveLength(6);
    for (const plot of plots) {
      const curves = ofKind(plot, "curve");
      expect(curves.map(({ colour }) => colour)).toEqual(["#000001", "#000000", "#000002"]);
      expect(curves.map(({ widthPx }) => widthPx > 2)).toEqual([true, false, false]);
      expect(curves.map(({ dashPx }) => dashPx !== undefined)).toEqual([false, false, true]);
    }
    expect(plots.flatMap(({ legend }) => legend ?? []).map(({ label }) => label)).toEqual([
      "Motion 0",
      "Motion 1",
      "Motion 2",
    ]);
    expect(ofKind(show("compare-traces", motions, { theme: "light" }).plots[0], "curve")[0].colour).toBe("#111111");
  });

  it("show the spikes as recorded and corrected by each", () => {
    const { plots } = show("compare-rasters", motions);
    expect(plots.map(({ title }) => title)).toEqual([
      "As recorded",
      "Corrected by Motion 0",
      "Corrected by Motion 1",
      "Corrected by Motion 2",
    ]);
    const sizes = plots.map((plot) => {
      const [{ image }] = ofKind(plot, "image");
      return [image.widthPx, image.heightPx].join();
    });
    expect(new Set(sizes).size).toBe(1);
    expect(show("compare-rasters", motions, {}, null).plots[0].message).toContain("Open spikes");
  });

  it("in the motion panel are one colour each, and one alone that is active keeps its colours of depth", () => {
    const data = { ...noPaintData(), motion: motions[1].motion };
    const [several] = buildPicture("motion", { ...data, motions }, view, size).plots;
    expect(ofKind(several, "curve").map(({ colour }) => colour.at(-1))).toEqual([..."111000222"]);
    expect(several.note).toContain("medians taken out");
    const [alone] = buildPicture("motion", { ...data, motions: motions.slice(1, 2) }, view, size).plots;
    expect(ofKind(alone, "curve")).toHaveLength(3);
    expect(alone.legend?.[0].label).toBe("1000 µm");
    const [other] = buildPicture("motion", { ...data, motions: motions.slice(0, 1) }, view, size).plots;
    expect(other.legend?.[0].label).toBe("Motion 0");
  });
});

describe("motionPairs", () => {
  it("are named by titles, over the time that all share", () => {
    const list = drawn([wave(10), wave(10, 40), wave(-10)]);
    const pairs = motionPairs(list);
    expect(pairs.map(({ a, b }) => [a, b])).toEqual([
      ["Motion 0", "Motion 1"],
      ["Motion 0", "Motion 2"],
      ["Motion 1", "Motion 2"],
    ]);
    expect(pairs[0].rmsUm).toBeCloseTo(0, 9);
    expect(pairs[1].r).toBeCloseTo(-1, 9);
    expect(pairs[0].overlapSec).toEqual([0.5, 99.5]);
    expect(comparedOf(list)).toBe(comparedOf(list));
  });
  it("are NaN for motions that share no time", () => {
    const later = { ...wave(1), timeBinCentersSec: wave(1).timeBinCentersSec.map((t) => t + 1000) };
    expect(motionPairs(drawn([wave(1), later]))).toMatchObject([
      { rmsUm: Number.NaN, r: Number.NaN, overlapSec: null },
    ]);
    expect(motionPairs([])).toEqual([]);
  });
});

describe("corrected depths by several motions", () => {
  const spikes = scatteredSpikes(500);
  it("are computed anew only when motion or spikes are others", () => {
    const store = correctedStore();
    const [a, b] = [wave(5), wave(7)];
    const first = store.of("a", spikes, a);
    expect(store.of("a", spikes, a)).toBe(first);
    expect(store.of("b", spikes, b)).not.toBe(first);
    const next = store.of("a", spikes, b);
    expect([...next.upTo(0, 500)]).toEqual([...store.of("b", spikes, b).upTo(0, 500)]);
    store.keepOnly(new Set(["b"]));
    expect(store.of("a", spikes, b)).not.toBe(next);
  });
  it("follow the motion of each spike's own shank", () => {
    const shank = Int32Array.from({ length: 500 }, (_, i) => i % 3);
    const motion: Motion = { ...wave(1), byShank: [wave(5), wave(-5)] };
    const table = { ...spikes, shank };
    const expected = correctDepths(motion, spikes.timeSec, spikes.depthUm, shank);
    expect([...correctedDepths(table, motion).upTo(0, 500)]).toEqual([...expected]);
  });
});

describe("painter", () => {
  it("draws what compares motions when they or what they correct change", async () => {
    const { painter, frame } = setUp();
    const [fields, rasters] = [fakeCanvas(), fakeCanvas()];
    await painter.setView(view);
    await painter.attach("f", "compare-fields", fields.canvas, 700, 400, 1);
    await painter.attach("r", "compare-rasters", rasters.canvas, 700, 400, 1);
    await painter.setSpikes(scatteredSpikes(100));
    frame();
    await painter.setMotions(drawn([wave(3), wave(4)]));
    frame();
    const later = scatteredSpikes(10);
    await painter.appendSpikes({ ...later, timeSec: later.timeSec.map((t) => t + 100) });
    frame();
    expect([fields.nDrawings(), rasters.nDrawings()]).toEqual([2, 3]);
    expect(await painter.motionPairs()).toHaveLength(1);
    expect(await painter.plotAreas("f")).toHaveLength(2);
    expect(await painter.pick("r", 100, 100)).toBeNull();
  });
});

describe("fitted", () => {
  it("keeps what fits and cuts what does not", () => {
    expect(fitted("DREDge", 100, 12)).toBe("DREDge");
    expect(fitted("A very long name of a motion", 60, 12)).toBe("A very…");
    expect(fitted("abc", 1, 12)).toBe("a…");
  });
});
