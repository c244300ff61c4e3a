import { afterAll, beforeAll, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { type RasterGrid, raster } from "../../src/core/raster.ts";
import { RasterDevice } from "../../src/ops/webgpu/rasterDevice.ts";
import type { CountRequest } from "../../src/protocol/spikeCounter.ts";

let device: RasterDevice;

beforeAll(async () => {
  const found = await RasterDevice.request(true);
  if (!found) throw new Error("no WebGPU adapter");
  device = found;
});
afterAll(() => device.destroy());

const nSpikes = 5000;
const random = new Random(1);
const uniform = (low: number, high: number) =>
  Float64Array.from({ length: nSpikes }, () => low + (high - low) * random.uniform());
const timeSec = uniform(7000, 7200).sort();
const depthUm = uniform(0, 3840);
depthUm[17] = Number.NaN;
const ampUv = Float32Array.from(uniform(20, 200));
const grid: RasterGrid = { xLow: 7050, xHigh: 7150, yLow: 100, yHigh: 3000, nx: 37, ny: 23 };

const request = (changes: Partial<CountRequest> = {}): CountRequest => ({
  x: { values: timeSec, version: timeSec },
  y: { values: depthUm, version: depthUm },
  value: { values: ampUv, version: ampUv },
  grid,
  from: 0,
  to: nSpikes,
  ...changes,
});

/** Cells of the oracle, of float32 places as the GPU has them. */
async function check(given: CountRequest): Promise<number> {
  const { x, y, value, from, to } = given;
  const found = await device.cells(given);
  const expected = raster(x.values, y.values, value?.values ?? null, given.grid, from, to);
  // a spike within rounding of a cell's edge may fall on either side of it: none of these does
  expect(found.count).toEqual(expected.count);
  for (let i = 0; i < expected.sum.length; i++)
    expect(Math.abs(found.sum[i] - expected.sum[i])).toBeLessThanOrEqual(1e-5 * Math.abs(expected.sum[i]) + 1e-6);
  return found.count.reduce((a, b) => a + b, 0);
}

it("counts and sums as the oracle does, late in a long recording too", async () => {
  expect(await check(request())).toBeGreaterThan(1000);
  expect(await check(request({ grid: { ...grid, nx: 64, ny: 1 } }))).toBeGreaterThan(1000);
});

it("counts alone, and of some rows alone", async () => {
  await check(request({ value: null }));
  expect(await check(request({ from: 1003, to: 2871 }))).toBeLessThan(1868);
  expect(await check(request({ from: 10, to: 10 }))).toBe(0);
});

it("takes any column along any axis, and gives sums of columns far from zero", async () => {
  const across = { ...grid, xLow: 0, xHigh: 3840, yLow: 7000, yHigh: 7200 };
  const time = { values: timeSec, version: timeSec };
  await check(request({ x: { values: depthUm, version: depthUm }, y: time, value: time, grid: across }));
});

it("sees values that changed in their place when their version says so", async () => {
  const before = await check(request());
  for (let i = 0; i < nSpikes; i++) depthUm[i] = 5000;
  expect(await device.cells(request())).toMatchObject({ count: expect.anything() });
  expect(await check(request({ y: { values: depthUm, version: {} } }))).toBe(0);
  expect(before).toBeGreaterThan(0);
});

it("answers questions that come before the last one was answered, each with its own", async () => {
  const asked = [11, 12, 13].map((nx) => device.cells(request({ grid: { ...grid, nx }, value: null })));
  expect((await Promise.all(asked)).map(({ count }) => count.length / grid.ny)).toEqual([11, 12, 13]);
});
