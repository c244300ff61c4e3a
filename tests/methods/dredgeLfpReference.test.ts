import { beforeAll, describe, expect, it } from "vitest";
import { checkParams } from "../../src/methods/defineMethod.ts";
import { dredgeLfp } from "../../src/methods/dredgeLfp/dredgeLfp.ts";
import { ShankMotion } from "../../src/methods/dredgeLfp/shankMotion.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";

beforeAll(() => chooseCompute("cpu", () => undefined));

const nRows = 40;
const chunkBins = 50;

describe("DREDge on field potentials against SpikeInterface", () => {
  it.each([
    ["rigid", { rigid: true }],
    ["windows", { rigid: false, win_step_um: 200, win_scale_um: 150, soft: true, mincorr: 0.7 }],
  ])("gives its displacements from the same field by depth: %s", async (name, params) => {
    const field = await fixtureFloats("estimators/lfp_field.npy");
    const depthUm = Float64Array.from({ length: nRows }, (_, r) => 20 * r);
    const rows = {
      shank: 0,
      depthUm,
      pitchUm: 20,
      channels: new Int32Array(0),
      weights: new Float64Array(0),
      largestGapUm: 20,
    };
    const shank = new ShankMotion(rows, checkParams(dredgeLfp, { ...params, max_disp_um: 200, subrow: false }));
    const nTimes = field.length / nRows;
    for (let t = 0; t < nTimes; t += chunkBins)
      for await (const share of shank.add(field.slice(t * nRows, (t + chunkBins) * nRows)))
        expect(share).toBeLessThanOrEqual(1);
    const motion = shank.motion(Float64Array.from({ length: nTimes }, (_, t) => t / 50));
    const reference = await fixtureNpy(`estimators/lfp_${name}.npy`);
    expect([nTimes, motion.depthBinCentersUm.length]).toEqual(reference.shape);
    const worst = motion.displacementUm.reduce((most, d, at) => Math.max(most, Math.abs(d - reference.values[at])), 0);
    console.info(`dredge-lfp ${name}: largest difference ${worst.toExponential(1)} µm`);
    expect(worst).toBeLessThan(1e-3); // the reference keeps float32
  });
});
