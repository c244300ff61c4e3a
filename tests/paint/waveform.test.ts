import { describe, expect, it } from "vitest";
import { areaOf, type Layer } from "../../src/paint/figure.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { markOutline } from "../../src/paint/marks.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { themeOf } from "../../src/paint/theme.ts";
import type { PictureView } from "../../src/protocol/pictures.ts";
import type { SpikeWaveform } from "../../src/protocol/recordings.ts";
import { np1, np2, spikesOn, ultra, waveformOn } from "./recordings.ts";
import { view } from "./synthetic.ts";
import { checkXml } from "./xml.ts";

const size = { widthPx: 460, heightPx: 480, pixelRatio: 1 };
const probe = np1();
const theme = themeOf("dark");

function show(waveform: SpikeWaveform | null, seen: Partial<PictureView> = {}) {
  const places = [
    [1, 0],
    [2, 1],
    [12.5, 100],
  ] as const;
  const data = { ...noPaintData(), spikes: prepareSpikes(spikesOn(probe, places)), waveform };
  return buildPicture("waveform", data, { ...view, ...seen }, size);
}

function layersOf<K extends Layer["kind"]>(
  waveform: SpikeWaveform,
  kind: K,
  seen: Partial<PictureView> = {},
): Extract<Layer, { kind: K }>[] {
  const { layers } = show(waveform, seen).plots[0];
  return layers.filter((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);
}

describe("picture of one spike", () => {
  const waveform = waveformOn(probe);

  it("says which spike it is", () => {
    expect(show(waveform).plots[0].title).toBe("Spike 2 · 12.5000 s · channel 100 · −80 µV");
    expect(show({ ...waveform, index: 1234 }).plots[0].title).toBe("Spike 1,234 · channel 100");
  });

  it("is to scale where contacts leave room: equal axes, 14 µm wide, the largest value 17 µm high", () => {
    for (const probe of [np1(), np2()]) {
      const one = waveformOn(probe);
      const [plot] = show(one).plots;
      const { width, height } = areaOf(plot);
      const [x, y] = [plot.x.range[1] - plot.x.range[0], plot.y.range[1] - plot.y.range[0]];
      expect(x / width).toBeCloseTo(y / height, 9);
      expect(Math.min(x, y)).toBeCloseTo(120, 9); // the anchor ± 60 µm
      const mean = (axis: 0 | 1) => one.positionsUm.reduce((sum, place) => sum + place[axis], 0) / 10;
      expect((plot.x.range[0] + plot.x.range[1]) / 2).toBeCloseTo(mean(0), 9);
      expect((plot.y.range[0] + plot.y.range[1]) / 2).toBeCloseTo(mean(1), 9);
      const raw = layersOf(one, "curve")
        .filter(({ x: at }) => at.length === 90)
        .slice(10);
      raw.forEach((curve, k) => {
        expect(curve.x[89] - curve.x[0]).toBeCloseTo(14, 9);
        expect((curve.x[0] + curve.x[89]) / 2).toBeCloseTo(one.positionsUm[k][0], 6);
      });
      const away = raw.flatMap(({ y: up }, k) => Array.from(up, (v) => Math.abs(v - one.positionsUm[k][1])));
      expect(Math.max(...away)).toBeCloseTo(17, 5);
    }
    expect(show(waveformOn(ultra())).plots[0].x.quantity).toContain("scaled");
    expect(show(waveformOn(ultra()), { waveformLayout: "to-scale" }).plots[0].x.quantity).toBe("x");
    expect(show(waveform, { waveformLayout: "roomy" }).plots[0].x.quantity).toContain("scaled");
  });

  it("shows where the waveform itself says it is, when no such localizer was run", () => {
    const flat = { ...waveform, denoised: null, locations: {}, raw: new Float32Array(900) };
    for (const k of [0, 3]) flat.raw[90 * k + 30] = k === 0 ? -90 : -30;
    const [a, b] = [flat.positionsUm[0], flat.positionsUm[3]];
    const marks = layersOf(flat, "mark").map(({ shape, x, y }) => [shape, x, y]);
    expect(marks).toContainEqual(["square", a[0], a[1]]);
    expect(marks).toContainEqual(["cross", (3 * a[0] + b[0]) / 4, (3 * a[1] + b[1]) / 4]);
    const anchorUm: [number, number] = [20, 990];
    expect(layersOf({ ...flat, anchorUm }, "mark").at(0)).toMatchObject({ shape: "circle", x: 20, y: 990 });
  });

  it("draws each waveform around its contact, raw thin and denoised thick, on one scale", () => {
    const curves = layersOf(waveform, "curve", { waveformLayout: "roomy" }).filter(({ x }) => x.length === 90);
    expect(curves.map(({ widthPx }) => widthPx)).toEqual([...Array(10).fill(2.5), ...Array(10).fill(1)]);
    curves.forEach(({ x, y }, i) => {
      const [xUm, yUm] = waveform.positionsUm[i % 10];
      expect((x[0] + x[89]) / 2).toBeCloseTo(xUm, 6);
      expect(x[89] - x[0]).toBeLessThan(32); // does not reach its neighbour's
      expect(Math.abs(y[89] - yUm)).toBeLessThan(2); // rests at the contact
    });
    const dip = (k: number) => waveform.positionsUm[k][1] - Math.min(...Array.from(curves[k].y));
    expect(dip(1) / dip(0)).toBeCloseTo(0.5, 6);
    expect(dip(0)).toBeLessThan(20); // stays in its row
  });

  it("says the unit where it is not µV", () => {
    const texts = (one: SpikeWaveform) => figureSvg(show(one));
    expect(texts(waveform)).toMatch(/>\d+ µV</);
    expect(texts({ ...waveform, unit: "in the file's unit" })).toMatch(/>\d+ in the file's unit</);
  });

  it("leaves out what was not fitted", () => {
    const raw = { ...waveform, denoised: null };
    expect(layersOf(raw, "curve").filter(({ x }) => x.length === 90)).toHaveLength(10);
    expect(show(raw).plots[0].legend?.map(({ label }) => label)).not.toContain("denoised");
  });

  it("gives every localizer a shape and a colour of its own, at its place", () => {
    const { localizers: colours } = theme;
    const marks = layersOf(waveform, "mark").map(({ shape, colour, x, y }) => [shape, colour, x, y]);
    expect(marks.toReversed()).toEqual([
      ["star", colours.pink, 22, 1004],
      ["plus", colours.cyan, 28, 1010],
      ["square", colours.green, 16, 1000],
      ["cross", colours.orange, 24, 998],
      ["diamond", colours.yellow, 20, 1016],
      ["circle", colours.yellow, expect.closeTo(25.6, 6), expect.closeTo(1000, 6)],
    ]);
    const named = show(waveform).plots[0].legend?.map(({ label, shape }) => [label, shape]);
    expect(named).toEqual([
      ["raw", undefined],
      ["denoised", undefined],
      ["SLN", "star"],
      ["monopolar", "plus"],
      ["max amplitude", "square"],
      ["centre of mass", "cross"],
      ["grid", "diamond"],
      ["anchor", "circle"],
    ]);
  });

  it("says which localizer's place is not in the picture, and leaves out those without one", () => {
    const locations: SpikeWaveform["locations"] = {
      monopolar: [500, 1010, 30, 1200],
      grid: [Number.NaN, Number.NaN, 0, 0],
      mine: [20, 1000, 0, 0],
    };
    const labels = show({ ...waveform, locations }).plots[0].legend?.map(({ label }) => label);
    expect(labels?.slice(2)).toEqual(["monopolar (beyond)", "max amplitude", "centre of mass", "mine", "anchor"]);
  });

  it("highlights the peak channel and states its scales", () => {
    const labels = layersOf(waveform, "label");
    expect(labels.filter(({ bold }) => bold).map(({ text }) => text)).toEqual(["100"]);
    const words = labels.map(({ text }) => text);
    expect(words.filter((text) => /^[\d.]+ (µV|ms)$/.test(text))).toHaveLength(2);
    const { plots } = show(waveform);
    const area = areaOf(plots[0]);
    const bar = layersOf(waveform, "curve").find(({ x }) => x.length === 3);
    const ms = Number.parseFloat(words.find((text) => text.endsWith("ms")) ?? "");
    const curve = layersOf(waveform, "curve").find(({ x }) => x.length === 90);
    const umPerMs = (((curve?.x[89] ?? 0) - (curve?.x[0] ?? 0)) / 89) * 30;
    expect((bar?.x[2] ?? 0) - (bar?.x[1] ?? 0)).toBeCloseTo(ms * umPerMs, 6);
    expect(area.width).toBeGreaterThan(150);
  });

  it("is a document at any size, also for one channel, and says what would fill it", () => {
    const one = {
      ...waveform,
      channels: Int32Array.of(100),
      positionsUm: [probe.positionsUm[100]],
      raw: waveform.raw.slice(0, 90),
      denoised: null,
      locations: {},
    };
    for (const shown of [waveform, one]) {
      for (const px of [1, 100, 700]) {
        const data = { ...noPaintData(), waveform: shown };
        const svg = figureSvg(buildPicture("waveform", data, view, { widthPx: px, heightPx: px, pixelRatio: 1 }));
        checkXml(svg);
        expect(svg).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
    expect(show(null).plots[0].message).toContain("Click a spike");
  });
});

describe("marks", () => {
  it("close, and stay within their size", () => {
    for (const shape of ["star", "plus", "cross", "square", "diamond", "circle"] as const) {
      const xy = markOutline(shape, 50, 80, 6);
      expect([xy[0], xy[1]]).toEqual([xy[xy.length - 2], xy[xy.length - 1]]);
      for (let i = 0; i < xy.length; i += 2) expect(Math.hypot(xy[i] - 50, xy[i + 1] - 80)).toBeLessThan(6 * 1.25);
    }
  });
});
