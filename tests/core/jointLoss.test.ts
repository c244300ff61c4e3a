import { beforeAll, describe, expect, it } from "vitest";
import { type JointWeights, jointLoss, outputTether } from "../../src/core/jointLoss.ts";
import { Random } from "../../src/core/random.ts";
import { relativeError } from "../cases/opCase.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";

interface Reference {
  N: number;
  T: number;
  W: number;
  grid: { x0: number; nx: number; y0: number; ny: number; pitch: number; sigma: number };
  rho: number;
  Hbar: number;
  tether: number;
  L: number;
  grad_norm_xy: number;
}

const weights: JointWeights = {
  rho: 1,
  entropy: 0.1,
  tether: 0.01,
  residual: 0,
  tetherScale: [1, 1, 0],
  window: 2,
};

describe("the joint loss in float64, against the reference's formulas", () => {
  let reference: Reference;
  let columns: Record<"x" | "y" | "baselineX" | "baselineY" | "bin" | "dx" | "dy", ArrayLike<number>>;
  const column = async (name: string) => (await fixtureNpy(`softHistogram/${name}.npy`)).values;
  beforeAll(async () => {
    reference = await fixtureJson<Reference>("softHistogram/values.json");
    columns = {
      x: await column("x_um"),
      y: await column("y_um"),
      baselineX: await column("baseline_x_um"),
      baselineY: await column("baseline_y_um"),
      bin: await column("bin"),
      dx: await column("dL_dx"),
      dy: await column("dL_dy"),
    };
  });

  it("gives L, its terms and its gradient; z, which nothing holds, has none", () => {
    const { grid, N, T } = reference;
    const { x, y, baselineX, baselineY, bin } = columns;
    const moved = Float64Array.from({ length: 3 * N }, (_, at) => {
      const n = Math.floor(at / 3);
      return [x[n] - baselineX[n], y[n] - baselineY[n], 5][at % 3];
    });
    const block = { xUm: x, yUm: y, bin, nBins: T, valid: [1, 1, 1, 1] };
    const soft = { ...grid, pitchUm: grid.pitch, sigmaUm: grid.sigma };
    const found = jointLoss(block, moved, soft, weights);
    expect(found.rho).toBeCloseTo(reference.rho, 6);
    expect(found.entropy).toBeCloseTo(reference.Hbar, 6);
    expect(found.tether).toBeCloseTo(reference.tether, 6);
    expect(found.loss).toBeCloseTo(reference.L, 6);
    const axis = (k: number) => found.outGrad.filter((_, at) => at % 3 === k);
    expect(relativeError(axis(0), columns.dx)).toBeLessThan(1e-6);
    expect(relativeError(axis(1), columns.dy)).toBeLessThan(1e-6);
    expect(axis(2).every((g) => g === 0)).toBe(true);
    expect(Math.hypot(...found.outGrad)).toBeCloseTo(reference.grad_norm_xy, 9);
  });
});

describe("the tether of an output", () => {
  it("is the mean squared coordinate for x and y alone; z adds as much as either", () => {
    const moved = [3, 4, 2, 1, 0, 6];
    expect(outputTether(moved, [1, 1, 0]).value).toBe((9 + 16 + 1 + 0) / 4);
    expect(outputTether(moved, [1, 1, 1]).value).toBe((9 + 16 + 4 + 1 + 0 + 36) / 4);
  });

  it("has the gradient of finite differences, with an output in other units too", () => {
    const random = new Random(1);
    const scale = [1, 1, 1, 30];
    const moved = Array.from({ length: 12 }, () => random.normal());
    const { grad } = outputTether(moved, scale);
    for (let at = 0; at < moved.length; at++) {
      const value = (by: number) =>
        outputTether(
          moved.map((v, i) => (i === at ? v + by : v)),
          scale,
        ).value;
      expect(grad[at]).toBeCloseTo((value(1e-4) - value(-1e-4)) / 2e-4, 6);
    }
  });
});
