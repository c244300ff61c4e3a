import { describe, expect, it } from "vitest";
import { areaOf, type Layer } from "../../src/paint/figure.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { inDepthOrder, type Placed, type Point3, projectionOf, seenAt } from "../../src/paint/space.ts";
import { themeOf } from "../../src/paint/theme.ts";
import { firstOrbit, type Orbit, turned, zoomed } from "../../src/protocol/orbit.ts";
import type { SpikeWaveform } from "../../src/protocol/recordings.ts";
import { np1, waveformOn } from "./recordings.ts";
import { view } from "./synthetic.ts";
import { checkXml } from "./xml.ts";

const orbits: Orbit[] = [
  firstOrbit,
  { azimuthDeg: 0, elevationDeg: 90, zoom: 1 },
  { azimuthDeg: -140, elevationDeg: -20, zoom: 2 },
  { azimuthDeg: 90, elevationDeg: 0, zoom: 0.5 },
  { azimuthDeg: 0, elevationDeg: -90, zoom: 1 },
];
const theme = themeOf("dark");
const waveform = waveformOn(np1());

function show(orbit: Orbit, one: SpikeWaveform | null = waveform, px = 480) {
  const data = { ...noPaintData(), waveform: one };
  return buildPicture("spike-3d", data, { ...view, orbit }, { widthPx: px, heightPx: px, pixelRatio: 1 });
}

function layersOf<K extends Layer["kind"]>(orbit: Orbit, kind: K, one = waveform): Extract<Layer, { kind: K }>[] {
  return show(orbit, one).plots[0].layers.filter((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);
}

describe("projection", () => {
  it("keeps lengths and angles, and stands right-handed", () => {
    for (const orbit of orbits) {
      const { right, up, towards } = projectionOf(orbit);
      const dot = (a: Point3, b: Point3) => a.reduce((sum, v, i) => sum + v * b[i], 0);
      for (const [a, b] of [
        [right, up],
        [up, towards],
        [towards, right],
      ]) {
        expect(dot(a, a)).toBeCloseTo(1, 12);
        expect(dot(a, b)).toBeCloseTo(0, 12);
      }
      const cross = right[1] * up[2] - right[2] * up[1];
      expect(cross).toBeCloseTo(towards[0], 12);
    }
  });

  it("from the front shows x to the right and depth upwards, from below distance upwards", () => {
    const front = seenAt(projectionOf({ azimuthDeg: 0, elevationDeg: 90, zoom: 1 }), [3, 5, 7]);
    expect([front.x, front.y, front.nearness].map((v) => Number(v.toFixed(9)))).toEqual([3, 5, 7]);
    const below = seenAt(projectionOf({ azimuthDeg: 0, elevationDeg: 0, zoom: 1 }), [3, 5, 7]);
    expect([below.x, below.y, below.nearness].map((v) => Number(v.toFixed(9)))).toEqual([3, 7, -5]);
  });

  it("hides what is behind the plane and what is farther, whatever the side", () => {
    const named = (name: string): Layer => ({ kind: "horizontal", y: 0, colour: name });
    const placed = (name: string, at: Point3): Placed => ({ at, layers: [named(name)] });
    const all = [placed("above", [0, 50, 5]), placed("high", [0, 0, 30]), placed("below", [0, -50, -5])];
    const order = (orbit: Orbit) =>
      inDepthOrder(projectionOf(orbit), [named("plane")], all).map((layer) => (layer as { colour: string }).colour);
    expect(order({ azimuthDeg: 0, elevationDeg: 45, zoom: 1 })).toEqual(["below", "plane", "above", "high"]);
    expect(order({ azimuthDeg: 0, elevationDeg: -45, zoom: 1 })).toEqual(["above", "high", "plane", "below"]);
  });

  it("turns round and round, up to straight above, and zooms within limits", () => {
    expect(turned({ azimuthDeg: 170, elevationDeg: 80, zoom: 1 }, 20, 30)).toEqual({
      azimuthDeg: -170,
      elevationDeg: 90,
      zoom: 1,
    });
    expect(turned(firstOrbit, -720, 0).azimuthDeg).toBeCloseTo(firstOrbit.azimuthDeg, 9);
    expect(zoomed(firstOrbit, 1e9).zoom).toBe(8);
    expect(zoomed(firstOrbit, 1e-9).zoom).toBe(0.5);
  });
});

describe("local frame of a spike", () => {
  it("puts every place where it is from the anchor, on axes of one scale", () => {
    const front: Orbit = { azimuthDeg: 0, elevationDeg: 90, zoom: 1 };
    const [plot] = show(front).plots;
    const { width, height } = areaOf(plot);
    const perPx = [(plot.x.range[1] - plot.x.range[0]) / width, (plot.y.range[1] - plot.y.range[0]) / height];
    expect(perPx[0]).toBeCloseTo(perPx[1], 9);
    const star = layersOf(front, "mark").find(({ shape, sizePx }) => shape === "star" && sizePx > 11);
    expect(star?.x).toBeCloseTo(22 - 25.6, 9);
    expect(star?.y).toBeCloseTo(1004 - 1000, 9);
    const side = layersOf({ azimuthDeg: 0, elevationDeg: 0, zoom: 1 }, "mark");
    const plus = side.find(({ shape, sizePx }) => shape === "plus" && sizePx > 11);
    expect(plus?.y).toBeCloseTo(30, 9); // its z
    for (const shape of ["square", "cross", "circle"] as const)
      expect(side.find((mark) => mark.shape === shape && mark.sizePx > 11)?.y).toBeCloseTo(0, 9);
  });

  it("colours the network's star by its α, or else by that of the monopolar fit, and says whose it is", () => {
    const star = (one: SpikeWaveform) =>
      layersOf(firstOrbit, "mark", one).find(({ shape, sizePx }) => shape === "star" && sizePx > 11);
    const words = (one: SpikeWaveform) => layersOf(firstOrbit, "label", one).find(({ text }) => text.startsWith("log"));
    const of = (sln: number, mp: number): SpikeWaveform => ({
      ...waveform,
      locations: { "sln-cnn": [22, 1004, 12, sln], monopolar: [28, 1010, 30, mp] },
    });
    expect(words(of(2000, 5000))?.text).toBe("log₁₀ α 3.30 (µV·µm, SLN)");
    expect(words(of(Number.NaN, 5000))?.text).toBe("log₁₀ α 3.70 (µV·µm, monopolar)");
    expect(star(of(2000, 5000))?.colour).not.toBe(star(of(Number.NaN, 5000))?.colour);
    expect(star(of(Number.NaN, 5000))?.outline).toBe(theme.localizers.pink);
    expect(star(of(Number.NaN, Number.NaN))?.colour).toBe(theme.localizers.pink);
    expect(words(of(Number.NaN, Number.NaN))).toBeUndefined();
  });

  it("says which place is beyond what it shows", () => {
    const far: SpikeWaveform = { ...waveform, locations: { monopolar: [900, 1010, 30, 5000] } };
    expect(layersOf(firstOrbit, "label", far).map(({ text }) => text)).toContain("monopolar (beyond)");
  });

  it("is a document from everywhere, at any size, below the plane and for one channel", () => {
    const one = {
      ...waveform,
      channels: Int32Array.of(100),
      positionsUm: waveform.positionsUm.slice(0, 1),
      raw: waveform.raw.slice(0, 90),
      denoised: null,
      locations: { "sln-cnn": [16, 1000, -25, Number.NaN] } as SpikeWaveform["locations"],
    };
    for (const shown of [waveform, one]) {
      for (const orbit of orbits) {
        for (const px of [1, 120, 700]) {
          const svg = figureSvg(show(orbit, shown, px));
          checkXml(svg);
          expect(svg).not.toMatch(/NaN|undefined|Infinity/);
        }
      }
    }
    expect(show(firstOrbit, null).plots[0].message).toContain("Click a spike");
  });
});
