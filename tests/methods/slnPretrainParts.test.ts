import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { WaveformFeed } from "../../src/methods/sln/feed.ts";
import { batchesOf, epochOrder, epochRandom } from "../../src/methods/slnPretrain/batches.ts";
import { rmseOf } from "../../src/methods/slnPretrain/rmse.ts";
import { rowsOf, splitByTime, splitTimes, TEST } from "../../src/methods/slnPretrain/split.ts";
import { evenly, learningRateAt } from "../../src/methods/slnPretrain/trainer.ts";

const rows = Int32Array.from({ length: 10000 }, (_, i) => 3 * i);

describe("the split", () => {
  it("is the reference's where a recording takes its 1958 frames", () => {
    expect(splitTimes(1957.3, 0.7, 0.15)).toEqual([1370, 1664]);
    expect(splitTimes(1958, 0.7, 0.15)).toEqual([1370, 1664]);
  });

  it("cuts short recordings at any moment, never beyond the end", () => {
    expect(splitTimes(2, 0.7, 0.15)).toEqual([1.4, expect.closeTo(1.7, 12)]);
    expect(splitTimes(1, 0.9, 0.5)).toEqual([0.9, 1]);
    const split = splitByTime(Float64Array.of(0, 0.8, 1.4, 1.69, 1.7, 2), [1.4, 1.7]);
    expect([...split]).toEqual([0, 0, 1, 1, 2, 2]);
    const targets = Float32Array.of(1, 1, 1, 1, Number.NaN, 1);
    expect([...rowsOf(split, TEST, targets, 1)]).toEqual([5]);
  });
});

describe("the order of an epoch", () => {
  it.each([1, 64])("holds every row once, runs of %i", (runLength) => {
    const order = epochOrder(rows, runLength, 0, new Random(1));
    expect(order).not.toEqual(rows);
    expect([...order].sort((a, b) => a - b)).toEqual([...rows]);
    expect(epochOrder(rows, runLength, 0, new Random(1))).toEqual(order);
    const part = epochOrder(rows, runLength, 1000, new Random(1));
    expect(new Set(part).size).toBe(1000);
    // an average row comes from the middle of the recording, at the beginning of an epoch as at its end
    const mean = (values: Int32Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
    for (const some of [part, order.subarray(0, 2000), order.subarray(8000)])
      expect(mean(some) / 15000).toBeCloseTo(1, 0);
  });

  it("is another one in each epoch", () => {
    const of = (seed: number, epoch: number) => epochRandom(seed, epoch).uint32();
    expect(new Set([of(0, 1), of(0, 2), of(1, 1), of(1, 2)]).size).toBe(4);
  });
});

describe("batches", () => {
  it("hold the waveforms of their rows, without those that are no numbers", async () => {
    const read = async (some: ArrayLike<number>) =>
      Float32Array.from({ length: 900 * some.length }, (_, i) => {
        const row = some[Math.floor(i / 900)];
        return row % 500 === 9 && i % 900 === 17 ? Infinity : row;
      });
    let nLost = 0;
    const found: number[] = [];
    const sizes: number[] = [];
    const feed = { read } as WaveformFeed;
    for await (const batch of batchesOf(feed, rows.subarray(0, 5000), 300, (n) => (nLost += n))) {
      sizes.push(batch.rows.length);
      found.push(...batch.rows);
      batch.rows.forEach((row, i) => {
        const own = batch.waveforms.subarray(900 * i, 900 * (i + 1));
        if (own.some((v) => v !== row)) throw new Error(`row ${row} has another waveform`);
      });
    }
    expect(found).toEqual([...rows.subarray(0, 5000)].filter((row) => row % 500 !== 9));
    expect([nLost, Math.max(...sizes)]).toEqual([10, 300]);
  });
});

describe("numbers", () => {
  it("of the learning rate fall in the last two epochs of three or more", () => {
    const rates = (epochs: number, falls: boolean) =>
      Array.from({ length: epochs }, (_, e) => learningRateAt(e + 1, epochs, 1, falls));
    expect(rates(5, true)).toEqual([1, 1, 1, 0.3, 0.1]);
    expect(rates(3, true)).toEqual([1, 0.3, 0.1]);
    expect(rates(2, true)).toEqual([1, 1]);
    expect(rates(4, false)).toEqual([1, 1, 1, 1]);
  });

  it("of the error are per axis and in space, over the spikes that have both", () => {
    const predicted = [1, 2, 3, 0, 5, 5, 5, 0, Number.NaN, 0, 0, 0];
    const wanted = [0, 0, 0, 5, 5, 1, 0, 0, 0];
    const { rmse_x, rmse_y, rmse_z, rmse_xyz } = rmseOf(predicted, 4, wanted, 3);
    expect([rmse_x, rmse_y, rmse_z]).toEqual([Math.sqrt(1 / 2), Math.sqrt(4 / 2), Math.sqrt((9 + 16) / 2)]);
    expect(rmse_xyz).toBeCloseTo(Math.sqrt(30 / 2), 12);
    expect(rmseOf([], 4, [], 3).rmse_xyz).toBeNaN();
  });

  it("of rows are thinned evenly", () => {
    expect([...evenly(rows, 4)]).toEqual([0, 7500, 15000, 22500]);
    expect(evenly(rows, 0)).toBe(rows);
  });
});
