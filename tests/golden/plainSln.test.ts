import { describe, expect, it } from "vitest";
import { anchors, depthLateralOrder, nearestSlots } from "../../src/core/neighbours.ts";
import { correlationMatrix } from "../../src/core/scoreboard/correlationMatrix.ts";
import { binStarts, repeatability, TouchedHistogram } from "../../src/core/scoreboard/repeatability.ts";
import type { SoftGrid } from "../../src/core/softHistogram.ts";
import { fixtureJson } from "../fixture.ts";
import { float64, hold, largest, largestDifference } from "./report.ts";
import { golden, stored } from "./slnNetworks.ts";
import { tpcaOracleCase } from "./tpcaCases.ts";

/** What no backend computes: metrics of positions, neighbourhoods of contacts, the fit of the tPCA. */
interface Stated {
  rho: number;
  mean_entropy: number;
  kept_spikes: number;
}

const grids: Record<"soft" | "hard", SoftGrid> = {
  soft: { x0: -40, y0: 0, nx: 31, ny: 961, pitchUm: 4, sigmaUm: 4 },
  hard: { x0: -76, y0: -36, nx: 25, ny: 488, pitchUm: 8, sigmaUm: 0 },
};

function drain<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

describe.each(["soft", "hard"] as const)("metrics over a %s histogram", (kind) => {
  it("are the reference's", async () => {
    const check = (quantity: string, difference: number, tolerance: number) =>
      hold(`metrics, ${kind}: ${quantity}`, difference, tolerance, float64);
    const time = await stored("metrics/time_s");
    const order = Array.from(time, (_, i) => i).sort((a, b) => time[a] - time[b]);
    const [timeSec, xUm, yUm] = [time, await stored("metrics/x_um"), await stored("metrics/y_um")].map((column) =>
      Float64Array.from(order, (i) => column[i]),
    );
    const first = binStarts(timeSec, 1);
    const grid = grids[kind];
    const stated = (await fixtureJson<Record<"soft" | "hard", Stated>>("metrics/values.json", golden))[kind];
    const found = drain(repeatability(xUm, yUm, first, grid));
    expect(found).toMatchObject({ nBins: 60, nEmptyBins: 1, nSpikes: stated.kept_spikes });
    check("ρ̄", Math.abs(found.rho - stated.rho), 1e-8);
    check("entropy", Math.abs(found.entropyNats - stated.mean_entropy), 1e-10);
    const nats = await stored(`metrics/${kind}_entropy_nats`);
    expect(Array.from(nats, Number.isNaN)).toEqual(Array.from(found.entropyOfBinNats, Number.isNaN));
    check("entropy", largest(Array.from(nats, (v, t) => found.entropyOfBinNats[t] - v || 0)), 1e-10);
    // kept as float32
    const matrix = drain(correlationMatrix(xUm, yUm, first, grid));
    check("matrix", largestDifference(matrix, await stored(`metrics/${kind}_pearson_60x60`)), 2e-5);
    const places = kind === "soft" ? await stored("metrics/soft_voxel_index_bin_ix_iy") : new Float64Array();
    const values = kind === "soft" ? await stored("metrics/soft_voxel_value") : new Float64Array();
    const sums = await stored(`metrics/${kind}_sum_H_per_bin`);
    const histogram = new TouchedHistogram(grid);
    for (let t = 0; t < sums.length; t++) {
      histogram.clear();
      for (let i = first[t]; i < first[t + 1]; i++) histogram.add(xUm[i], yUm[i]);
      check("sums and voxels of H", Math.abs(histogram.values.reduce((a, b) => a + b, 0) - sums[t]), 1e-9);
      values.forEach((value, k) => {
        const [bin, ix, iy] = places.subarray(3 * k, 3 * k + 3);
        if (bin === t) check("sums and voxels of H", Math.abs(histogram.values[ix * grid.ny + iy] - value), 1e-9);
      });
    }
  });
});

it.each(["np1", "np2_1shank", "np2_4shank", "np_ultra"])("ten nearest contacts of %s", async (probe) => {
  const shank = Int32Array.from({ length: 384 }, (_, c) => (probe === "np2_4shank" ? Math.floor(c / 96) : 0));
  const positionsUm = Float32Array.from(await stored(`neighbours/${probe}_geom_um`));
  const nearest = nearestSlots(positionsUm, shank, 10);
  const ordered = depthLateralOrder(nearest, positionsUm);
  const [byDistance, byDepth] = [
    await stored(`neighbours/${probe}_nearest10`),
    await stored(`neighbours/${probe}_yx10`),
  ];
  hold("neighbours: tables", largestDifference(nearest.channels, byDistance), 0, float64);
  hold("neighbours: tables", largestDifference(ordered.channels, byDepth), 0, float64);
  const expected = await stored(`neighbours/${probe}_anchor_um`);
  hold("neighbours: anchors (µm)", largestDifference(anchors(nearest, positionsUm), expected), 1e-9, float64);
});

tpcaOracleCase();
