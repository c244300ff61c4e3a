import { beforeAll, describe, expect, it } from "vitest";
import { crossCorrelation, type PairTable } from "../../src/core/dredge/crossCorrelation.ts";
import { type DredgeResult, dredge, dredgeFrames } from "../../src/core/dredge/dredge.ts";
import { type DredgeOptions, dredgeDefaults } from "../../src/core/dredge/options.ts";
import { amplitudeHistogram } from "../../src/core/dredge/raster.ts";
import { slidingProductsBySpectrum } from "../../src/core/dredge/slidingProducts.ts";
import { solveDisplacement } from "../../src/core/dredge/solve.ts";
import { pairWeights } from "../../src/core/dredge/weights.ts";
import type { Range, SpikeTable } from "../../src/core/types.ts";
import { fixtureNpy } from "../fixture.ts";
import { example, exampleRange, golden, simulated } from "./dredgeSpikes.ts";

/**
 * DREDge stage by stage against SpikeInterface's own stages. All pairs are computed by spectrum; a few rows of each set
 * also by the plain products of the oracle.
 */
const stages = `${golden}/dredge_stages`;

function worst(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    if (found[i] !== expected[i]) most = Math.max(most, Math.abs(found[i] - expected[i])); // ∞ equals ∞
    if (Number.isNaN(found[i])) most = Number.POSITIVE_INFINITY;
  }
  return most;
}

function hold(what: string, found: ArrayLike<number>, expected: ArrayLike<number>, limit: number): void {
  const difference = worst(found, expected);
  console.info(`${what}: largest difference ${difference.toExponential(2)} (limit ${limit})`);
  expect(difference, what).toBeLessThanOrEqual(limit);
}

/** Ties in float32: at most 0.01 % of the entries may be a bin off. */
function holdPairs(what: string, found: ArrayLike<number>, expected: ArrayLike<number>): void {
  const nOff = Array.from(expected).filter((v, i) => found[i] !== v).length;
  console.info(`${what}: ${nOff} of ${expected.length} entries differ, by at most ${worst(found, expected)} µm`);
  expect(nOff).toBeLessThanOrEqual(1e-4 * expected.length);
  expect(worst(found, expected)).toBeLessThanOrEqual(1);
}

function transposed(values: ArrayLike<number>, nRows: number): Float64Array {
  const nColumns = values.length / nRows;
  return Float64Array.from(
    { length: values.length },
    (_, at) => values[(at % nRows) * nColumns + Math.floor(at / nRows)],
  );
}

/** What is not in the table of the set is not stored. */
interface GoldenSet {
  name: string;
  folder: string;
  rasterFolder: string;
  spikes: () => Promise<SpikeTable>;
  nSpikes: number;
  rangeUm: Range;
  lastSec: number;
  options: DredgeOptions;
  /** rows that the plain products compute as well */
  plainRows: number[];
}

const first200 = {
  rasterFolder: "example_first200s",
  spikes: () => example(200),
  nSpikes: 52785,
  rangeUm: exampleRange,
  lastSec: 200 - 1 / 32000,
  plainRows: [0, 97, 199],
};

const sets: GoldenSet[] = [
  { ...first200, name: "200 s, non-rigid", folder: "example_first200s/nonrigid", options: dredgeDefaults },
  { ...first200, name: "200 s, rigid", folder: "example_first200s/rigid", options: { ...dredgeDefaults, rigid: true } },
  {
    name: "simulated, non-rigid",
    folder: "sim_nonrigid_60to140s/nonrigid",
    rasterFolder: "sim_nonrigid_60to140s",
    spikes: simulated,
    nSpikes: 45526,
    rangeUm: [0, 3820],
    lastSec: 80 - 1 / 30000,
    options: dredgeDefaults,
    plainRows: [0, 79],
  },
];

describe.each(sets)(
  "$name",
  ({ name, folder, rasterFolder, spikes: load, nSpikes, rangeUm, lastSec, options, plainRows }) => {
    let spikes: SpikeTable;
    let found: DredgeResult;
    const stored = async (file: string, at = folder) => (await fixtureNpy(file, `${stages}/${at}`)).values;

    beforeAll(async () => {
      spikes = await load();
      const started = performance.now();
      found = dredge(spikes, rangeUm, lastSec, options, slidingProductsBySpectrum);
      console.info(`${name}: all stages in ${((performance.now() - started) / 1000).toFixed(1)} s`);
    }, 120_000);

    it("raster", async () => {
      expect(spikes.nSpikes).toBe(nSpikes);
      const { raster } = found.frames;
      hold("time edges", raster.timeEdgesSec, await stored("time_bin_edges_s.npy", rasterFolder), 1e-12);
      hold("depth edges", raster.depthEdgesUm, await stored("spatial_bin_edges_um.npy", rasterFolder), 1e-12);
      const cells = await stored("hist_raw_nonzero_tbin_dbin.npy", rasterFolder);
      const values = await stored("hist_raw_nonzero_value.npy", rasterFolder);
      const histogram = new Float64Array(raster.values.length);
      values.forEach((value: number, n: number) => {
        histogram[cells[2 * n] * raster.nDepths + cells[2 * n + 1]] = value;
      });
      hold("histogram", amplitudeHistogram(spikes, raster.timeEdgesSec, raster.depthEdgesUm, false), histogram, 1e-3);
      hold("raster", raster.values, await stored("raster_smoothed_TxD.npy", rasterFolder), 1e-4);
    });

    it("windows", async () => {
      hold("centres", found.frames.windows.centersUm, await stored("spatial_bins_um.npy"), 1e-12);
      hold("windows", found.frames.windows.weights, await stored("windows_BxD.npy"), 1e-12);
    });

    it("pairs", async () => {
      hold("C", found.pairs.correlation, await stored("C_BxTxT.npy"), 5e-6);
      holdPairs("D", found.pairs.displacementUm, await stored("D_BxTxT_um.npy"));
    });

    it("pairs of some rows by plain products", async () => {
      const { raster, windows, maxDisplacementBins, horizonBins } = found.frames;
      const correlationOptions = { binUm: 1, maxDisplacementBins, horizonBins };
      const frames = Float32Array.from(raster.values);
      const plain = crossCorrelation(frames, raster.nTimes, windows, correlationOptions, plainRows);
      const rowsOf = (values: ArrayLike<number>) => storedRows(values, windows.nWindows, raster.nTimes, plainRows);
      hold("plain C", plain.correlation, rowsOf(await stored("C_BxTxT.npy")), 5e-6);
      holdPairs("plain D", plain.displacementUm, rowsOf(await stored("D_BxTxT_um.npy")));
    });

    it("weights and motion", async () => {
      hold("heat", found.heat, await stored("weights_orig_BxT.npy"), 1e-9);
      hold("gate", found.gate, await stored("weights_thresh_BxT.npy"), 0);
      hold("U", found.weights, await stored("U_BxTxT.npy"), 1e-5);
      hold("times", found.motion.timeBinCentersSec, await stored("temporal_bins_s.npy"), 1e-12);
      hold("motion, µm", found.motion.displacementUm, await stored("displacement_TxB.npy"), 0.01);
    });

    it("weights and motion from the stored pairs", async () => {
      const { nTimes } = found.frames.raster;
      const { nWindows } = found.frames.windows;
      const weights = pairWeights((await stored("C_BxTxT.npy")) as Float32Array, found.gate, nTimes, options);
      hold("U of stored C", weights, await stored("U_BxTxT.npy"), 1e-6);
      const pairs = Float32Array.from(await stored("D_BxTxT_um.npy"));
      const motion = solveDisplacement(pairs, weights, nWindows, nTimes, options);
      hold("motion of stored pairs, µm", transposed(motion, nWindows), await stored("displacement_TxB.npy"), 1e-4);
    });
  },
);

/** Rows of [B, T, T]. */
function storedRows(values: ArrayLike<number>, nWindows: number, nTimes: number, rows: number[]): Float64Array {
  const out = new Float64Array(nWindows * rows.length * nTimes);
  for (let b = 0; b < nWindows; b++) {
    rows.forEach((row, i) => {
      for (let t = 0; t < nTimes; t++)
        out[(b * rows.length + i) * nTimes + t] = values[(b * nTimes + row) * nTimes + t];
    });
  }
  return out;
}

describe("200 s, the original's front end", () => {
  it("every stage", async () => {
    const stored = async (file: string) => (await fixtureNpy(file, `${stages}/example_first200s_logvariant`)).values;
    const options: DredgeOptions = { ...dredgeDefaults, variant: "original" };
    const { frames, pairs, heat, motion } = dredge(
      await example(200),
      exampleRange,
      200 - 1 / 32000,
      options,
      slidingProductsBySpectrum,
    );
    hold("depth edges", frames.raster.depthEdgesUm, await stored("spatial_bin_edges_um.npy"), 1e-12);
    hold("time edges", frames.raster.timeEdgesSec, await stored("time_bin_edges_s.npy"), 1e-12);
    hold("raster", transposed(frames.raster.values, 200), await stored("raster_DxT.npy"), 1e-4);
    hold("centres", frames.windows.centersUm, await stored("window_centers_um.npy"), 1e-12);
    hold("windows", frames.windows.weights, await stored("windows_BxD.npy"), 1e-12);
    hold("heat", heat, await stored("weights_orig_BxT.npy"), 1e-6);
    holdPairs("D", pairs.displacementUm, await stored("D_BxTxT_um.npy"));
    hold("motion, µm", motion.displacementUm, await stored("displacement_TxB.npy"), 0.01);
  });
});

describe("1800 s, twelve rows of the pairs", () => {
  it.each(["nonrigid", "rigid"])("%s", async (kind) => {
    const stored = async (file: string) =>
      (await fixtureNpy(file, `${golden}/example_nhp/ref_dredge_ap_${kind}`)).values;
    const options: DredgeOptions = { ...dredgeDefaults, rigid: kind === "rigid" };
    const frames = dredgeFrames(await example(1800), exampleRange, 1800 - 1 / 32000, options);
    const { raster, windows, maxDisplacementBins, horizonBins } = frames;
    const pairs: PairTable = crossCorrelation(
      Float32Array.from(raster.values),
      raster.nTimes,
      windows,
      { binUm: 1, maxDisplacementBins, horizonBins },
      Array.from(await stored("sample_rows.npy")),
      slidingProductsBySpectrum,
    );
    hold(`${kind} windows`, windows.weights, await stored("windows_BxD.npy"), 1e-12);
    hold(`${kind} C`, pairs.correlation, await stored("C_rows.npy"), 5e-6);
    holdPairs(`${kind} D`, pairs.displacementUm, await stored("D_rows_um.npy"));
  });
});
