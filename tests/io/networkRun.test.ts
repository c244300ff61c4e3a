import { strFromU8 } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { readTable } from "../../src/io/columns.ts";
import { openModels, openSources } from "../../src/io/open.ts";
import { runDirectoryFiles } from "../../src/io/write/runDirectory.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { initialModel } from "../../src/nn/initialModel.ts";
import type { StepResult } from "../../src/protocol/methods.ts";
import type { TrainedModel } from "../../src/protocol/models.ts";
import type { RunBundle } from "../../src/protocol/workers.ts";
import { motionOf, sourcesOf, spikesOf } from "./support.ts";

const spec = { kind: "cnn", nOut: 3 } as const;
const modelOf = (seed: number, about: string): TrainedModel => ({
  ...initialModel(spec, new Random(seed)),
  waveformScale: 12.5,
  about,
});
const pretrained = modelOf(1, "pretrained on monopolar, 2 epochs");
const tuned = modelOf(2, "fine-tuned, 1 iteration");

/** Three spikes at depths around `um`; the last cannot be placed by the localizer. */
const places = (um: number, isLastPlaced = true) =>
  Float32Array.from({ length: 12 }, (_, i) => (i < 8 || isLastPlaced ? [8, um + i, 20, 500][i % 4] : Number.NaN));
const spikesAt = (xyza: Float32Array): SpikeTable => ({
  nSpikes: 3,
  timeSec: Float64Array.of(0.1, 1.7, 2.3),
  ampUv: Float32Array.of(-80, -60, -75),
  xUm: Float64Array.of(xyza[0], xyza[4], xyza[8]),
  depthUm: Float64Array.of(xyza[1], xyza[5], xyza[9]),
  zUm: Float64Array.of(xyza[2], xyza[6], xyza[10]),
  alpha: Float64Array.of(xyza[3], xyza[7], xyza[11]),
});
const motion: Motion = {
  displacementUm: Float64Array.of(5, 5, 5),
  timeBinCentersSec: Float64Array.of(0.5, 1.5, 2.5),
  depthBinCentersUm: Float64Array.of(0),
};
const none = { params: {}, stageSeconds: {}, metrics: {}, summary: {}, complete: true };
const rmse = { rmse_x: 1, rmse_y: 2, rmse_z: 3, rmse_xyz: Math.sqrt(14) };
const steps: StepResult[] = [
  { ...none, method: "localize", locations: { monopolar: places(100, false), com: places(110) } },
  {
    ...none,
    method: "sln-pretrain",
    params: { epochs: 2, learning_rate: 1e-3 },
    spikes: spikesAt(places(200)),
    locations: { "sln-cnn-pretrained": places(200) },
    model: pretrained,
    history: {
      columns: ["epoch", "train_loss", "val_rmse_x", "val_rmse_y", "val_rmse_z", "val_rmse_xyz"],
      rows: [[1, 30.5, 1, 2, 3, Number.NaN]],
    },
    finalMetrics: {
      best_epoch: 1,
      best_val_metrics: rmse,
      nn_metrics: { train: rmse, val: { ...rmse, rmse_x: Number.NaN } },
      anchor_baseline_metrics: { train: { ...rmse, rmse_z: 30 } },
    },
  },
  {
    ...none,
    method: "sln-joint",
    params: { outer_iterations: 1, epochs: 4, lambda_rho: 1, lateral: "off" },
    spikes: spikesAt(places(300)),
    locations: { "sln-cnn-iter01": places(300), "sln-cnn": places(300) },
    model: tuned,
    motion,
    history: { columns: ["outer_iter", "epoch", "phase", "Δy_p95_um"], rows: [[1, 0, "val_predredge_done", 5]] },
    finalMetrics: { rho_val: 0.4, ent_val: 7.5, outer_iter: 1, epoch: 3 },
    gate: { passed: true, checks: [{ name: "Δρ̄", passed: true, sentence: "Δρ̄ 0.2" }] },
  },
];
const bundle: RunBundle = {
  spikes: spikesAt(places(300)),
  format: "sln-folder",
  result: {
    recipe: {
      driftscope: 1,
      title: "joint",
      seed: 3,
      steps: steps.map(({ method, params }) => ({ method, params })),
    },
    steps,
    provenance: {
      driftscope: "0.1.0",
      commit: "abc",
      startedAt: "2026-01-01T00:00:00Z",
      seed: 3,
      compute: { mode: "cpu", adapter: "test", threads: 1 },
      runtime: "node",
      inputs: [{ path: "waveforms_all.npy", bytes: 10, sha1OfFirstMb: "00" }],
      stageSeconds: {},
      peakMemoryBytes: null,
      complete: true,
    },
    log: [],
  },
};

let byPath: Map<string, Uint8Array>;
beforeAll(() => {
  byPath = new Map([...runDirectoryFiles(bundle, [])].map((file) => [file.path, file.bytes]));
});
const text = (path: string) => strFromU8(byPath.get(path)!);
const json = (path: string) => JSON.parse(text(path));

describe("the run directory of a trained network", () => {
  it("has the weights of each step, and how it was trained under the reference's names", () => {
    const own = [...byPath.keys()].filter((path) => /^(model|pretrain|joint)\//.test(path));
    expect(own).toEqual([
      "pretrain/config.json",
      "pretrain/history.csv",
      "pretrain/metrics.json",
      "pretrain/metrics.csv",
      "model/sln-cnn-pretrained.safetensors",
      "model/sln-cnn-pretrained.json",
      "joint/config.json",
      "joint/history.csv",
      "joint/best_metrics.json",
      "joint/gate.json",
      "model/sln-cnn.safetensors",
      "model/sln-cnn.json",
    ]);
    expect(text("pretrain/history.csv")).toBe(
      "epoch,train_loss,val_rmse_x,val_rmse_y,val_rmse_z,val_rmse_xyz\n1,30.5,1,2,3,\n",
    );
    expect(text("pretrain/metrics.csv").trim().split("\n")).toEqual([
      "model,split,rmse_x,rmse_y,rmse_z,rmse_xyz",
      `nn,train,1,2,3,${Math.sqrt(14)}`,
      `nn,val,,2,3,${Math.sqrt(14)}`,
      `anchor_baseline,train,1,2,30,${Math.sqrt(14)}`,
    ]);
    expect(text("joint/history.csv")).toBe("outer_iter,epoch,phase,Δy_p95_um\n1,0,val_predredge_done,5\n");
    expect(json("joint/best_metrics.json")).toEqual({ rho_val: 0.4, ent_val: 7.5, outer_iter: 1, epoch: 3 });
    expect(json("pretrain/config.json")).toMatchObject({ max_epochs: 2, lr: 0.001, seed: 4 });
    expect(json("joint/config.json")).toMatchObject({
      outer_iters: 1,
      sln_epochs: 4,
      lambda_corr: 1,
      no_x_drift: true,
      seed: 5,
      driftscope: { method: "sln-joint", params: { lambda_rho: 1 } },
    });
    expect(json("model/sln-cnn.json")).toMatchObject({
      network: "cnn",
      waveform_scale: 12.5,
      about: "fine-tuned, 1 iteration",
      slot_order: "by depth, then across",
      passed_gate: true,
      inputs: [{ path: "waveforms_all.npy" }],
    });
    expect(json("metrics.json").steps[2].gate.passed).toBe(true);
  });

  it("has the places by every localizer and network, and corrected ones of the networks", async () => {
    const listed = (folder: string) => [...byPath.keys()].filter((path) => path.startsWith(`${folder}/`));
    expect(listed("locations")).toEqual(
      ["monopolar", "com", "sln-cnn-pretrained", "sln-cnn-iter01", "sln-cnn"].map((id) => `locations/${id}.npy`),
    );
    expect(listed("corrected")).toEqual(["sln-cnn", "sln-cnn-pretrained"].map((id) => `corrected/${id}+sln-joint.npy`));
    const path = "corrected/sln-cnn-pretrained+sln-joint.npy";
    const { values } = await readTable(memorySource(path, byPath.get(path)!));
    expect([...values.slice(0, 4)]).toEqual([8, 196, 20, 500]); // 5 µm below
    expect(json("provenance.json").positions).toBe("sln-cnn");
  });

  it("comes back: the spikes where the network put them, the motion and both networks, the last one last", async () => {
    const files = [...byPath].map(([name, bytes]) => ({ path: name, bytes }));
    for (const sources of [sourcesOf(Object.fromEntries(byPath)), [memorySource("run.zip", zipBytes(files))]]) {
      const opened = await openSources(sources);
      expect(opened[0].info.warnings).toEqual([]);
      expect([...spikesOf(opened).depthUm]).toEqual([301, 305, 309]);
      expect(motionOf(opened)).toEqual(motion);
      const models = await openModels(sources);
      expect(models.map(({ about }) => about)).toEqual([pretrained.about, tuned.about]);
      expect(models[1].waveformScale).toBe(12.5);
      expect(Buffer.from(models[1].weights.buffer).equals(Buffer.from(tuned.weights.buffer))).toBe(true);
      const described = opened.flatMap(({ info }) => info.network ?? []);
      expect(described.at(-1)).toEqual({ kind: "cnn", nOut: 3, waveformScale: 12.5, about: tuned.about });
    }
  });

  it("says which positions are in use when the gate kept the network it began with", () => {
    const kept = { ...bundle, spikes: spikesAt(places(200)) };
    const provenance = [...runDirectoryFiles(kept, [])].find(({ path }) => path === "provenance.json")!;
    expect(JSON.parse(strFromU8(provenance.bytes)).positions).toBe("sln-cnn-pretrained");
  });
});
