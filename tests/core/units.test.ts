import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { type RasterGrid, raster } from "../../src/core/raster.ts";
import { rasterMode } from "../../src/core/rasterMode.ts";
import { leastUnitSpikes, unitDrift } from "../../src/core/unitDrift.ts";
import { indexUnits, rowsOfSlot, slotOfUnit } from "../../src/core/unitIndex.ts";

describe("an index of units", () => {
  it("numbers them upwards along the probe and keeps their rows", () => {
    const unit = Int32Array.of(9, -1, 4, 9, 4, 4, 700);
    const depthUm = Float64Array.of(100, 1, 300, 120, 310, Number.NaN, 20);
    const index = indexUnits(unit, depthUm);
    expect([...index.id]).toEqual([-1, 700, 9, 4]);
    expect([...index.depthUm]).toEqual([Number.NaN, 20, 110, 305]);
    expect([...index.slot]).toEqual([2, 0, 3, 2, 3, 3, 1]);
    expect([0, 1, 2, 3].map((slot) => [...rowsOfSlot(index, slot)])).toEqual([[1], [6], [0, 3], [2, 4, 5]]);
    expect([9, 700, 5, -1].map((id) => slotOfUnit(index, id))).toEqual([2, 1, 0, 0]);
  });

  it("is the same for numbers too large for a table, and for none", () => {
    const small = indexUnits(Int32Array.of(3, 1, 3), Float64Array.of(5, 6, 7));
    const large = indexUnits(Int32Array.of(2_000_000_003, 1, 2_000_000_003), Float64Array.of(5, 6, 7));
    expect([large.slot, large.rows, large.starts]).toEqual([small.slot, small.rows, small.starts]);
    expect(large.id[slotOfUnit(large, 2_000_000_003)]).toBe(2_000_000_003);
    expect(indexUnits(new Int32Array(0), []).nUnits).toBe(0);
    expect(indexUnits(Int32Array.of(-1, -5), [1, 2])).toMatchObject({ nUnits: 0, slot: Float32Array.of(0, 0) });
  });
});

describe("the unit of a cell", () => {
  const grid: RasterGrid = { xLow: 0, xHigh: 10, yLow: 0, yHigh: 10, nx: 2, ny: 1 };

  it("is that of most spikes; the lowest of equally many; none only where there is no other", () => {
    const x = [1, 1, 2, 3, 4, 7, 8, 10, 11];
    const value = Float32Array.of(0, 0, 0, 5, 2, 3, 1, 3, 1);
    const { count, sum } = rasterMode(x, new Array(9).fill(5), value, grid);
    expect([...count]).toEqual([5, 3]);
    expect([...sum]).toEqual([2, 3]);
    expect([...rasterMode([1], [5], Float32Array.of(0), grid).sum]).toEqual([0, Number.NaN]);
  });

  it("agrees with counting each unit on its own", () => {
    const random = new Random(3);
    const n = 4000;
    const x = Float64Array.from({ length: n }, () => 11 * random.uniform() - 0.5);
    const y = Float64Array.from({ length: n }, () => 11 * random.uniform() - 0.5);
    const value = Float32Array.from({ length: n }, () => Math.floor(6 * random.uniform() ** 2));
    const fine = { ...grid, nx: 9, ny: 7 };
    const found = rasterMode(x, y, value, fine, 100, 3900);
    expect(found.count).toEqual(raster(x, y, null, fine, 100, 3900).count);
    const of = [0, 1, 2, 3, 4, 5].map((unit) => {
      const only = x.map((v, i) => (value[i] === unit ? v : Number.NaN));
      return raster(only, y, null, fine, 100, 3900).count;
    });
    found.sum.forEach((unit, cell) => {
      const counts = of.map((count) => count[cell]);
      const most = Math.max(...counts.slice(1));
      expect(unit).toBe(most > 0 ? counts.indexOf(most, 1) : counts[0] > 0 ? 0 : Number.NaN);
    });
  });
});

describe("the drift of a unit", () => {
  it("is that of medians of equally many spikes", () => {
    // 5 bins of 20: depths 0, 1, 2, 3, 4 and, in each, as much above as below by 0.5
    const n = 100;
    const timeSec = Float64Array.from({ length: n }, (_, i) => i);
    const depthUm = Float64Array.from({ length: n }, (_, i) => Math.floor(i / 20) + (i % 2 ? 0.5 : -0.5));
    const drift = unitDrift(timeSec, depthUm, null);
    expect([...(drift?.observed.timeSec ?? [])]).toEqual([9.5, 29.5, 49.5, 69.5, 89.5]);
    expect([...(drift?.observed.depthUm ?? [])]).toEqual([0, 1, 2, 3, 4]);
    expect(drift?.observed.rangeUm).toBeCloseTo(3.6, 12); // 5th percentile 0.2, 95th 3.8
    expect(drift?.observed.rmsUm).toBeCloseTo(Math.SQRT2, 12);
    expect(drift?.observed.scatterUm).toBeCloseTo(3.29 * Math.sqrt(Math.PI / 40) * 1.4826 * 0.5, 12);
    expect([drift?.corrected, drift?.motionUm, drift?.r]).toEqual([null, null, Number.NaN]);
    expect(leastUnitSpikes).toBe(100);
    expect(unitDrift(timeSec.subarray(1), depthUm.subarray(1), null)).toBeNull();
  });

  it("says what a motion explains: all of it, half of it, the opposite", () => {
    const random = new Random(5);
    const n = 3000;
    const timeSec = Float64Array.from({ length: n }, (_, i) => i + random.uniform());
    const truth = timeSec.map((t) => 12 * Math.sin(t / 400));
    const scatter = timeSec.map(() => 2 * random.normal());
    const depthUm = truth.map((shift, i) => 500 + shift + scatter[i]);
    const driftAt = (share: number) =>
      unitDrift(
        timeSec,
        depthUm,
        depthUm.map((depth, i) => depth - share * truth[i]),
      );
    const right = driftAt(1);
    expect(right?.observed.timeSec).toHaveLength(100);
    expect(right?.observed.rangeUm).toBeGreaterThan(20);
    expect(right?.r).toBeGreaterThan(0.99);
    expect(right?.gain).toBeCloseTo(1, 1);
    // what is left is what scatter alone makes: 2 µm in bins of 30
    expect(right?.corrected?.rangeUm).toBeLessThan(1.4 * (right?.corrected?.scatterUm ?? 0));
    expect(right?.corrected?.scatterUm).toBeCloseTo((3.29 * 2 * Math.sqrt(Math.PI / 2)) / Math.sqrt(30), 0);
    expect(driftAt(0.5)?.gain).toBeCloseTo(2, 1);
    expect(driftAt(0.5)?.corrected?.rmsUm).toBeCloseTo((right?.observed.rmsUm ?? 0) / 2, 0);
    expect(driftAt(-1)?.r).toBeLessThan(-0.99);
    expect(driftAt(0)).toMatchObject({ r: Number.NaN, gain: Number.NaN });
  });
});
