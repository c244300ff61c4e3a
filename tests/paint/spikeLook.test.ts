import { describe, expect, it } from "vitest";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import { placedSpikes } from "../../src/paint/placedSpikes.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { alphaLimits, type LookSource, spikeLook } from "../../src/paint/spikeLook.ts";
import { themeOf } from "../../src/paint/theme.ts";
import type { SpikeColour } from "../../src/protocol/pictures.ts";
import { motionOf, scatteredSpikes } from "./synthetic.ts";

const nSpikes = 1000;
const table = {
  ...scatteredSpikes(nSpikes),
  xUm: Float64Array.from({ length: nSpikes }, (_, i) => i % 7),
  zUm: Float64Array.from({ length: nSpikes }, (_, i) => i / 10),
  alpha: Float64Array.from({ length: nSpikes }, (_, i) => 500 + i),
};
const spikes = prepareSpikes(table);
const look = (colour: SpikeColour, others: Partial<LookSource> = {}) =>
  spikeLook({ spikes, colour, colourMap: "inferno", ...others }, themeOf("dark"));

describe("colours of spikes", () => {
  it("say α on the limits of every recording, or on percentiles of these spikes, and whose it is", () => {
    expect(look("alpha")).toMatchObject({ colour: "alpha", label: "Mean log₁₀ α (µV·µm)" });
    expect(look("alpha").scale.limits).toEqual(alphaLimits);
    const own = look("alpha", { alphaScale: "percentiles", alphaFrom: "monopolar" });
    expect(own.label).toBe("Mean log₁₀ α (µV·µm), monopolar");
    expect(own.scale.limits[0]).toBeCloseTo(Math.log10(509), 3);
    expect(own.scale.limits[1]).toBeCloseTo(Math.log10(1490), 3);
  });

  it("say z, time and amplitude, as means or as the largest of a cell", () => {
    const z = look("z");
    expect([z.label, z.cell, z.values?.[50]]).toEqual(["Mean z (µm)", "mean", 5]);
    expect(z.scale.limits[1]).toBeCloseTo(99, 0);
    expect(look("time").scale.limits).toEqual(spikes.timeRangeSec);
    const strongest = look("amplitude", { strongestOnTop: true });
    expect([strongest.label, strongest.cell]).toEqual(["Largest |amplitude| (µV)", "strongest"]);
    expect(look("count", { strongestOnTop: true })).toMatchObject({ cell: "count", values: null });
  });

  it("say how far spikes are from the monopolar fit, else how far the motion moves them", () => {
    const monopolar = new Float32Array(4 * nSpikes);
    for (let i = 0; i < nSpikes; i++) monopolar.set([table.xUm[i], table.depthUm[i], table.zUm[i], 1], 4 * i);
    const moved = monopolar.map((v, k) => v + [3, 4, 12, 0][k % 4]);
    const placed = placedSpikes(spikes, { name: "CNN", rows: null, xyza: moved })!;
    const far = look("displacement", { spikes: placed, monopolar });
    expect(far.values?.[123]).toBeCloseTo(13, 3);
    expect(far.label).toContain("monopolar");
    const corrected = correctedDepths(
      table,
      motionOf(() => -6, [0]),
    );
    const ofMotion = look("displacement", { monopolar, corrected });
    expect([ofMotion.values?.[9], ofMotion.scale.limits[0]]).toEqual([6, 0]);
    expect(ofMotion.label).toContain("motion");
  });

  it("are those of the amplitude where spikes lack what is asked for", () => {
    const bare = prepareSpikes(scatteredSpikes(10));
    for (const colour of ["alpha", "z", "displacement"] as const)
      expect(look(colour, { spikes: bare })).toMatchObject({ colour: "amplitude", label: "Mean |amplitude| (µV)" });
  });
});
