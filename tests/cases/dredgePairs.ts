import { tensor2d } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import { lagGeometry } from "../../src/core/dredge/crossCorrelation.ts";
import { dredgeCorrelation } from "../../src/ops/dredgeCorrelation.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";

/** Hold the current backend's correlation to SpikeInterface's C and D of 25 time bins of a real recording. */
export async function checkDredgePairs(): Promise<void> {
  const { values, shape } = await fixtureNpy("dredge/pairs_raster_TxD.npy");
  const weights = await fixtureFloats("dredge/pairs_window_D.npy");
  const expectedC = (await fixtureNpy("dredge/pairs_C_TxT.npy")).values;
  const expectedD = (await fixtureNpy("dredge/pairs_D_TxT_um.npy")).values;
  const [nTimes, nDepths] = shape;
  const maxDisplacementBins = 112;
  const { nLeft } = lagGeometry(Float64Array.from(weights), maxDisplacementBins);
  const raster = tensor2d(values as Float32Array, [nTimes, nDepths]);
  const every = [0, nTimes] as const;
  const out = dredgeCorrelation(raster, Float64Array.from(weights), {
    rows: every,
    columns: every,
    maxDisplacementBins,
  });
  const [correlation, lag] = await Promise.all([out.correlation.data(), out.lag.data()]);
  const worst = Math.max(...Array.from(expectedC, (c, pair) => Math.abs(c - correlation[pair])));
  console.info(`C of 25 × 25 pairs differs by at most ${worst.toExponential(2)}`);
  expect(worst).toBeLessThanOrEqual(5e-6);
  expect(Array.from(lag, (l) => nLeft - l)).toEqual([...expectedD]);
}
