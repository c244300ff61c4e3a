import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { displacementAt } from "../../src/core/motion.ts";
import { interpolateTraces, sparseKernel } from "../../src/core/traceInterpolation.ts";
import {
  type InterpolationOptions,
  interpolationDefaults,
  TraceInterpolator,
} from "../../src/core/traceInterpolator.ts";
import type { Motion, ProbeSites } from "../../src/core/types.ts";
import { openSources } from "../../src/io/open.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";
import { fixtureBytes, fixtureNpy } from "../fixture.ts";
import { motionOf } from "../io/support.ts";

const golden = "../shared/golden";
const stored = async (name: string) => (await fixtureNpy(`${name}.npy`, `${golden}/interpolation`)).values;

async function trueMotion(): Promise<Motion> {
  return motionOf(await openSources(await nodeSources([`${golden}/interpolation/motion_spikeinterface_folder`])));
}

async function probe(): Promise<ProbeSites> {
  const { values } = await fixtureNpy("geom.npy", `${golden}/sim_raw`);
  const positionsUm = Array.from({ length: 64 }, (_, c): [number, number] => [values[2 * c], values[2 * c + 1]]);
  const shank = positionsUm.map(() => 0);
  return { model: "", partNumber: "", nShanks: 1, positionsUm, shank, connected: shank.map(() => true) };
}

const allChannels = Int32Array.from({ length: 64 }, (_, c) => c);
const extrapolated: InterpolationOptions = { ...interpolationDefaults, border: "force_extrapolate" };

const variants: [name: string, options: InterpolationOptions][] = [
  ["kriging_s20_p1_extrap", extrapolated],
  ["kriging_s20_p2_extrap", { ...extrapolated, exponent: 2 }],
  ["kriging_s20_p1_zeros", { ...interpolationDefaults, border: "force_zeros" }],
  ["idw_3_extrap", { ...extrapolated, method: "idw" }],
  ["nearest_extrap", { ...extrapolated, method: "nearest" }],
];

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((most, v, i) => Math.max(most, Math.abs(v - b[i])), 0);
}

/** Traces frame by frame, each with the kernel of its time. */
function corrected(interpolator: TraceInterpolator, timesSec: ArrayLike<number>, traces: ArrayLike<number>) {
  const kernels = new Map<number, ReturnType<typeof sparseKernel>>();
  return Array.from(timesSec).flatMap((timeSec, t) => {
    const bin = interpolator.binAt(timeSec);
    const kernel = kernels.get(bin) ?? sparseKernel(interpolator.kernel(bin), 64);
    kernels.set(bin, kernel);
    return [...interpolateTraces(Array.from(traces).slice(64 * t, 64 * (t + 1)), 64, kernel)];
  });
}

describe("the reference's interpolation", () => {
  it("evaluates a motion the same, inside and outside its bins", async () => {
    const motion = await trueMotion();
    const queries = await stored("query_t_y_disp");
    let most = 0;
    for (let i = 0; i < queries.length; i += 3)
      most = Math.max(most, Math.abs(displacementAt(motion, queries[i], queries[i + 1]) - queries[i + 2]));
    console.info(`motion queries: largest difference ${most.toExponential(1)} µm`);
    expect(most).toBeLessThan(1e-9);
  });

  it.each(variants)("%s: kernels and traces", async (name, options) => {
    const interpolator = new TraceInterpolator(await probe(), allChannels, await trueMotion(), options);
    const expected = await stored(`${name}_kernels_bins5_6`);
    const transposed = [5, 6].flatMap((bin) => {
      const kernel = interpolator.kernel(bin);
      return Array.from({ length: 64 * 64 }, (_, at) => kernel[(at % 64) * 64 + Math.floor(at / 64)]);
    });
    const kernelError = worst(transposed, expected);
    const found = corrected(interpolator, await stored("frame_times_s"), await stored("traces_in_f32"));
    const traceError = worst(found, await stored(`${name}_out_f32`));
    console.info(`${name}: kernels ${kernelError.toExponential(1)}, traces ${traceError.toExponential(1)} of a bit`);
    expect(kernelError).toBeLessThan(1e-5);
    expect(traceError).toBeLessThanOrEqual(options.method === "nearest" ? 0 : 1e-3);
  });

  it("keeps the same channels", async () => {
    const interpolator = new TraceInterpolator(await probe(), allChannels, await trueMotion(), interpolationDefaults);
    expect([...interpolator.targets]).toEqual([...(await stored("remove_channels_kept"))]);
  });

  it("writes the folder that it writes, byte for byte but for dev_mode", async () => {
    const folder = `${golden}/interpolation/motion_spikeinterface_folder`;
    for (const { path, bytes } of spikeinterfaceMotionFiles("m", await trueMotion())) {
      const original = await fixtureBytes(path.slice(2), folder);
      if (path.endsWith(".npy")) expect(Buffer.compare(bytes, original), path).toBe(0);
      else expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({ object: "Motion", num_segments: 1 });
    }
  });
});
