import { describe, expect, it } from "vitest";
import type { SpikeTable } from "../../src/core/types.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import type { OptimisationFilm } from "../../src/protocol/films.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const size = { widthPx: 1280, heightPx: 720, pixelRatio: 1 };
const of = { ...view, film: { kind: "optimisation" as const, timeSec: 0, binSec: 1 } };
const moments = [0.2, 0.35, Number.NaN].map((score, i) => ({
  title: `Outer iteration 1 of 2, moment ${i}`,
  step: 10 * i,
  iteration: 1 + (i > 1 ? 1 : 0),
  score,
  displacementUm: [-2 - i, 5] as const,
}));

describe("a film of a run", () => {
  const spikes: SpikeTable = scatteredSpikes(400);
  const rows = Int32Array.from({ length: 100 }, (_, i) => 4 * i);
  const xyza = Float32Array.from({ length: 400 }, (_, i) => [20, 500, 30, 2000][i % 4]);
  const film = (others: Partial<OptimisationFilm["snapshot"]>, index = 1): OptimisationFilm => ({
    scoreName: "ρ̄",
    moments,
    index,
    snapshot: { rows, xyza, motion: null, ...others },
  });
  const build = (optimisation: OptimisationFilm | null) =>
    buildPicture("film-frame", { ...noPaintData(), spikes: prepareSpikes(spikes), optimisation }, of, size);

  it("puts the spikes of the moment where they were, with its place among the others", () => {
    const { plots } = build(film({}));
    expect(plots[0].title).toBe("2 of 3: Outer iteration 1 of 2, moment 1");
    expect(plots[0].note).toBe("100 spikes, as recorded");
    expect(plots.slice(3).map(({ title }) => title)).toEqual([
      "ρ̄ of the validation, grid of the training",
      "Outer iteration",
    ]);
    expect(plots[3].layers).toContainEqual(expect.objectContaining({ kind: "mark", x: 2, y: 0.35 }));
    expect(build(film({}, 2)).plots[3].layers.some(({ kind }) => kind === "mark")).toBe(false);
  });

  it("corrects them by the motion of the moment, on an axis that holds all moments'", () => {
    // every spike at 500 µm, moved by what the motion says of its time
    const motion = motionOf((t) => (t < 50 ? 0 : 1000), [0]);
    const { plots } = build(film({ motion }));
    const early = rows.filter((row) => spikes.timeSec[row] < 49.5).length;
    expect(plots[0].note).toMatch(/motion corrected$/);
    expect(Number(plots[0].note?.split(" ")[0])).toBeGreaterThanOrEqual(early);
    expect(Number(plots[0].note?.split(" ")[0])).toBeLessThan(100);
    expect(plots[5].title).toContain("Motion at that moment");
    expect(plots[4].y.ticks).toEqual([1, 2].map((value) => ({ value, label: String(value) })));
    expect(plots[5].y.range).toEqual([-4 - 0.08 * 9, 5 + 0.08 * 9]);
  });

  it("leaves the spikes where the table has them when the method moves none", () => {
    const { plots } = build(film({ xyza: null }));
    expect(plots[2].message).toContain("no distance");
    expect(build(null).plots[0].message).toContain("Run a step that optimises");
  });
});
