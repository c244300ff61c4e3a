import { describe, expect, it } from "vitest";
import type { Layer } from "../../src/paint/figure.ts";
import { figureSvg } from "../../src/paint/figures.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { themeOf } from "../../src/paint/theme.ts";
import type { SpikeWaveform } from "../../src/protocol/recordings.ts";
import { spikeFits } from "../../src/protocol/spikeFit.ts";
import { np1, waveformOn } from "./recordings.ts";
import { view } from "./synthetic.ts";
import { checkXml } from "./xml.ts";

/** A point source of 2,000 µV·µm beside ten contacts: a trough of α / distance on each, nothing else. */
function pointSource(): SpikeWaveform {
  const base = waveformOn(np1());
  const [x, y, z] = [30, 1006, 20];
  const raw = new Float32Array(base.raw.length);
  base.positionsUm.forEach(([cx, cy], k) => {
    raw[90 * k + 30] = -2000 / Math.hypot(x - cx, y - cy, z);
  });
  const locations: SpikeWaveform["locations"] = {
    monopolar: [x, y, z, 2000],
    "sln-cnn": [x, y, 30, Number.NaN],
    com: [1, 2, Number.NaN, Number.NaN],
  };
  const measured = { feature: "ptp", on: "raw", from: 15, to: 45 } as const;
  return { ...base, raw, denoised: raw.map((v) => 0.9 * v), locations, measured };
}

function show(waveform: SpikeWaveform | null, px = 640) {
  const size = { widthPx: px, heightPx: 480, pixelRatio: 1 };
  return buildPicture("amplitude-fit", { ...noPaintData(), waveform }, view, size);
}

describe("fit of a spike's amplitudes", () => {
  const waveform = pointSource();

  it("is of what triangulates and of the network, each with its α or the best one", () => {
    const { fits, feature, unit, on } = spikeFits(waveform);
    expect([feature, unit, on]).toEqual(["Peak to peak", "µV", "raw"]);
    expect(fits.map(({ localizer, isOwnAlpha }) => [localizer, isOwnAlpha])).toEqual([
      ["monopolar", true],
      ["sln-cnn", false],
    ]);
    expect(fits[0].fit.explained).toBeCloseTo(1, 9);
    expect(fits[1].fit.explained).toBeLessThan(0.999);
    const withAlpha = { ...waveform.locations, "sln-cnn": [30, 1006, 20, 1000] as [number, number, number, number] };
    const [, four] = spikeFits({ ...waveform, locations: withAlpha }).fits;
    expect([four.isOwnAlpha, four.fit.alpha]).toEqual([true, 1000]);
    expect(four.fit.bestAlpha).toBeCloseTo(2000, 3);
  });

  it("measures what the localizers measured: in their window, on the waveform that they were given", () => {
    const raw = waveform.raw.slice();
    for (let k = 0; k < 10; k++) raw[90 * k + 80] = 500; // outside of the window
    expect(spikeFits({ ...waveform, raw }).fits[0].fit.explained).toBeCloseTo(1, 9);
    const measured = { feature: "peak_voltage", on: "denoised", from: 15, to: 45 } as const;
    const other = spikeFits({ ...waveform, measured });
    expect([other.feature, other.on]).toEqual(["Voltage at the peak", "denoised"]);
    expect(other.fits[0].fit.bestAlpha).toBeCloseTo(1800, 2);
    raw.fill(Number.NaN, 0, 90);
    const left = spikeFits({ ...waveform, raw });
    expect(left.raw[0]).toBeNaN();
    expect(left.fits[0].fit.explained).toBeCloseTo(1, 9);
  });

  it("draws the curve through the amplitudes, the residuals as stems, and says the numbers", () => {
    const { plots, caption } = show(waveform);
    expect(plots.map(({ title }) => title)).toEqual(["monopolar", "", "SLN", ""]);
    expect(plots[0].x).toMatchObject({ quantity: "Distance from the place", unit: "µm" });
    const of = <K extends Layer["kind"]>(i: number, kind: K) =>
      plots[i].layers.filter((layer): layer is Extract<Layer, { kind: K }> => layer.kind === kind);
    const curve = of(0, "curve").find(({ x }) => x.length === 160);
    expect((curve?.x[100] ?? 0) * (curve?.y[100] ?? 0)).toBeCloseTo(2000, 6);
    expect(curve?.colour).toBe(themeOf("dark").localizers.cyan);
    for (const { x, y } of of(0, "mark")) expect(x * y).toBeCloseTo(2000, 2);
    expect(of(0, "label").map(({ text }) => text)).toEqual([
      "α 2,000 µV·µm (its own)",
      expect.stringMatching(/^rms [\d.e-]+ µV \(0\.0 %\)$/),
      "100.0 % explained",
    ]);
    expect(of(2, "label")[0].text).toContain("best here");
    expect(plots[1].x.ticks?.[0].label).toBe("96");
    expect(of(3, "curve").filter(({ x }) => x.length === 2)).toHaveLength(20); // a stem and a model for each
    expect(caption).toContain("stems: residual");
  });

  it("is a document at any size, and says what would fill it", () => {
    for (const px of [1, 200, 900]) {
      const svg = figureSvg(show(waveform, px));
      checkXml(svg);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(show(null).plots[0].message).toContain("Click a spike");
    expect(show({ ...waveform, locations: {} }).plots[0].message).toContain("No localizer");
  });
});
