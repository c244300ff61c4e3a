import { type DriftKind, syntheticDrift } from "../src/core/syntheticDrift.ts";
import { syntheticDefaults, syntheticSpikes } from "../src/core/syntheticSpikes.ts";
import type { Motion, ProbeSites, SpikeTable } from "../src/core/types.ts";
import { fixtureJson, fixtureNpy } from "./fixture.ts";

/** Spikes with a motion to hold estimates against. */
export interface DriftSet {
  name: string;
  spikes: SpikeTable;
  durationSec: number;
  probe?: ProbeSites;
  /** imposed, or another estimator's */
  truth: Motion;
  /** left out of the truth's depth range at both ends when scored */
  depthMarginUm: number;
}

/** Reference data beside the checkout. */
const golden = "../shared/golden";

async function numbers(folder: string, file: string): Promise<Float64Array> {
  return Float64Array.from((await fixtureNpy(file, `${golden}/${folder}`)).values);
}

async function spikesOf(folder: string, files: readonly string[], rateHz: number): Promise<SpikeTable> {
  const [sample, depthUm, amp] = await Promise.all(files.map((file) => numbers(folder, file)));
  return {
    nSpikes: sample.length,
    timeSec: sample.map((s) => s / rateHz),
    depthUm,
    ampUv: Float32Array.from(amp),
  };
}

function probeOf(positionsUm: [number, number][]): ProbeSites {
  return {
    model: "of the simulation",
    partNumber: "",
    nShanks: 1,
    positionsUm,
    shank: positionsUm.map(() => 0),
    connected: positionsUm.map(() => true),
  };
}

/** The imposed motion at bins of 1 s and 11 depths, 200 µm from the outermost spikes as the reference is scored. */
async function simulatedTruth(folder: string, depthUm: Float64Array, durationSec: number): Promise<Motion> {
  const [grid, common, gradient] = await Promise.all(
    ["motion_time_s.npy", "motion_common_um.npy", "motion_grad_um.npy"].map((file) => numbers(folder, file)),
  );
  const { ymid_um = 1910, L_um = 3820 } = await fixtureJson<{ ymid_um?: number; L_um?: number }>(
    "info.json",
    `${golden}/${folder}`,
  );
  const low = depthUm.reduce((m, v) => Math.min(m, v), Infinity) + 200;
  const high = depthUm.reduce((m, v) => Math.max(m, v), -Infinity) - 200;
  const depthBinCentersUm = Float64Array.from({ length: 11 }, (_, i) => low + (i / 10) * (high - low));
  const timeBinCentersSec = Float64Array.from({ length: durationSec }, (_, t) => t + 0.5);
  const displacementUm = new Float64Array(durationSec * 11);
  timeBinCentersSec.forEach((timeSec, t) => {
    const at = Math.round(timeSec / (grid[1] - grid[0])); // bin centres lie on the grid of 10 Hz
    for (let k = 0; k < 11; k++)
      displacementUm[t * 11 + k] = common[at] + (gradient[at] * (depthBinCentersUm[k] - ymid_um)) / L_um;
  });
  return { displacementUm, timeBinCentersSec, depthBinCentersUm };
}

/** 600 s of simulated spikes on a whole probe. */
export async function simulatedSet(name: "rigid_zigzag" | "nonrigid_zigzag_bumps"): Promise<DriftSet> {
  const folder = `sim_peaks/${name}`;
  const spikes = await spikesOf(folder, ["sample_index.npy", "depth_um.npy", "amplitude_uv.npy"], 30000);
  const contacts = await numbers(folder, "geometry_xy_um.npy");
  const positions = Array.from({ length: contacts.length / 2 }, (_, c): [number, number] => [
    contacts[2 * c],
    contacts[2 * c + 1],
  ]);
  return {
    name: name.replaceAll("_", " "),
    spikes,
    durationSec: 600,
    probe: probeOf(positions),
    truth: await simulatedTruth(folder, spikes.depthUm, 600),
    depthMarginUm: 0,
  };
}

async function motionOf(folder: string, files: readonly string[], addSec: number): Promise<Motion> {
  const [displacementUm, timesSec, depthBinCentersUm] = await Promise.all(files.map((file) => numbers(folder, file)));
  return { displacementUm, timeBinCentersSec: timesSec.map((t) => t + addSec), depthBinCentersUm };
}

/** The real recording, held against what SpikeInterface's DREDge makes of it: there is no truth. */
export async function realSet(): Promise<DriftSet> {
  const files = ["peak_sample_index_32khz.npy", "peak_depth_um.npy", "peak_amplitude_uv.npy"];
  return {
    name: "real recording, against the reference DREDge",
    spikes: await spikesOf("example_nhp", files, 32000),
    durationSec: 1800,
    probe: probeOf(Array.from({ length: 68 }, (_, c) => [0, -600 + 20 * c])),
    truth: await motionOf(
      "example_nhp/ref_dredge_ap_nonrigid",
      ["displacement_TxB.npy", "temporal_bins_s.npy", "spatial_bins_um.npy"],
      0,
    ),
    depthMarginUm: 0,
  };
}

/** The same against the reference MEDiCINe, which states left edges of bins of 1 s. */
export async function realSetAgainstMedicine(): Promise<DriftSet> {
  const files = ["motion.npy", "time_bins.npy", "depth_bins.npy"];
  return {
    ...(await realSet()),
    name: "real recording, against the reference MEDiCINe",
    truth: await motionOf("example_nhp/ref_medicine_seed0", files, 0.5),
  };
}

/** 200 s, 100 units, about 240 spikes a second, under one of the generator's drifts. */
export function generatedSet(kind: DriftKind): DriftSet {
  const durationSec = 200;
  const { depthUm } = syntheticDefaults;
  const motion = syntheticDrift({ seed: 2, kind, durationSec, topUm: depthUm, peakToPeakUm: 60, periodSec: 100 });
  const config = { ...syntheticDefaults, durationSec, nUnits: 100, rateHz: 2.2, motion };
  return { name: `generated ${kind}`, ...syntheticSpikes(config), durationSec, depthMarginUm: 50 };
}
