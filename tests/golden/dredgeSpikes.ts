import type { Range, SpikeTable } from "../../src/core/types.ts";
import { fixtureNpy } from "../fixture.ts";

/** The spikes that the reference's DREDge stages were made from. */
export const golden = "../shared/golden";

const exampleFiles = ["peak_sample_index_32khz.npy", "peak_depth_um.npy", "peak_amplitude_uv.npy"];
const simulatedFiles = ["sample_index.npy", "depth_um.npy", "amplitude_uv.npy"];

/** Spikes of [fromSec, toSec), their times from fromSec on. */
async function spikesOf(
  folder: string,
  files: string[],
  rateHz: number,
  fromSec: number,
  toSec: number,
): Promise<SpikeTable> {
  const [sample, depth, amp] = await Promise.all(
    files.map(async (file) => (await fixtureNpy(file, `${golden}/${folder}`)).values),
  );
  const rows = Array.from(sample, (_, i) => i).filter(
    (i) => sample[i] >= fromSec * rateHz && sample[i] < toSec * rateHz,
  );
  return {
    nSpikes: rows.length,
    timeSec: Float64Array.from(rows, (i) => sample[i] / rateHz - fromSec),
    depthUm: Float64Array.from(rows, (i) => depth[i]),
    ampUv: Float32Array.from(rows, (i) => amp[i]),
  };
}

/** The first seconds of the example recording, and its contacts' depths. */
export const example = (toSec: number) => spikesOf("example_nhp", exampleFiles, 32000, 0, toSec);
export const exampleRange: Range = [-600, 740];

/** 80 s of a simulated non-rigid drift. */
export const simulated = () => spikesOf("sim_peaks/nonrigid_zigzag_bumps", simulatedFiles, 30000, 60, 140);
