import { describe, expect, it } from "vitest";
import type { ProbeSites } from "../../src/core/types.ts";
import { areaOf, type Figure, type Layer, plotAreaOf } from "../../src/paint/figure.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { xToPx, yToPx } from "../../src/paint/layers.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { nearestContact } from "../../src/paint/probeSites.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { np1, np2, spikesOn, ultra } from "./recordings.ts";
import { view } from "./synthetic.ts";
import { checkXml } from "./xml.ts";

const size = { widthPx: 300, heightPx: 600, pixelRatio: 1 };
const probes = [
  { name: "1.0", probe: np1(), depth: [-20, 3840] as const },
  { name: "2.0, four shanks", probe: np2(), depth: [-20, 740] as const },
  { name: "Ultra", probe: ultra(), depth: [-10, 300] as const },
];

function show(probe: ProbeSites | null, next: Partial<typeof view> = {}, places?: Parameters<typeof spikesOn>[1]) {
  const spikes = probe && places ? prepareSpikes(spikesOn(probe, places)) : null;
  return buildPicture("probe", { ...noPaintData(), probe, spikes }, { ...view, ...next }, size);
}

function layersOf<K extends Layer["kind"]>(figure: Figure, kind: K): Extract<Layer, { kind: K }>[] {
  return figure.plots[0].layers.filter((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);
}

describe("picture of a probe", () => {
  it.each(probes)("$name: contacts are apart and inside the area", ({ probe, depth }) => {
    const figure = show(probe, { depthRangeUm: depth });
    const [plot] = figure.plots;
    const area = areaOf(plot);
    const boxes = layersOf(figure, "rects")[0].rects.map(({ x, y }) => ({
      left: xToPx(x[0], plot.x.range, area),
      right: xToPx(x[1], plot.x.range, area),
      top: yToPx(y[1], plot.y.range, area),
      bottom: yToPx(y[0], plot.y.range, area),
    }));
    expect(boxes).toHaveLength(384);
    for (const [i, a] of boxes.entries()) {
      expect(a.left >= area.left && a.right <= area.left + area.width).toBe(true);
      expect(a.top >= area.top && a.bottom <= area.top + area.height).toBe(true);
      expect(a.right - a.left).toBeGreaterThan(1.5);
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;
        if (!apart) throw new Error(`contact ${i} overlaps another`);
      }
    }
  });

  it.each(probes)("$name: a click on a contact means its channel, at any zoom", ({ probe, depth }) => {
    const [low, high] = depth;
    const middle = (low + high) / 2;
    for (const depthRangeUm of [depth, [middle - 40, middle + 40] as const]) {
      const area = plotAreaOf(show(probe, { depthRangeUm }).plots[0]);
      probe.positionsUm.forEach(([xUm, yUm], channel) => {
        if (yUm < depthRangeUm[0] || yUm > depthRangeUm[1]) return;
        const [x, y] = [xToPx(xUm, area.xRange, area), yToPx(yUm, area.yRange, area)];
        expect(nearestContact(probe, area, x, y)).toBe(channel);
        expect(nearestContact(probe, area, x + 0.4, y - 0.2)).toBe(channel);
      });
    }
  });

  it("means no channel far from every contact, nor one outside the depth range", () => {
    const probe = np2();
    const area = plotAreaOf(show(probe, { depthRangeUm: [0, 740] }).plots[0]);
    const between = xToPx(141, area.xRange, area);
    expect(nearestContact(probe, area, between, area.top + 100)).toBeNull();
    const above = plotAreaOf(show(probe, { depthRangeUm: [730, 900] }).plots[0]);
    expect(nearestContact(probe, above, xToPx(0, above.xRange, above), above.top + above.height)).toBeNull();
  });

  it("means the large contact that a click is in, however far its middle", () => {
    const probe = np1();
    const area = plotAreaOf(show(probe, { depthRangeUm: [0, 20] }).plots[0]);
    const [x, y] = [xToPx(16, area.xRange, area), yToPx(5, area.yRange, area)];
    expect(Math.abs(y - yToPx(0, area.yRange, area))).toBeGreaterThan(100);
    expect(nearestContact(probe, area, x, y)).toBe(0);
  });

  it("colours contacts by the spikes of the time range, strong at the end of the map", () => {
    const places = [
      ...Array.from({ length: 9 }, (_, i) => [i, 10] as const),
      ...[9, 10].map((t) => [t, 20] as const),
      [50, 30] as const,
    ];
    const figure = show(np1(), { depthRangeUm: [0, 3840], timeRangeSec: [0, 20] }, places);
    const [plot] = figure.plots;
    expect(plot.note).toBe("11 spikes");
    expect(plot.colourBar).toMatchObject({ limits: [0, 9], scale: "log", label: "Spikes per contact" });
    const fills = layersOf(figure, "rects")[0].rects.map(({ fill }) => fill);
    expect(new Set([fills[10], fills[20], fills[30]]).size).toBe(3);
    expect(fills[30]).toBe(fills[40]); // its spike is later
    expect(fills[191]).toBeUndefined(); // not connected: crossed out
    expect(layersOf(figure, "curve").some(({ x }) => x.length === 6)).toBe(true);
  });

  it("shows localized spikes where they are, not on their contacts", () => {
    const probe = np1();
    const table = { ...spikesOn(probe, [[5, 100]]), xUm: Float64Array.of(-20) };
    const data = { ...noPaintData(), probe, spikes: prepareSpikes(table) };
    const figure = buildPicture("probe", data, { ...view, depthRangeUm: [0, 2000] }, size);
    const [{ image, xRange, yRange }] = layersOf(figure, "image");
    const lit = new Uint32Array(image.rgba.buffer).findIndex((pixel) => pixel !== 0);
    const x = xRange[0] + (((lit % image.widthPx) + 0.5) / image.widthPx) * (xRange[1] - xRange[0]);
    const y = yRange[1] - ((Math.floor(lit / image.widthPx) + 0.5) / image.heightPx) * (yRange[1] - yRange[0]);
    expect(Math.abs(x + 20)).toBeLessThan(3);
    expect(Math.abs(y - 1000)).toBeLessThan(10);
    expect(figure.plots[0].colourBar?.label).toBe("Spikes per cell");
  });

  it("rings the selected channel and the selected spike, and states the axes' ratio", () => {
    const figure = show(np1(), { depthRangeUm: [0, 3840], selectedChannel: 101, selectedSpike: 0 }, [[5, 200]]);
    expect(layersOf(figure, "ring").map(({ x, y }) => [x, y])).toEqual([
      [48, 1000],
      [16, 2000],
    ]);
    expect(figure.plots[0].x.quantity).toMatch(/^x, scaled ×\d+$/);
    const beyond = show(np1(), { selectedChannel: 999, selectedSpike: 7 }, [[5, 200]]);
    expect(layersOf(beyond, "ring")).toHaveLength(0);
  });

  it("names shanks, and is a document of its own", () => {
    const svg = figureSvg(show(np2(), { depthRangeUm: [0, 740] }, [[5, 200]]));
    checkXml(svg);
    expect(svg.replace(/base64,[^"]*/g, "")).not.toMatch(/NaN|undefined|Infinity/);
    for (const shank of [0, 1, 2, 3]) expect(svg).toMatch(new RegExp(`>(shank )?${shank}<`));
  });

  it("says what is missing", () => {
    expect(show(null).plots[0].message).toContain("Open a recording");
    expect(show({ ...np1(), positionsUm: [] }).plots[0].message).toContain("this one does not");
  });
});
