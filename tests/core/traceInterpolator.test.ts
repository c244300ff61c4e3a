import { describe, expect, it } from "vitest";
import { displacementAt } from "../../src/core/motion.ts";
import { interpolateTraces, sparseKernel } from "../../src/core/traceInterpolation.ts";
import {
  type InterpolationOptions,
  interpolationDefaults,
  TraceInterpolator,
} from "../../src/core/traceInterpolator.ts";
import type { Motion, ProbeSites } from "../../src/core/types.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { openSources } from "../../src/io/open.ts";
import { fixtureBytes, fixtureNpy } from "../fixture.ts";
import { motionOf } from "../io/support.ts";

const stored = async (name: string) => (await fixtureNpy(`interpolation/${name}.npy`)).values;
const first = (n: number) => Int32Array.from({ length: n }, (_, c) => c);

async function referenceMotion(): Promise<Motion> {
  const names = [
    "spikeinterface_info.json",
    "displacement_seg0.npy",
    "temporal_bins_s_seg0.npy",
    "spatial_bins_um.npy",
  ];
  const folder = "io/motion_spikeinterface";
  const files = names.map(async (name) =>
    memorySource(`m/${name}`, new Uint8Array(await fixtureBytes(`${folder}/${name}`))),
  );
  return motionOf(await openSources(await Promise.all(files)));
}

function probeAt(positionsUm: [number, number][]): ProbeSites {
  const shank = positionsUm.map(() => 0);
  return { model: "", partNumber: "", nShanks: 1, positionsUm, shank, connected: shank.map(() => true) };
}

async function referenceProbe(): Promise<ProbeSites> {
  const values = await stored("geom_um");
  return probeAt(Array.from({ length: 64 }, (_, c) => [values[2 * c], values[2 * c + 1]]));
}

const rigid = (um: number): Motion => ({
  displacementUm: Float64Array.of(um),
  timeBinCentersSec: Float64Array.of(3),
  depthBinCentersUm: Float64Array.of(0),
});

describe("kernels of the reference", () => {
  it.each<[string, Partial<InterpolationOptions>]>([
    ["kriging_s20_p1_zeros", { border: "force_zeros" }],
    ["kriging_s20_p2_extrap", { border: "force_extrapolate", exponent: 2 }],
    ["idw_3_extrap", { border: "force_extrapolate", method: "idw" }],
  ])("%s", async (name, options) => {
    const settings = { ...interpolationDefaults, ...options };
    const interpolator = new TraceInterpolator(await referenceProbe(), first(64), await referenceMotion(), settings);
    const expected = await stored(`${name}_kernels_bins5_6`);
    let worst = 0;
    for (const bin of [5, 6]) {
      const kernel = interpolator.kernel(bin);
      for (let at = 0; at < 4096; at++) {
        const found = kernel[(at % 64) * 64 + Math.floor(at / 64)];
        worst = Math.max(worst, Math.abs(found - expected[(bin - 5) * 4096 + at]));
      }
    }
    expect(worst).toBeLessThan(1e-5);
  });

  it("has the same channels stay, and the same displacement anywhere", async () => {
    const motion = await referenceMotion();
    const interpolator = new TraceInterpolator(await referenceProbe(), first(64), motion, interpolationDefaults);
    expect([...interpolator.targets]).toEqual([...(await stored("remove_channels_kept"))]);
    const queries = await stored("query_t_y_disp");
    for (let i = 0; i < queries.length; i += 3)
      expect(Math.abs(displacementAt(motion, queries[i], queries[i + 1]) - queries[i + 2])).toBeLessThan(1e-9);
  });
});

describe("kernels", () => {
  const column = probeAt(Array.from({ length: 10 }, (_, c) => [0, 20 * c]));
  const everywhere = { ...interpolationDefaults, border: "force_extrapolate" as const };

  it("add up to one inside the contacts, and read tissue where it went", () => {
    for (const method of ["kriging", "idw", "nearest"] as const) {
      const kernel = new TraceInterpolator(column, first(10), rigid(20), { ...everywhere, method }).kernel(0);
      for (let i = 0; i < 9; i++) {
        const row = kernel.subarray(10 * i, 10 * (i + 1));
        expect(row.reduce((s, w) => s + w, 0)).toBeCloseTo(1, 12);
        expect(row[i + 1]).toBeCloseTo(1, 4);
      }
    }
  });

  it("fall off apart along and across the probe when told to", () => {
    const square = probeAt([
      [0, 0],
      [20, 0],
      [0, 20],
      [20, 20],
      [10, 10],
    ]);
    const narrow = { ...everywhere, sigmaUm: [2, 40] as const };
    const kernel = new TraceInterpolator(square, Int32Array.of(0, 1, 2, 3), rigid(0), narrow).kernel(0);
    expect(kernel[0]).toBeCloseTo(1, 5);
    // the middle, which is not read, is as far from all of them
    for (const w of kernel.subarray(16)) expect(w).toBeCloseTo(0.25, 9);
  });

  it("of contacts closer than sigma stay finite by the ridge", () => {
    const dense = probeAt(Array.from({ length: 60 }, (_, c) => [6 * (c % 4), 6 * (c >> 2)]));
    const kernel = new TraceInterpolator(dense, first(60), rigid(3), { ...everywhere, exponent: 2 }).kernel(0);
    expect(kernel.every(Number.isFinite)).toBe(true);
    const flat = interpolateTraces(new Float64Array(60).fill(100), 60, sparseKernel(kernel, 60));
    for (const v of flat.subarray(0, 56)) expect(v).toBeCloseTo(100, 2);
  });

  it("share of the weights left out is at most a millionth", () => {
    const kernel = new TraceInterpolator(column, first(10), rigid(7), everywhere).kernel(0);
    const { sources, weights, nPerTarget } = sparseKernel(kernel, 10);
    for (let i = 0; i < 10; i++) {
      const dense = kernel.slice(10 * i, 10 * (i + 1));
      const total = dense.reduce((s, w) => s + Math.abs(w), 0);
      for (let k = i * nPerTarget; k < (i + 1) * nPerTarget; k++) dense[sources[k]] -= weights[k];
      expect(dense.reduce((s, w) => s + Math.abs(w), 0)).toBeLessThan(1.2e-6 * total); // and float32's own rounding
    }
  });

  it("times before the first and after the last bin have those bins' kernels, midpoints the later one's", () => {
    const motion = {
      ...rigid(0),
      displacementUm: Float64Array.of(0, 1, 2),
      timeBinCentersSec: Float64Array.of(1, 2, 4),
    };
    const interpolator = new TraceInterpolator(column, first(10), motion, everywhere);
    expect([-5, 1, 1.49, 1.5, 2.99, 3, 4, 99].map((t) => interpolator.binAt(t))).toEqual([0, 0, 0, 1, 1, 2, 2, 2]);
  });

  it("one contact, and a shank of which nothing is read", () => {
    const one = new TraceInterpolator(probeAt([[5, 5]]), first(1), rigid(0), interpolationDefaults);
    expect([...one.kernel(0)]).toEqual([1]);
    const two = { ...column, nShanks: 2, shank: column.shank.map((_, c) => (c < 5 ? 0 : 1)) };
    const kernel = new TraceInterpolator(two, first(5), rigid(0), everywhere).kernel(0);
    expect([kernel.length, kernel.subarray(25).every((w) => w === 0)]).toEqual([50, true]);
  });
});
