import { beforeAll, describe, expect, it } from "vitest";
import { type PairwiseProblem, robustDisplacement, setZeroLevel } from "../../src/core/decentralized.ts";
import { decentralized } from "../../src/methods/decentralized/decentralized.ts";
import type { MethodInputs } from "../../src/methods/defineMethod.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { fixtureNpy } from "../fixture.ts";
import { motionContract } from "./contract.ts";
import { estimatorBadInputs, linearProbe, runToEnd, spikesOf } from "./estimatorInputs.ts";

beforeAll(() => chooseCompute("cpu", () => undefined));

describe("the decentralized method keeps the contract of motion methods", () => {
  motionContract(decentralized, {
    params: { bin_s: 3, win_step_um: 300, win_scale_um: 200 },
    short: { rigid: true, lsqr_robust_n_iter: 2 },
    usesSeed: false,
    keepsMotion: false,
    limitUm: { rigid: 3, nonRigid: 5 },
  });
});

describe("the decentralized method on odd spikes", () => {
  estimatorBadInputs(decentralized);

  it("says how many time bins are too many", async () => {
    const far = spikesOf([
      [0, 0, -50],
      [30000, 100, -50],
    ]);
    await expect(runToEnd(decentralized, { spikes: far })).rejects.toThrow(
      "expected at most 134217728 pairs of time bins, found 225000000 (15000 bins); make the time bins longer.",
    );
  });
});

describe("the decentralized method against SpikeInterface", () => {
  const step = { win_step_um: 100, win_scale_um: 150 };
  const cases: [name: string, params: ParamValues, limitUm: number][] = [
    ["default", { ...step, trim: "priors" }, 1e-4],
    ["once", { ...step, lsqr_robust_n_iter: 1 }, 1e-4],
    ["trim_pairs", step, 1e-4],
    [
      "rigid_soft",
      {
        rigid: true,
        trim: "priors",
        soft_weights: true,
        corr_threshold: 0.2,
        time_horizon_s: 12,
        weight_with_amplitude: true,
      },
      1e-4,
    ],
    ["space", { ...step, trim: "priors", spatial_prior: true, reference_displacement: "mean", bin_um: 10 }, 1e-4],
  ];

  it.each(cases)("gives its displacements: %s", async (name, params, limitUm) => {
    const { shape, values } = await fixtureNpy("estimators/spikes.npy");
    const rows = Array.from({ length: shape[0] }, (_, i): [number, number, number] => {
      return [values[3 * i], values[3 * i + 1], values[3 * i + 2]];
    });
    const inputs: Partial<MethodInputs> = {
      spikes: spikesOf(rows),
      probe: linearProbe(31, 20),
      durationSec: 40 - 1 / 30000,
    };
    const motion = (await runToEnd(decentralized, inputs, params)).result.motion!;
    const reference = await fixtureNpy(`estimators/decentralized_${name}.npy`);
    expect([motion.timeBinCentersSec.length, motion.depthBinCentersUm.length]).toEqual(reference.shape);
    const worst = motion.displacementUm.reduce((most, d, at) => Math.max(most, Math.abs(d - reference.values[at])), 0);
    console.info(`decentralized ${name}: largest difference ${worst.toExponential(1)} µm`);
    expect(worst).toBeLessThan(limitUm);
  });
});

describe("displacement from pairs", () => {
  const truth = Float64Array.from({ length: 12 }, (_, t) => 10 * Math.sin(t));
  const options = {
    softWeights: false,
    temporalPrior: false,
    spatialPrior: false,
    trim: "pairs" as const,
    nIterations: 5,
    trimSigma: 2,
  };
  const problem = (wrong: (i: number, j: number) => number): PairwiseProblem => ({
    nWindows: 1,
    nTimes: 12,
    displacementUm: Float32Array.from({ length: 144 }, (_, at) => {
      const [i, j] = [Math.floor(at / 12), at % 12];
      return truth[i] - truth[j] + wrong(i, j);
    }),
    weights: new Float32Array(144).fill(1),
  });
  const solve = (given: PairwiseProblem, change = {}) => {
    const work = robustDisplacement(given, { ...options, ...change });
    for (let next = work.next(); ; next = work.next()) if (next.done) return next.value;
  };
  const error = (p: Float64Array) => {
    const level = (v: Float64Array) => v.reduce((sum, x) => sum + x, 0) / v.length;
    const offset = level(p) - level(truth);
    return p.reduce((most, value, t) => Math.max(most, Math.abs(value - offset - truth[t])), 0);
  };

  it("is exact for pairs that agree, whatever their weights", () => {
    expect(error(solve(problem(() => 0)))).toBeLessThan(1e-5);
    const soft = problem(() => 0);
    soft.weights = soft.weights.map((_, at) => 0.1 + (at % 7));
    expect(error(solve(soft, { softWeights: true }))).toBeLessThan(1e-5);
  });

  it("leaves wrong pairs out", () => {
    const wrong = problem((i, j) => (i === 3 && j > 8 ? 80 : 0));
    expect(error(solve(wrong, { nIterations: 1 }))).toBeGreaterThan(5);
    expect(error(solve(wrong))).toBeLessThan(1e-5);
  });

  it("leaves what no pair tells where it starts, at zero", () => {
    const alone = { ...problem(() => 0), weights: new Float32Array(144), displacementUm: new Float32Array(144) };
    expect(Array.from(solve(alone)).every((value) => value === 0)).toBe(true);
  });

  it("has its zero at the median, the mean, or a time of each window", () => {
    const levels = (zero: Parameters<typeof setZeroLevel>[2]) => {
      const p = Float64Array.of(1, 2, 6, 10, 10, 13);
      setZeroLevel(p, 3, zero);
      return [...p];
    };
    expect(levels({ kind: "median" })).toEqual([-7, -6, -2, 2, 2, 5]);
    expect(levels({ kind: "mean" })).toEqual([-6, -5, -1, 3, 3, 6]);
    expect(levels({ kind: "time", bin: 1 })).toEqual([-1, 0, 4, 0, 0, 3]);
  });
});
