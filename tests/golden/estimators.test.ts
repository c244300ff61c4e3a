import { beforeAll, describe, expect, it } from "vitest";
import { scoreMotion } from "../../src/core/motionScore.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../src/core/types.ts";
import { decentralized } from "../../src/methods/decentralized/decentralized.ts";
import { iterativeTemplate } from "../../src/methods/iterativeTemplate/iterativeTemplate.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { fixtureJson, fixtureNpy } from "../fixture.ts";
import { runToEnd } from "../methods/estimatorInputs.ts";

const golden = "../shared/golden/sim_peaks";
const rateHz = 30_000;

beforeAll(() => chooseCompute("cpu", () => undefined));

interface Simulated {
  spikes: SpikeTable;
  probe: ProbeSites;
  durationSec: number;
  truth: Motion;
}

async function simulated(name: string): Promise<Simulated> {
  const read = async (file: string) => (await fixtureNpy(file, `${golden}/${name}`)).values;
  const sample = await read("sample_index.npy");
  const contacts = await read("geometry_xy_um.npy");
  const info = await fixtureJson<{ duration_s: number; ymid_um?: number; L_um?: number }>(
    "info.json",
    `${golden}/${name}`,
  );
  const [common, gradient, times] = [
    await read("motion_common_um.npy"),
    await read("motion_grad_um.npy"),
    Float64Array.from(await read("motion_time_s.npy")),
  ];
  const { ymid_um = 1910, L_um = 3820 } = info;
  const depths = Float64Array.from({ length: 11 }, (_, k) => 382 * k);
  const positionsUm = Array.from({ length: contacts.length / 2 }, (_, c): [number, number] => {
    return [contacts[2 * c], contacts[2 * c + 1]];
  });
  return {
    spikes: {
      nSpikes: sample.length,
      timeSec: Float64Array.from(sample, (s) => s / rateHz),
      depthUm: Float64Array.from(await read("depth_um.npy")),
      ampUv: Float32Array.from(await read("amplitude_uv.npy")),
    },
    probe: {
      model: "synthetic",
      partNumber: "",
      nShanks: 1,
      positionsUm,
      shank: positionsUm.map(() => 0),
      connected: positionsUm.map(() => true),
    },
    durationSec: info.duration_s - 1 / rateHz,
    truth: {
      timeBinCentersSec: times,
      depthBinCentersUm: depths,
      displacementUm: Float64Array.from({ length: times.length * 11 }, (_, at) => {
        const t = Math.floor(at / 11);
        return common[t] + (gradient[t] * (depths[at % 11] - ymid_um)) / L_um;
      }),
    },
  };
}

describe.each([
  ["rigid_zigzag", 1.5],
  ["nonrigid_zigzag_bumps", 3],
])("other estimators on simulated spikes of known motion: %s", (name, limitUm) => {
  it.each([iterativeTemplate, decentralized])("$id", async (method) => {
    const { truth, ...inputs } = await simulated(name);
    const used = process.cpuUsage().user;
    const { result } = await runToEnd(method, inputs, { rigid: name === "rigid_zigzag" });
    const seconds = (process.cpuUsage().user - used) / 1e6;
    const score = scoreMotion(result.motion!, truth);
    console.info(
      `${method.id}, ${name}: mean |error| ${score.meanAbsUm.toFixed(2)} µm, rms ${score.rmseUm.toFixed(2)} µm, r ${score.r.toFixed(4)}, gain ${score.gain.toFixed(3)}, ${seconds.toFixed(1)} s of processor`,
    );
    expect(score.meanAbsUm).toBeLessThan(limitUm);
    expect(score.gain).toBeGreaterThan(0.9);
  });
});
