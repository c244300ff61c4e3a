import { describe, expect, it } from "vitest";
import { anchorsOfSpikes, contactAnchors } from "../../src/core/spikeAnchors.ts";
import type { ProbeSites, SpikeTable } from "../../src/core/types.ts";
import { plotAreaOf } from "../../src/paint/figure.ts";
import { nearestSpike } from "../../src/paint/pick.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { scatteredSpikes, view } from "./synthetic.ts";

const size = { widthPx: 1000, heightPx: 560, pixelRatio: 1 };
const probe: ProbeSites = {
  model: "",
  partNumber: "",
  nShanks: 1,
  positionsUm: Array.from({ length: 60 }, (_, c) => [(c % 2) * 32, 20 * Math.floor(c / 2)]),
  shank: new Array(60).fill(0),
  connected: Array.from({ length: 60 }, (_, c) => c !== 7),
};

function localized(nSpikes: number): SpikeTable {
  const spikes = scatteredSpikes(nSpikes);
  const channel = Int32Array.from(spikes.depthUm, (d, i) => 2 * Math.floor((0.55 * d) / 20) + (i % 2));
  const { ampUv } = spikes;
  return {
    ...spikes,
    depthUm: spikes.depthUm.map((d, i) => 0.55 * d + ampUv[i] / 10),
    channel,
    xUm: spikes.depthUm.map((d, i) => 32 * (i % 2) + (d % 17) - 8),
    zUm: spikes.depthUm.map((d) => d % 90),
    alpha: spikes.depthUm.map((d) => 800 + d),
  };
}
const dataOf = (spikes: SpikeTable, others: Partial<PaintData> = {}): PaintData => ({
  ...noPaintData(),
  spikes: prepareSpikes(spikes),
  probe,
  ...others,
});

describe("anchors", () => {
  it("are the middle of the ten nearest contacts that were connected", () => {
    const own = contactAnchors(probe);
    // channel 20 at (0, 200): the ten nearest are five rows of two, three of the other column
    const nearest = probe.positionsUm
      .map(([x, y], c) => ({ c, squared: x ** 2 + (y - 200) ** 2, x, y }))
      .filter(({ c }) => probe.connected[c])
      .sort((a, b) => a.squared - b.squared || a.c - b.c)
      .slice(0, 10);
    const mean = (key: "x" | "y") => nearest.reduce((sum, one) => sum + one[key] / 10, 0);
    expect([own[40], own[41]]).toEqual([expect.closeTo(mean("x"), 9), expect.closeTo(mean("y"), 9)]);
    expect([own[14], own[15]]).toEqual([32, 60]); // a spike on the one left out stands for itself
    expect(contactAnchors({ ...probe, positionsUm: [] })).toHaveLength(0);
    expect([...anchorsOfSpikes(own, Int32Array.of(7, 60, -1))]).toEqual([32, 60, NaN, NaN, NaN, NaN]);
  });
});

describe("local pairs", () => {
  const spikes = localized(4000);
  const anchors = anchorsOfSpikes(contactAnchors(probe), spikes.channel!);
  const plotsOf = (data: PaintData, next: Partial<typeof view> = {}) =>
    buildPicture("local-pairs", data, { ...view, ...next }, size).plots;

  it("show what each position is as seen from its anchor, in six plots that share their axes", () => {
    const plots = plotsOf(dataOf(spikes));
    expect(plots.map(({ x, y }) => [x.of, y.of])).toEqual([
      ["localX", "localY"],
      ["localX", "localZ"],
      ["localX", "logAlpha"],
      ["localY", "localZ"],
      ["localY", "logAlpha"],
      ["localZ", "logAlpha"],
    ]);
    const i = 1234;
    const { x, y } = plots[0].picks!;
    expect(x[i]).toBeCloseTo(spikes.xUm![i] - anchors[2 * i], 3);
    expect(y[i]).toBeCloseTo(spikes.depthUm[i] - anchors[2 * i + 1], 3);
    expect(plots[5].picks!.x[i]).toBeCloseTo(spikes.zUm![i], 3);
    expect(plots[5].picks!.y[i]).toBeCloseTo(Math.log10(spikes.alpha![i]), 5);
    expect(plots[5].x.range).toEqual(plots[1].y.range);
    const sorted = spikes.zUm!.slice().sort();
    expect(plots[5].x.range[0]).toBeCloseTo(sorted[Math.floor(0.005 * 3999)], 3);
    expect(plots[5].x.range[1]).toBeCloseTo(sorted[Math.ceil(0.995 * 3999)], 3);
    const zoomed = plotsOf(dataOf(spikes), { freeRanges: { localZ: [3, 9] } });
    expect(zoomed.filter(({ x, y }) => x.range[1] === 9 || y.range[1] === 9)).toHaveLength(3);
    expect(zoomed[0].x.range).toEqual(plots[0].x.range);
  });

  it("are of the time on screen", () => {
    const [plot] = plotsOf(dataOf(spikes), {
      timeRangeSec: [20, 30],
      freeRanges: { localX: [-1e4, 1e4], localY: [-1e4, 1e4] },
    });
    expect(plot.note).toBe(`${spikes.timeSec.filter((t) => t >= 20 && t <= 30).length} spikes`);
  });

  it("take the anchors that the compute worker tells", () => {
    const told = new Float32Array(8000).fill(5);
    expect(plotsOf(dataOf(spikes, { anchors: told }))[0].picks!.x[9]).toBeCloseTo(spikes.xUm![9] - 5, 3);
    const ofOthers = new Float32Array(10); // of other spikes: those by channel stand in
    expect(plotsOf(dataOf(spikes, { anchors: ofOthers }))[0].picks!.x[9]).toBeCloseTo(spikes.xUm![9] - anchors[18], 3);
  });

  it("say what they lack", () => {
    const message = (data: PaintData) => plotsOf(data)[0].message;
    expect(message(noPaintData())).toContain("Open localized spikes");
    expect(message(dataOf(scatteredSpikes(5)))).toContain("depth alone");
    expect(message(dataOf({ ...spikes, channel: undefined }))).toContain("peak channel");
    expect(message(dataOf(spikes, { probe: null }))).toContain("contacts");
    const pairsOf = (lacking: Partial<SpikeTable>) =>
      plotsOf(dataOf({ ...spikes, ...lacking })).map(({ x, y }) => `${x.of} ${y.of}`);
    expect(pairsOf({ zUm: undefined, alpha: undefined })).toEqual(["localX localY"]);
    expect(pairsOf({ zUm: undefined })).toEqual(["localX localY", "localX logAlpha", "localY logAlpha"]);
    const [plain] = plotsOf(dataOf({ ...spikes, zUm: undefined, alpha: undefined }));
    expect(plain.note).toMatch(/ spikes, no z and no α$/);
  });

  it("pick the spike nearest in px and ring it in every plot, after a zoom of unequal axes", () => {
    const freeRanges = { localX: [-3, 3], localY: [-40, 40], localZ: [0, 60], logAlpha: [2.95, 3.2] } as const;
    let nFound = 0;
    for (const [k, plot] of plotsOf(dataOf(spikes), { freeRanges }).entries()) {
      const area = plotAreaOf(plot);
      const { x, y } = plot.picks!;
      const px = (i: number) => [
        area.left + ((x[i] - area.xRange[0]) / (area.xRange[1] - area.xRange[0])) * area.width,
        area.top + ((area.yRange[1] - y[i]) / (area.yRange[1] - area.yRange[0])) * area.height,
      ];
      for (const [fx, fy] of [
        [0.5, 0.5],
        [0.21, 0.77],
        [0.9, 0.1],
      ]) {
        const at = [area.left + fx * area.width, area.top + fy * area.height];
        let best = -1;
        let least = 12;
        for (let i = 0; i < spikes.nSpikes; i++) {
          const isSeen =
            x[i] >= area.xRange[0] && x[i] <= area.xRange[1] && y[i] >= area.yRange[0] && y[i] <= area.yRange[1];
          const far = Math.hypot(px(i)[0] - at[0], px(i)[1] - at[1]);
          if (isSeen && far < least) [best, least] = [i, far];
        }
        const found = nearestSpike(plot.picks!, area, at[0], at[1]);
        expect(found ?? -1, `plot ${k}`).toBe(best);
        if (found !== null) nFound++;
      }
    }
    expect(nFound).toBeGreaterThan(4);
    const ringed = plotsOf(dataOf(spikes), { selectedSpike: 77 });
    for (const plot of ringed) {
      const { x, y } = plot.picks!;
      expect(plot.layers.at(-1)).toMatchObject({ kind: "ring", x: x[77], y: y[77] });
    }
  });
});
