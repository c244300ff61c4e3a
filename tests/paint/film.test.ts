import { describe, expect, it } from "vitest";
import { meanOverDepths, rowMeansOffDiagonal, valueAt } from "../../src/core/filmTraces.ts";
import { correctDepths } from "../../src/core/motion.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { correctedDepths } from "../../src/paint/correctedDepths.ts";
import type { Figure } from "../../src/paint/figure.ts";
import { dotImage } from "../../src/paint/film/dots.ts";
import { filmPlots } from "../../src/paint/film/filmPicture.ts";
import { paddedRange } from "../../src/paint/film/strips.ts";
import { pixelStore } from "../../src/paint/image.ts";
import { noPaintData, type PaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { rasterStore } from "../../src/paint/rasterPlot.ts";
import { prepareSpikes } from "../../src/paint/spikeData.ts";
import { themeOf } from "../../src/paint/theme.ts";
import { type FilmRequest, filmFrameAt, filmFrameStart, nFilmFrames } from "../../src/protocol/films.ts";
import type { PictureView } from "../../src/protocol/pictures.ts";
import { setUp } from "./fakeCanvas.ts";
import { motionOf, scatteredSpikes, view } from "./synthetic.ts";

const size = { widthPx: 1280, heightPx: 720, pixelRatio: 1 };
const motion = motionOf((t) => t / 2, [0, 1000]);

function localized(nSpikes: number): SpikeTable {
  const spikes = scatteredSpikes(nSpikes);
  return {
    ...spikes,
    xUm: spikes.depthUm.map((d) => (d % 60) - 5),
    zUm: spikes.depthUm.map((d) => d % 60),
    alpha: spikes.depthUm.map((d) => 1000 + 5 * d),
  };
}

const dataOf = (spikes: SpikeTable, others: Partial<PaintData> = {}): PaintData => ({
  ...noPaintData(),
  spikes: prepareSpikes(spikes),
  ...others,
});
const at = (timeSec: number, binSec = 1): PictureView => ({
  ...view,
  film: { kind: "recording", timeSec, binSec },
});
const nNoted = ({ plots }: Pick<Figure, "plots">) => Number(plots[0].note?.split(" ")[0]);

describe("frames of a film", () => {
  it("cover a stretch of time without a gap, whatever its bin", () => {
    expect(nFilmFrames([0, 100], 1)).toBe(100);
    expect(nFilmFrames([0, 0.3], 0.1)).toBe(3);
    expect(nFilmFrames([10, 12.5], 1)).toBe(3);
    expect(nFilmFrames([5, 5], 1)).toBe(1);
    for (const frame of [0, 1, 17, 299]) {
      const start = filmFrameStart([3, 33], 0.1, frame);
      expect(filmFrameAt([3, 33], 0.1, start)).toBe(frame);
      expect(filmFrameAt([3, 33], 0.1, start + 0.05)).toBe(frame);
    }
    expect([filmFrameAt([3, 33], 1, -5), filmFrameAt([3, 33], 1, 99)]).toEqual([0, 29]);
    expect([filmFrameStart([3, 33], 1, -2), filmFrameStart([3, 33], 1, 99)]).toEqual([3, 32]);
  });

  it("show every spike of the recording once", () => {
    const spikes = localized(3000);
    spikes.timeSec[100] = Math.ceil(spikes.timeSec[99]); // on an edge
    spikes.timeSec.sort();
    const data = dataOf(spikes);
    let sum = 0;
    for (let t = 0; t < 100; t += 10) sum += nNoted(buildPicture("film-frame", data, at(t, 10), size));
    expect(sum).toBe(3000);
  });

  it("take the motion out, and draw every spike in its projections with axes that stand still", () => {
    const spikes = localized(2000);
    const data = dataOf(spikes, { motion, corrected: correctedDepths(spikes, motion) });
    const narrow = { ...at(50, 5), depthRangeUm: [400, 600] as const };
    const inside = (depths: Float64Array) =>
      depths.filter((d, i) => d >= 400 && d <= 600 && spikes.timeSec[i] >= 50 && spikes.timeSec[i] < 55).length;
    const corrected = buildPicture("film-frame", data, narrow, size);
    expect(nNoted(corrected)).toBe(inside(correctDepths(motion, spikes.timeSec, spikes.depthUm)));
    expect(nNoted(buildPicture("film-frame", data, { ...narrow, projectCorrected: false }, size))).toBe(
      inside(spikes.depthUm),
    );
    expect(corrected.plots[0].title).toBe("50.0 to 55.0 s");
    const later = buildPicture("film-frame", data, { ...at(90, 0.1), depthRangeUm: [400, 600] }, size);
    const axes = ({ plots }: Figure) => plots.map(({ x, y }) => [x.range, y.range]);
    expect(axes(later)).toEqual(axes(corrected));
  });
});

describe("traces below a film", () => {
  const values = Float32Array.from([1, 0.5, 0, 0.3, 0.5, 1, 0, 0.1, 0, 0, 0, 0, 0.3, 0.1, 0, 1]);
  const correlation = {
    values,
    nBins: 4,
    binSec: 25,
    entropyNats: Float64Array.from([2, 3, Number.NaN, 5]),
    title: "",
  };

  it("are means of rows and depths, and leave bins without spikes out", () => {
    const means = rowMeansOffDiagonal(values, 4);
    expect(Array.from(means, (v) => Number(v.toFixed(6)))).toEqual([0.4, 0.3, Number.NaN, 0.2]);
    const field = motionOf((t, d) => t + d, [0, 10]);
    expect(meanOverDepths(field)[3]).toBe(3.5 + 5);
    expect(valueAt([0, 2, 4], [0, 10, 0], 3)).toBe(5);
    expect([valueAt([1, 2], [7, 9], 0), valueAt([1, 2], [7, 9], 5)]).toEqual([7, 9]);
    expect(valueAt([], [], 1)).toBeNaN();
  });

  it("stand with 8 % to spare, a line and a dot at the middle of the frame", () => {
    const data = dataOf(localized(500), { motion, correlation });
    const { plots } = buildPicture("film-frame", data, at(30, 10), size);
    expect(plots.slice(3).map(({ title }) => title)).toEqual([
      "Motion, mean over depths (µm)",
      "Correlation with the other bins of 25 s, mean",
      "Entropy (nats)",
    ]);
    const [, rho, entropy] = plots.slice(3);
    expect(entropy.y.range).toEqual([2 - 0.08 * 3, 5 + 0.08 * 3]);
    expect(rho.layers).toContainEqual(expect.objectContaining({ kind: "vertical", x: 35 }));
    const dots = plots.slice(3).map(({ layers }) => layers.find(({ kind }) => kind === "mark"));
    expect(dots[0]).toMatchObject({ x: 35, y: 17.5 });
    expect(dots[1]).toMatchObject({ x: 35, y: expect.closeTo(0.3, 6) });
    expect(dots[2]).toMatchObject({ x: 35, y: 3 });
    const empty = buildPicture("film-frame", data, at(60, 1), size).plots[4];
    expect(empty.layers.some(({ kind }) => kind === "mark")).toBe(false);
    expect(empty.note).toBe("–");
    expect(paddedRange([Number.NaN])).toEqual([-1, 1]);
  });

  it("say on screen how to get what is missing, and leave it out of a film that is saved", () => {
    const data = dataOf(localized(500));
    const { plots } = buildPicture("film-frame", data, at(3), size);
    expect(plots.slice(3).map(({ message }) => message)).toEqual([
      expect.stringContaining("motion"),
      expect.stringContaining("Compute the correlation"),
    ]);
    const box = { left: 0, top: 0, width: 1280, height: 720 };
    const frame = { box, pixelRatio: 1, store: rasterStore(), theme: themeOf("dark") };
    expect(filmPlots(data, at(3), frame, { leavesOutEmpty: true }).plots).toHaveLength(3);
    const nothing = buildPicture("film-frame", noPaintData(), at(3), size);
    expect(nothing.plots[0].message).toContain("Open spikes");
  });
});

describe("dots", () => {
  it("are round, lie over each other, and are counted where they are inside", () => {
    const table = new Uint32Array(256).fill(0xff0000ff); // red
    const colours = { table, limits: [0, 1] as const, scale: "linear" as const };
    const columns = { x: [5, 5, 50, Number.NaN], y: [5, 5, 5, 5], value: [1, Number.NaN, 1, 1], from: 0, to: 4 };
    const style = { colours, missing: 0xff00ff00, diameterPx: 4, opacity: 0.5 };
    const { image, nSpikes } = dotImage(columns, [0, 10], [0, 10], { widthPx: 20, heightPx: 20 }, style, pixelStore());
    expect(nSpikes).toBe(2);
    const pixel = (x: number, y: number) => [...image.rgba.subarray(4 * (20 * y + x), 4 * (20 * y + x) + 4)];
    expect(pixel(0, 0)).toEqual([0, 0, 0, 0]);
    // half green over half red: two thirds and one third of three quarters
    const [red, green, blue, alpha] = pixel(10, 10);
    expect([Math.abs(red - 85) < 3, Math.abs(green - 170) < 3, blue, Math.abs(alpha - 191) < 3]).toEqual([
      true,
      true,
      0,
      true,
    ]);
    expect(pixel(10, 6)[3]).toBe(0);
    expect(pixel(12, 12)[3]).toBe(0); // a corner
  });
});

describe("a film that cannot be made", () => {
  const request: FilmRequest = {
    kind: "recording",
    format: "mp4",
    widthPx: 1280,
    heightPx: 720,
    framesPerSec: 25,
    bitsPerSec: 6e6,
    theme: "dark",
    caption: "",
    rangeSec: [0, 10],
    binSec: 1,
    sessionSec: [0, 100],
    optimisation: null,
    snapshots: [],
    file: null,
  };

  it("says why: no spikes, too many frames, a browser that encodes nothing", async () => {
    const { painter } = setUp();
    const make = (others: Partial<FilmRequest>) => painter.makeFilm({ ...request, ...others }, () => undefined);
    await expect(make({})).rejects.toThrow("A film needs spikes");
    await painter.setSpikes(localized(50));
    await painter.setView(view);
    await expect(make({ rangeSec: [0, 1e6] })).rejects.toThrow("at most 100000 frames, found 1000000");
    // Node, as a browser without WebCodecs
    await expect(make({})).rejects.toThrow("This browser encodes no MP4 of 1280 × 720 px");
    expect(await painter.filmCodecs(request)).toEqual({ mp4: null, webm: null });
    await painter.cancelFilm(); // none is being made
  });
});
