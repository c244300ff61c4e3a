import { describe, expect, it } from "vitest";
import { areaOf } from "../../src/paint/figure.ts";
import { noPaintData } from "../../src/paint/pictureData.ts";
import { buildPicture } from "../../src/paint/pictures.ts";
import { firstFigures, type MethodCell, type MethodCells } from "../../src/protocol/pictures.ts";
import { view } from "./synthetic.ts";

const size = { widthPx: 900, heightPx: 600, pixelRatio: 1 };
const cell = (title: string, others: Partial<MethodCell> = {}): MethodCell => {
  const of = { positions: "monopolar", motionId: null, title, rho: Number.NaN, matrix: null, problem: null };
  return { ...of, isShown: false, ...others };
};
const matrix = { values: Float32Array.of(1, 0.4, 0.4, 1), nRows: 2, rowSec: 50 };

describe("correlations of all methods", () => {
  const methods: MethodCells = {
    nColumns: 3,
    cells: [
      cell("monopolar, not corrected", { rho: 0.4, matrix, isShown: true }),
      cell("monopolar, corrected by A", { rho: 0.63, matrix }),
      cell("monopolar, corrected by B"),
      cell("CNN, not corrected", { problem: "Too few spikes." }),
      cell("CNN, corrected by A", { matrix }),
      cell("CNN, corrected by B", { matrix }),
    ],
  };
  const plotsOf = (gridMap: "magma" | "reds" = "magma") =>
    buildPicture(
      "grid-correlation",
      { ...noPaintData(), methods },
      { ...view, figures: { ...firstFigures, gridMap } },
      size,
    ).plots;

  it("stand in rows of positions and columns of motions, on one scale from 0 to 1, with ρ̄ in their titles", () => {
    const plots = plotsOf();
    const areas = plots.map(areaOf);
    for (const i of [0, 1, 2]) expect(areas[i].left).toBe(areas[i + 3].left);
    for (const { width, height } of areas) expect([width, height]).toEqual([areas[0].width, areas[0].height]);
    // the corner has no matrix: the colours are explained beside the one below
    expect(plots.map(({ colourBar }) => colourBar !== undefined)).toEqual([false, false, false, false, false, true]);
    expect(plots[0].title).toContain("ρ̄ 0.4");
    expect(plots[0].note).toBe("on screen");
    expect(plots[0].layers[0]).toMatchObject({ kind: "image", xRange: [0, 100], yRange: [0, 100] });
    const pixel = (i: number) => {
      const [layer] = plots[i].layers;
      return layer.kind === "image" ? new Uint32Array(layer.image.rgba.buffer)[0] : 0;
    };
    expect(pixel(0)).toBe(pixel(1));
    const [layer] = plotsOf("reds")[0].layers;
    expect(layer.kind === "image" && new Uint32Array(layer.image.rgba.buffer)[0]).not.toBe(pixel(0));
  });

  it("say what is missing and what to do, or why it could not be computed", () => {
    const plots = plotsOf();
    expect(plots[2].message).toContain("Compute all");
    expect(plots[3].message).toContain("Too few spikes.");
    expect(buildPicture("grid-correlation", noPaintData(), view, size).plots[0].message).toContain("Open spikes");
  });
});
