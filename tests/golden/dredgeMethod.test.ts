import { beforeAll, describe, expect, it } from "vitest";
import { median } from "../../src/core/motion.ts";
import { scoreMotion } from "../../src/core/motionScore.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../src/core/types.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { fixtureNpy } from "../fixture.ts";
import { runDredge } from "../methods/dredgeRuns.ts";

/** Whole runs of the method against SpikeInterface's, on a real recording of half an hour and two simulated ones. */
const golden = "../shared/golden";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

const stored = async (file: string) => (await fixtureNpy(file, golden)).values as Float64Array;

async function spikesOf(folder: string, files: string[], rateHz: number): Promise<SpikeTable> {
  const [sample, depth, amp] = await Promise.all(files.map((file) => stored(`${folder}/${file}`)));
  return {
    nSpikes: sample.length,
    timeSec: Float64Array.from(sample, (s) => s / rateHz),
    depthUm: Float64Array.from(depth),
    ampUv: Float32Array.from(amp),
  };
}

function probeOf(depthsUm: number[]): ProbeSites {
  const positionsUm = depthsUm.map((y): [number, number] => [0, y]);
  const each = <V>(value: V) => depthsUm.map(() => value);
  return { model: "", partNumber: "", nShanks: 1, positionsUm, shank: each(0), connected: each(true) };
}

async function referenceMotion(folder: string): Promise<Motion> {
  return {
    displacementUm: await stored(`${folder}/displacement_TxB.npy`),
    timeBinCentersSec: await stored(`${folder}/temporal_bins_s.npy`),
    depthBinCentersUm: await stored(`${folder}/spatial_bins_um.npy`),
  };
}

/** Differences after the median over time is removed from each window, µm. */
function differences(found: Motion, expected: Motion): { worst: number; rms: number } {
  expect([...found.depthBinCentersUm]).toEqual([...expected.depthBinCentersUm]);
  expect(found.timeBinCentersSec).toEqual(expected.timeBinCentersSec);
  const nWindows = expected.depthBinCentersUm.length;
  const [all, byWindow] = [found, expected].map(({ displacementUm }) =>
    Array.from({ length: nWindows }, (_, b) => displacementUm.filter((_, at) => at % nWindows === b)),
  );
  let [worst, sum] = [0, 0];
  all.forEach((ours, b) => {
    const level = median(ours) - median(byWindow[b]);
    ours.forEach((p, t) => {
      const difference = Math.abs(p - level - byWindow[b][t]);
      worst = Math.max(worst, difference);
      sum += difference * difference;
    });
  });
  return { worst, rms: Math.sqrt(sum / expected.displacementUm.length) };
}

/** The run's motion with its time and solver in the log. */
async function motionOf(
  what: string,
  spikes: SpikeTable,
  params: ParamValues,
  depthsUm: number[],
  durationSec: number,
) {
  const started = performance.now();
  const cpu = process.cpuUsage();
  const { result } = await runDredge(spikes, params, { probe: probeOf(depthsUm), durationSec });
  const { pairs, solve_iterations, at_limit_share } = result.summary;
  const { user, system } = process.cpuUsage(cpu);
  console.info(
    `${what}: ${((performance.now() - started) / 1000).toFixed(1)} s (${((user + system) / 1e6).toFixed(1)} s of processor), ${pairs} pairs, ${solve_iterations} iterations, ${(100 * at_limit_share).toFixed(1)} % at the limit`,
  );
  return result.motion!;
}

describe("a real recording", () => {
  it.each([
    { kind: "nonrigid", rigid: false },
    { kind: "rigid", rigid: true },
  ])("$kind", async ({ kind, rigid }) => {
    const files = ["peak_sample_index_32khz.npy", "peak_depth_um.npy", "peak_amplitude_uv.npy"];
    const spikes = await spikesOf("example_nhp", files, 32000);
    const contacts = Array.from({ length: 68 }, (_, k) => -600 + 20 * k);
    const found = await motionOf(kind, spikes, { rigid }, contacts, 1800 - 1 / 32000);
    const { worst, rms } = differences(found, await referenceMotion(`example_nhp/ref_dredge_ap_${kind}`));
    console.info(`${kind}: differs from the reference by at most ${worst.toFixed(5)} µm, RMS ${rms.toFixed(5)}`);
    expect(worst).toBeLessThanOrEqual(0.05);
  });
});

/** Displacement that the simulation imposed on what rests at the reference's window centres, at its time bins. */
async function truthAt(folder: string, { timeBinCentersSec, depthBinCentersUm }: Motion): Promise<Motion> {
  const [timeSec, common, gradient] = await Promise.all(
    ["time_s", "common_um", "grad_um"].map((name) => stored(`${folder}/motion_${name}.npy`)),
  );
  const [middleUm, lengthUm] = [1910, 3820];
  const stepSec = timeSec[1] - timeSec[0];
  const at = (values: Float64Array, t: number) => {
    const k = Math.min(values.length - 2, Math.floor(t / stepSec));
    return values[k] + (t / stepSec - k) * (values[k + 1] - values[k]);
  };
  const displacementUm = Float64Array.from({ length: timeBinCentersSec.length * depthBinCentersUm.length }, (_, n) => {
    const t = timeBinCentersSec[Math.floor(n / depthBinCentersUm.length)];
    const restUm = depthBinCentersUm[n % depthBinCentersUm.length];
    return at(common, t) + (at(gradient, t) * (restUm - middleUm)) / lengthUm;
  });
  return { displacementUm, timeBinCentersSec, depthBinCentersUm };
}

describe("simulated recordings", () => {
  it.each([
    { set: "rigid_zigzag", rigid: true, durationSec: 600 },
    { set: "nonrigid_zigzag_bumps", rigid: false, durationSec: 600 },
  ])("$set", async ({ set, rigid, durationSec }) => {
    const folder = `sim_peaks/${set}`;
    const spikes = await spikesOf(folder, ["sample_index.npy", "depth_um.npy", "amplitude_uv.npy"], 30000);
    const geometry = await stored(`${folder}/geometry_xy_um.npy`);
    const contacts = Array.from({ length: geometry.length / 2 }, (_, c) => geometry[2 * c + 1]);
    const found = await motionOf(set, spikes, { rigid }, contacts, durationSec - 1 / 30000);
    const reference = await referenceMotion(`${folder}/ref_dredge_ap`);
    const truth = await truthAt(folder, reference);
    const apart = differences(found, reference);
    const [error, theirs] = [scoreMotion(found, truth).rmseUm, scoreMotion(reference, truth).rmseUm];
    console.info(
      `${set}: differs by RMS ${apart.rms.toFixed(5)} µm (at most ${apart.worst.toFixed(5)}); error against the truth ${error.toFixed(4)} µm RMS, the reference's ${theirs.toFixed(4)}`,
    );
    expect(apart.rms).toBeLessThanOrEqual(0.05);
    expect(error).toBeLessThanOrEqual(1.2 * theirs);
  });
});
