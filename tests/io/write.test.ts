import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { readTable } from "../../src/io/columns.ts";
import { openSources } from "../../src/io/open.ts";
import { medicineMotionFiles } from "../../src/io/write/medicineMotion.ts";
import { runDirectoryFiles } from "../../src/io/write/runDirectory.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";
import { zipBlob, zipBytes } from "../../src/io/write/zip.ts";
import type { MotionOrigin, NotedMotion } from "../../src/protocol/motions.ts";
import type { RunBundle } from "../../src/protocol/workers.ts";
import { fixtureBytes } from "../fixture.ts";
import { checkReader, motionOf, sourcesOf, spikesOf } from "./support.ts";

const spikes: SpikeTable = {
  nSpikes: 3,
  timeSec: Float64Array.of(0.1, 1.7, 3.3),
  depthUm: Float64Array.of(100.123456789, 250, 399.5),
  ampUv: Float32Array.of(-80.1, -60, -75),
  xUm: Float64Array.of(8, 24, 40),
  channel: Int32Array.of(5, 6, 7),
  sampleIndex: Float64Array.of(3000, 51000, 99000),
};

const motion: Motion = {
  displacementUm: Float64Array.of(1 / 3, -2, Math.PI, 4, 1e-9, 6),
  timeBinCentersSec: Float64Array.of(0.6, 1.6, 2.6),
  depthBinCentersUm: Float64Array.of(0, 400),
  lateralUm: Float64Array.of(0.5, 0.5, 0.5),
};

const bundle: RunBundle = {
  spikes,
  format: "medicine-peaks",
  result: {
    recipe: {
      driftscope: 1,
      title: "MEDiCINe",
      seed: 3,
      steps: [{ method: "medicine", params: { time_bin_size: 1 } }],
    },
    steps: [
      {
        method: "medicine",
        params: { time_bin_size: 1 },
        stageSeconds: { train: 1.5 },
        motion,
        metrics: { loss: { step: Float64Array.of(0, 10), value: Float32Array.of(1.4, Number.NaN) } },
        summary: { finalLoss: 0.3 },
        complete: true,
      },
    ],
    provenance: {
      driftscope: "0.1.0",
      commit: "abc",
      startedAt: "2026-01-01T00:00:00Z",
      seed: 3,
      compute: { mode: "cpu", adapter: "test", threads: 1 },
      runtime: "node",
      inputs: [{ path: "peak_times.npy", bytes: 10, sha1OfFirstMb: "00" }],
      stageSeconds: { train: 1.5 },
      peakMemoryBytes: null,
      complete: true,
    },
    log: [
      { atSec: 0, event: { kind: "state", state: "running" } },
      { atSec: 1, event: { kind: "motion", motion } },
    ],
  },
};

const figures = [{ name: "motion.svg", bytes: new TextEncoder().encode("<svg/>") }];
const files = [...runDirectoryFiles(bundle, figures)];
const byPath = new Map(files.map((f) => [f.path, f.bytes]));
const asRecord = Object.fromEntries(byPath);
const text = (path: string) => strFromU8(byPath.get(path)!);

describe("SpikeInterface Motion folder", () => {
  it("is the folder SpikeInterface writes, byte for byte but for dev_mode", async () => {
    const names = [
      "displacement_seg0.npy",
      "temporal_bins_s_seg0.npy",
      "spatial_bins_um.npy",
      "spikeinterface_info.json",
    ];
    const original = new Map<string, Uint8Array>();
    for (const n of names) original.set(n, new Uint8Array(await fixtureBytes(`io/motion_spikeinterface/${n}`)));
    const read = motionOf(await openSources(sourcesOf(Object.fromEntries(original))));
    for (const { path, bytes } of spikeinterfaceMotionFiles("m", read)) {
      const name = path.slice(2);
      if (name.endsWith(".npy")) expect(bytes).toEqual(original.get(name));
      else
        expect(strFromU8(bytes)).toBe(strFromU8(original.get(name)!).replace('"dev_mode": true', '"dev_mode": false'));
    }
  });
});

describe("MEDiCINe's own files", () => {
  it("state left edges and float32, and come back as the same centres", async () => {
    const written = medicineMotionFiles("out", motion, { time_bin_size: 1, motion_bound: 800 });
    expect(written.map((f) => f.path)).toEqual([
      "out/motion.npy",
      "out/time_bins.npy",
      "out/depth_bins.npy",
      "out/medicine_parameters.json",
    ]);
    expect(strFromU8(written[0].bytes)).toContain("'<f4'");
    const read = motionOf(await openSources(written.map((f) => memorySource(f.path, f.bytes))));
    for (const [i, t] of motion.timeBinCentersSec.entries()) expect(read.timeBinCentersSec[i]).toBeCloseTo(t, 12);
    expect([...read.displacementUm]).toEqual([...Float32Array.from(motion.displacementUm)]);
  });

  it("without the bin in the parameters takes the distance between centres", () => {
    const coarse = { ...motion, timeBinCentersSec: Float64Array.of(1, 3, 5) };
    const edges = medicineMotionFiles("out", coarse, {})[1].bytes;
    expect(new DataView(edges.buffer).getFloat64(128, true)).toBe(0);
  });
});

describe("run directory", () => {
  it("has the layout of every run", () => {
    expect([...byPath.keys()]).toEqual([
      "recipe.json",
      "provenance.json",
      "log.jsonl",
      "metrics.json",
      "spikes/times_sec.npy",
      "spikes/amplitude_uv.npy",
      "spikes/sample_index.npy",
      "spikes/channel.npy",
      "locations/imported.npy",
      "motion/medicine/spikeinterface_info.json",
      "motion/medicine/displacement_seg0.npy",
      "motion/medicine/temporal_bins_s_seg0.npy",
      "motion/medicine/spatial_bins_um.npy",
      "motion/medicine/lateral_um.npy",
      "motion/medicine/motion.npy",
      "motion/medicine/time_bins.npy",
      "motion/medicine/depth_bins.npy",
      "motion/medicine/medicine_parameters.json",
      "motion/medicine/motion.csv",
      "kilosort/medicine/dshift.npy",
      "kilosort/medicine/yblk.npy",
      "kilosort/medicine/batch_times_sec.npy",
      "kilosort/medicine/README.txt",
      "spikeinterface/medicine/parameters.json",
      "spikeinterface/medicine/run_times.json",
      "spikeinterface/medicine/motion/spikeinterface_info.json",
      "spikeinterface/medicine/motion/displacement_seg0.npy",
      "spikeinterface/medicine/motion/temporal_bins_s_seg0.npy",
      "spikeinterface/medicine/motion/spatial_bins_um.npy",
      "spikeinterface/medicine/motion/lateral_um.npy",
      "spikeinterface/medicine/peaks.npy",
      "spikeinterface/medicine/peak_locations.npy",
      "corrected/imported+medicine.npy",
      "figures/motion.svg",
    ]);
    expect(JSON.parse(text("recipe.json"))).toEqual(bundle.result.recipe);
    expect(JSON.parse(text("provenance.json"))).toMatchObject({ seed: 3, format: "medicine-peaks" });
    expect(JSON.parse(text("metrics.json")).steps[0].curves.loss).toEqual({ step: [0, 10], value: [1.39999998, null] });
    expect(
      text("log.jsonl")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { atSec: 0, kind: "state", state: "running" },
      { atSec: 1, kind: "motion", nTimeBins: 3, nDepthBins: 2 },
    ]);
  });

  it("corrected is observed minus displacement, up the probe and across it; unknown is NaN", async () => {
    const read = async (path: string) => [...(await readTable(memorySource(path, byPath.get(path)!))).values];
    const raw = await read("locations/imported.npy");
    const corrected = await read("corrected/imported+medicine.npy");
    expect(raw.slice(4)).toEqual([24, 250, NaN, NaN, 40, 399.5, NaN, NaN]);
    // first spike: before the first centre, a quarter of the way up from 1/3 to −2
    const fraction = 100.123456789 / 400;
    expect(corrected[1]).toBeCloseTo(100.123456789 - (1 / 3 + fraction * (-2 - 1 / 3)), 4);
    expect(corrected[0]).toBe(7.5);
    expect(corrected[2]).toBeNaN();
  });

  it("comes back: the same motion exactly, the same spikes but for float32 depths", async () => {
    for (const sources of [sourcesOf(asRecord), [memorySource("run.zip", zipBytes(files))]]) {
      const opened = await openSources(sources);
      expect(motionOf(opened)).toEqual(motion);
      const back = spikesOf(opened);
      expect(back).toEqual({ ...spikes, depthUm: Float64Array.from(Float32Array.from(spikes.depthUm)) });
      expect(opened[0].info.format).toBe("run-directory");
      expect(opened[0].info.warnings).toHaveLength(1);
    }
  });

  it("keeps the readers' contract", () =>
    checkReader(
      "run-directory",
      asRecord,
      zipBytes(files),
      /^corrected|^kilosort|^spikeinterface|motion\/medicine\/(motion|\w+_bins)\.npy$/,
    ));

  it("names a second motion by the same method apart, and writes no folder for a step without motion", () => {
    const [step] = bundle.result.steps;
    const { motion: _, ...without } = step;
    const result = { ...bundle.result, steps: [step, step, without] };
    const paths = [...runDirectoryFiles({ ...bundle, result }, [])].map((f) => f.path);
    expect(paths.filter((p) => /^motion.*displacement_seg0.npy$/.test(p))).toEqual([
      "motion/medicine/displacement_seg0.npy",
      "motion/medicine-2/displacement_seg0.npy",
    ]);
    expect(paths).toContain("corrected/imported+medicine-2.npy");
  });
});

describe("a run directory of a session with several motions", () => {
  const of = (id: string, title: string, from: MotionOrigin, um: number): NotedMotion => ({
    note: { id, title, from, isTruth: id === "m4", isActive: id === "m2" },
    motion: { ...motion, displacementUm: motion.displacementUm.map((v) => v + um) },
  });
  const run = { kind: "run", method: "medicine", params: { time_bin_size: 1, sizes: [1, 2] }, seed: 3 } as const;
  const motions = [
    of("m1", "MEDiCINe", { ...run, complete: true }, 0),
    of("m2", "Slow one", { ...run, complete: false }, 1),
    of("m3", "Slow one, edited/é", { kind: "edit", of: "m2", edits: [{ kind: "shift", byUm: 1 }] }, 2),
    of("m4", "…", { kind: "file", format: "spikeinterface-motion", title: "SpikeInterface motion" }, 3),
  ];
  const written = Object.fromEntries(
    [...runDirectoryFiles({ ...bundle, motions }, [])].map(({ path, bytes }) => [path, bytes]),
  );

  it("has a folder for each, and brings all of them back with what was known of them", async () => {
    const folders = ["medicine", "medicine-2", "slow-one-edited", "motion"];
    expect(
      Object.keys(written).filter((path) => path.startsWith("motion/") && path.endsWith("displacement_seg0.npy")),
    ).toEqual(folders.map((name) => `motion/${name}/displacement_seg0.npy`));
    for (const name of folders) expect(written).toHaveProperty([`corrected/imported+${name}.npy`]);
    const opened = await openSources(sourcesOf(written));
    const back = opened.flatMap((one) => (one.kind === "motion" ? [{ note: one.info.note, motion: one.motion }] : []));
    expect(back).toEqual(motions);
    expect(opened.flatMap((one) => one.info.warnings)).toHaveLength(1); // float32 depths
  });

  it("keeps the contacts, and refuses damaged ones", async () => {
    const probe = {
      ...{ model: "two", partNumber: "", nShanks: 2 },
      positionsUm: [
        [0, 20],
        [250, 20],
      ] as [number, number][],
      shank: [0, 1],
      connected: [true, false],
    };
    const files = [...runDirectoryFiles({ ...bundle, probe }, [])];
    const all = Object.fromEntries(files.map(({ path, bytes }) => [path, bytes]));
    const [spikes] = await openSources(sourcesOf(all));
    expect(spikes.info.probe).toEqual(probe);
    for (const damage of ["{}", JSON.stringify({ ...probe, shank: [0] }), JSON.stringify({ ...probe, nShanks: "2" })])
      await expect(
        openSources(sourcesOf({ ...all, "spikes/contacts.json": new TextEncoder().encode(damage) })),
      ).rejects.toThrow("spikes/contacts.json: expected the contacts that a run had written, found something else.");
  });

  it("keeps how a motion was edited, and reads it without that when it is damaged", async () => {
    const path = "motion/slow-one-edited/edits.json";
    const kept = { driftscope: 1, of: "medicine-2", edits: [{ kind: "shift", byUm: 1 }] };
    expect(JSON.parse(new TextDecoder().decode(written[path]))).toEqual(kept);
    const damaged = new TextEncoder().encode('{"edits":[{"kind":"bend"}]}');
    const opened = await openSources(sourcesOf({ ...written, [path]: damaged }));
    const edited = opened.find(({ info }) => info.note?.id === "m3");
    expect(edited?.info.note?.from).toEqual({ kind: "edit", of: "m2" });
    expect(edited?.info.warnings[0]).toMatch(/^motion\/slow-one-edited\/edits.json: expected an edit .* without it\.$/);
  });

  it("reads a motion without its note when that is damaged, and says so", async () => {
    const path = "motion/medicine/driftscope_motion.json";
    for (const damaged of ["{", "[]", "{}", '{"id":"a","title":"b","from":{"kind":"run","method":"c"}}']) {
      const opened = await openSources(sourcesOf({ ...written, [path]: new TextEncoder().encode(damaged) }));
      const [first] = opened.filter((one) => one.kind === "motion");
      expect(first.info.note).toBeUndefined();
      expect(first.info.warnings).toEqual([
        `${path}: expected a note as driftscope_motion.json holds it, found something else; the motion was read without it.`,
      ]);
    }
  });
});

describe("zip", () => {
  it("holds every file, depends only on them and the date, and can be saved", async () => {
    const at = new Date(2026, 0, 1);
    const bytes = zipBytes(files, at);
    expect(unzipSync(bytes)).toEqual(asRecord);
    expect(zipBytes(files, at)).toEqual(bytes);
    const blob = zipBlob(files, at);
    expect(blob.type).toBe("application/zip");
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(bytes);
  });
});
