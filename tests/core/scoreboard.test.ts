import { beforeAll, describe, expect, it } from "vitest";
import { blockMeans } from "../../src/core/scoreboard/blockMeans.ts";
import { anchorPositions, shrunk, xConstant } from "../../src/core/scoreboard/controls.ts";
import { correlationMatrix } from "../../src/core/scoreboard/correlationMatrix.ts";
import { flatness, flatnessFrame } from "../../src/core/scoreboard/flatness.ts";
import { chooseBinSec, type PositionSet, scoreGrid, softGridOf } from "../../src/core/scoreboard/grid.ts";
import { pitchLock, rowPitch, spreadOf } from "../../src/core/scoreboard/positionStats.ts";
import {
  binStarts,
  type Repeatability,
  repeatability,
  TouchedHistogram,
} from "../../src/core/scoreboard/repeatability.ts";
import { type SoftGrid, softHistogram } from "../../src/core/softHistogram.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";
import { driftingUnits, staggeredProbe, zigzag } from "./driftingUnits.ts";

type Stated = { rho: number; mean_entropy: number; kept_spikes: number };
const canonical: SoftGrid = { x0: -40, y0: 0, nx: 31, ny: 961, pitchUm: 4, sigmaUm: 4 };

function drain<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

describe("repeatability and entropy against the reference", () => {
  let [timeSec, xUm, yUm] = [0, 0, 0].map(() => new Float64Array());
  let found: Repeatability;
  const soft = { rho: 0, mean_entropy: 0, kept_spikes: 0 };

  beforeAll(async () => {
    const column = async (name: string) => Float64Array.from((await fixtureNpy(`scoreboard/${name}.npy`)).values);
    const columns = await Promise.all(["time_s", "x_um", "y_um"].map(column));
    const order = Array.from(columns[0], (_, i) => i).sort((a, b) => columns[0][a] - columns[0][b]);
    [timeSec, xUm, yUm] = columns.map((values) => Float64Array.from(order, (i) => values[i]));
    Object.assign(soft, (await fixtureJson<{ soft: typeof soft }>("scoreboard/values.json")).soft);
    found = drain(repeatability(xUm, yUm, binStarts(timeSec, 1), canonical));
  });

  it("gives the mean of the matrix without the matrix", () => {
    expect(found.rho).toBeCloseTo(soft.rho, 10);
    expect(found).toMatchObject({ nBins: 60, nEmptyBins: 1, nSpikes: soft.kept_spikes });
  });

  it("gives the mean entropy of bins that are not empty", () => {
    expect(found.entropyNats).toBeCloseTo(soft.mean_entropy, 10);
  });

  it("gives the entropy of every bin", async () => {
    const expected = (await fixtureNpy("scoreboard/soft_entropy_nats.npy")).values;
    expect(found.entropyOfBinNats).toHaveLength(expected.length);
    found.entropyOfBinNats.forEach((nats, t) => {
      if (Number.isNaN(expected[t])) expect(nats).toBeNaN();
      else expect(nats).toBeCloseTo(expected[t], 10);
    });
  });

  it("gives all of that of a hard histogram too", async () => {
    const hard: SoftGrid = { x0: -76, y0: -36, nx: 25, ny: 488, pitchUm: 8, sigmaUm: 0 };
    const first = binStarts(timeSec, 1);
    const score = drain(repeatability(xUm, yUm, first, hard));
    const stated = (await fixtureJson<Record<string, Stated>>("scoreboard/values.json")).hard;
    expect(score.nSpikes).toBe(stated.kept_spikes);
    expect(score.rho).toBeCloseTo(stated.rho, 10);
    expect(score.entropyNats).toBeCloseTo(stated.mean_entropy, 10);
    const nats = (await fixtureNpy("scoreboard/hard_entropy_nats.npy")).values;
    expect(Math.max(...score.entropyOfBinNats.map((v, t) => Math.abs(v - nats[t]) || 0))).toBeLessThan(1e-10);
    expect([...score.entropyOfBinNats.keys()].filter((t) => Number.isNaN(score.entropyOfBinNats[t]))).toEqual([37]);
    const matrix = drain(correlationMatrix(xUm, yUm, first, hard));
    const expected = (await fixtureNpy("scoreboard/hard_pearson_60x60.npy")).values;
    expect(Math.max(...matrix.map((v, i) => Math.abs(v - expected[i])))).toBeLessThan(1e-7);
    const sums = (await fixtureNpy("scoreboard/hard_sum_H_per_bin.npy")).values;
    const histogram = new TouchedHistogram(hard);
    for (let t = 0; t < sums.length; t++) {
      histogram.clear();
      for (let i = first[t]; i < first[t + 1]; i++) histogram.add(xUm[i], yUm[i]);
      expect(histogram.values.reduce((a, b) => a + b, 0)).toBe(sums[t]);
    }
  });

  it("gives single voxels at the edge of the grid", async () => {
    const places = (await fixtureNpy("scoreboard/soft_voxel_index_bin_ix_iy.npy")).values;
    const expected = (await fixtureNpy("scoreboard/soft_voxel_value.npy")).values;
    const sums = (await fixtureNpy("scoreboard/soft_sum_H_per_bin.npy")).values;
    const first = binStarts(timeSec, 1);
    const histogram = new TouchedHistogram(canonical);
    for (let t = 0; t < sums.length; t++) {
      histogram.clear();
      for (let i = first[t]; i < first[t + 1]; i++) histogram.add(xUm[i], yUm[i]);
      expect(histogram.values.reduce((a, b) => a + b, 0)).toBeCloseTo(sums[t], 9);
      expected.forEach((value, k) => {
        const [bin, ix, iy] = places.slice(3 * k, 3 * k + 3);
        if (bin === t) expect(histogram.values[ix * canonical.ny + iy]).toBeCloseTo(value, 10);
      });
    }
  });

  it("gives the matrix itself, 0 in the empty bin and 1 on the diagonal", async () => {
    const matrix = drain(correlationMatrix(xUm, yUm, binStarts(timeSec, 1), canonical));
    const expected = (await fixtureNpy("scoreboard/soft_pearson_60x60.npy")).values;
    expect(matrix).toHaveLength(expected.length);
    expect(Math.max(...matrix.map((v, i) => Math.abs(v - expected[i])))).toBeLessThan(2e-6);
    let sum = 0;
    for (let i = 0; i < 60; i++) for (let j = 0; j < 60; j++) if (i !== j) sum += matrix[i * 60 + j];
    expect(sum / (60 * 59)).toBeCloseTo(found.rho, 6);
  });
});

describe("the histogram of a score", () => {
  it("is the training histogram inside the grid", () => {
    const grid: SoftGrid = { x0: 0, y0: 0, nx: 9, ny: 12, pitchUm: 4, sigmaUm: 4 };
    const [x, y] = [Float64Array.of(15.3, 18, 20.1, 9), Float64Array.of(20.2, 22, 24.9, Number.NaN)];
    // two equal bins correlate fully, and so do their entropies
    const first = Uint32Array.of(0, 4, 8);
    const twice = (v: Float64Array) => Float64Array.of(...v, ...v);
    const found = drain(repeatability(twice(x), twice(y), first, grid));
    expect(found.rho).toBeCloseTo(1, 12);
    expect(found.nSpikes).toBe(6);
    const h = softHistogram(x, y, [0, 0, 0, 0], 1, grid);
    const mass = h.reduce((a, b) => a + b, 0);
    const nats = h.reduce((sum, v) => sum - (v / mass) * Math.log(v / mass + 1e-12), 0);
    expect(found.entropyNats).toBeCloseTo(nats, 10);
  });

  it("works over depth alone", () => {
    const { positions, spikes, truth: _ } = driftingUnits({ drift: () => 0, durationSec: 20 });
    const depthOnly = { ...positions, xUm: null };
    const grid = scoreGrid([depthOnly], undefined, 20, {});
    expect(grid).toMatchObject({ nx: 1, xRangeUm: null });
    const found = drain(repeatability(null, positions.yUm, binStarts(spikes.timeSec, 1), softGridOf(grid)));
    expect(found.rho).toBeGreaterThan(0.5);
    expect(found.entropyNats).toBeGreaterThan(3);
  });

  it("has an answer for one spike, one bin, and for nothing placed at all", () => {
    const one = drain(repeatability(Float64Array.of(3), Float64Array.of(40), Uint32Array.of(0, 1), canonical));
    expect(one.rho).toBeNaN();
    expect(one.entropyNats).toBeGreaterThan(0);
    const none = drain(
      repeatability(Float64Array.of(Number.NaN, 3), Float64Array.of(1, 9e9), Uint32Array.of(0, 1, 2), canonical),
    );
    expect(none).toMatchObject({ rho: 0, nSpikes: 0, nEmptyBins: 2 });
    expect(none.entropyNats).toBeNaN();
  });

  it("puts times into bins, the end of the last one included", () => {
    expect([...binStarts(Float64Array.of(0, 0.99, 1, 2.5, 3), 1)]).toEqual([0, 2, 3, 5]);
    expect([...binStarts(Float64Array.of(0), 1)]).toEqual([0, 1]);
    expect([...binStarts(new Float64Array(), 1)]).toEqual([0]);
  });
});

describe("the grid of a score", () => {
  const set: PositionSet = { name: "a", xUm: Float64Array.of(0, 30), yUm: Float64Array.of(0, 500), zUm: null };

  it("reaches 40 µm beyond the contacts, or else the positions, or is the one asked for", () => {
    expect(scoreGrid([set], staggeredProbe(50), 10, {})).toMatchObject({ xRangeUm: [-40, 88], yRangeUm: [-40, 1020] });
    expect(scoreGrid([set], undefined, 10, {})).toMatchObject({ xRangeUm: [-40, 72], yRangeUm: [-40, 540], ny: 146 });
    const asked = scoreGrid([set], undefined, 10, { xRangeUm: [-40, 80], yRangeUm: [0, 3840], binSec: 2 });
    expect(asked).toMatchObject({ nx: 31, ny: 961, binSec: 2 });
  });

  it("says what is wrong with a grid", () => {
    const message = (options: object) => {
      try {
        scoreGrid([set], undefined, 10, options);
      } catch (error) {
        return (error as Error).message;
      }
      return "";
    };
    expect(message({ pitchUm: 0 })).toBe("pitchUm: expected a number above 0, found 0.");
    expect(message({ yRangeUm: [9, 0] })).toBe("Expected a range from low to high in µm, found 9 to 0.");
    expect(message({ pitchUm: 0.001 })).toMatch(/^Expected a grid of at most 4000000 voxels/);
  });

  it("takes longer bins where spikes are few", () => {
    expect(chooseBinSec(6000, 60)).toBe(1);
    expect(chooseBinSec(600, 60)).toBe(5);
    expect(chooseBinSec(1, 60)).toBe(60);
  });
});

describe("flatness", () => {
  const measure = (drift: (t: number) => number, correct: (t: number) => number, seed = 1) => {
    const { spikes } = driftingUnits({ drift, seed });
    const frame = flatnessFrame(spikes.timeSec, spikes.depthUm)!;
    const corrected = spikes.depthUm.map((y, i) => y - correct(spikes.timeSec[i]));
    return drain(flatness(spikes.timeSec, corrected, frame));
  };
  const still = () => 0;

  it("is the rms of what is left of the motion", () => {
    // a zigzag of peak to peak p has the rms p/√12; positions add their own noise
    for (const size of [8, 20, 50]) {
      const left = measure(zigzag(size, 50), still);
      expect(left / (size / Math.sqrt(12)), `${size} µm`).toBeGreaterThan(0.95);
      expect(left / (size / Math.sqrt(12)), `${size} µm`).toBeLessThan(1.1);
    }
    const half = measure(zigzag(50, 50), (t) => zigzag(25, 50)(t));
    expect(half).toBeGreaterThan(0.95 * (25 / Math.sqrt(12)));
    expect(half).toBeLessThan(1.1 * (25 / Math.sqrt(12)));
  });

  it("is near 0 for tissue that lies still or was put back", () => {
    expect(measure(still, still)).toBeLessThan(0.6);
    expect(measure(zigzag(50, 50), zigzag(50, 50))).toBeLessThan(0.6);
  });

  it("rises when the sign is wrong", () => {
    expect(measure(zigzag(20, 50), (t) => -zigzag(20, 50)(t))).toBeGreaterThan(10);
  });

  it("has nothing to say of too few spikes", () => {
    const timeSec = Float64Array.of(0, 1, 2);
    const depthUm = Float64Array.of(10, Number.NaN, 10);
    expect(drain(flatness(timeSec, depthUm, flatnessFrame(timeSec, depthUm)!))).toBeNaN();
    expect(flatnessFrame(timeSec, new Float64Array(3).fill(Number.NaN))).toBeNull();
  });
});

describe("controls and figures of positions", () => {
  const probe = staggeredProbe(50);
  const channel = Int32Array.of(20, 21, 50);
  const set: PositionSet = {
    name: "monopolar",
    xUm: Float64Array.of(0, 40, 20),
    yUm: Float64Array.of(205, 190, 505),
    zUm: Float64Array.of(10, 20, 30),
  };

  it("puts spikes on their anchors, and part of the way", () => {
    const found = anchorPositions(channel, probe);
    const anchor = "positions" in found ? found.positions : null;
    expect([...anchor!.yUm]).toEqual([200, 200, 500]);
    expect(anchor!.xUm![0]).toBeCloseTo(25.6, 5);
    expect([...shrunk(set, anchor!, 0.5).yUm]).toEqual([202.5, 195, 502.5]);
    expect([...shrunk(set, anchor!, 1).zUm!]).toEqual([10, 20, 30]);
    expect([...xConstant(set).xUm!]).toEqual([20, 20, 20]);
  });

  it("says why there are no anchors", () => {
    expect(anchorPositions(undefined, probe)).toEqual({ notPossible: expect.stringMatching(/peak channels/) });
    expect(anchorPositions(channel, undefined)).toEqual({ notPossible: expect.stringMatching(/contacts/) });
    expect(anchorPositions(Int32Array.of(100), probe)).toEqual({
      notPossible: "Not possible: a spike peaks on channel 100, the probe has 100.",
    });
  });

  it("knows how depths keep to the rows of contacts", () => {
    expect(rowPitch(probe)).toBe(20);
    expect(rowPitch(undefined)).toBe(20);
    expect(pitchLock(Float64Array.of(0, 20, 60, Number.NaN), 20)).toBeCloseTo(1, 12);
    expect(pitchLock(Float64Array.of(0, 10), 20)).toBeCloseTo(0, 12);
    expect(pitchLock(new Float64Array(), 20)).toBeNaN();
    expect(spreadOf(Float64Array.of(1, 3, Number.NaN))).toBe(1);
    expect(spreadOf(null)).toBeNaN();
  });
});

describe("means over blocks of a matrix", () => {
  it("are those of the pairs of different bins, whatever is left for the last block", () => {
    const n = 7;
    const values = Float32Array.from({ length: n * n }, (_, k) => (k % n === Math.floor(k / n) ? 1 : Math.sin(k)));
    const { values: means, nRows, binsPerRow } = blockMeans(values, n, 3);
    expect([nRows, binsPerRow]).toEqual([3, 3]);
    for (let a = 0; a < nRows; a++) {
      for (let b = 0; b < nRows; b++) {
        const block: number[] = [];
        for (let i = 3 * a; i < Math.min(n, 3 * a + 3); i++) {
          for (let j = 3 * b; j < Math.min(n, 3 * b + 3); j++) if (i !== j) block.push(values[i * n + j]);
        }
        const mean = block.length > 0 ? block.reduce((x, y) => x + y) / block.length : 1;
        expect(means[a * nRows + b]).toBeCloseTo(mean, 6);
      }
    }
    expect(blockMeans(values, n, 7).values).toBe(values);
  });
});
