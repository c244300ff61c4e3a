import { describe, expect, it } from "vitest";
import { correctDepths } from "../../src/core/motion.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { readColumn, readTable } from "../../src/io/columns.ts";
import { openSources } from "../../src/io/open.ts";
import type { WrittenFile } from "../../src/io/write/file.ts";
import { kilosortFiles } from "../../src/io/write/kilosortDrift.ts";
import { medicineMotionFiles } from "../../src/io/write/medicineMotion.ts";
import { motionExports } from "../../src/io/write/motionExports.ts";
import { motionTableFile } from "../../src/io/write/motionTable.ts";
import type { FolderMotion } from "../../src/io/write/sessionMotions.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";
import { motionOf, spikesOf, utf8 } from "./support.ts";

const times = Float64Array.from({ length: 30 }, (_, i) => i + 0.5);

/** Tissue that moves 30 µm up the probe after 15 s, half as far at the top. */
const upward: Motion = {
  displacementUm: Float64Array.from({ length: 60 }, (_, at) => (at < 30 ? 0 : at % 2 ? 15 : 30)),
  timeBinCentersSec: times,
  depthBinCentersUm: Float64Array.of(0, 3000),
  lateralUm: Float64Array.from(times, (t) => t / 10),
};

const spikes: SpikeTable = {
  nSpikes: 4,
  timeSec: Float64Array.of(1, 2, 20, 21),
  depthUm: Float64Array.of(100, 2900, 129.85, 2915.5),
  ampUv: Float32Array.of(-80, -60, -75, -70),
  xUm: Float64Array.of(8, 24, 40, 8),
  zUm: Float64Array.of(5, 6, 7, 8),
  channel: Int32Array.of(5, 6, 7, 8),
  sampleIndex: Float64Array.of(30_000, 60_000, 600_000, 630_000),
};

const clock = { rateHz: 30_000, segments: [{ startSec: 0, nSamples: 900_000 }] };
const step: FolderMotion = {
  name: "dredge",
  motion: upward,
  run: { method: "dredge", params: { bin_um: 1 } },
  stageSeconds: { solve: 2 },
  note: null,
  original: null,
};
const open = (files: readonly WrittenFile[]) => openSources(files.map(({ path, bytes }) => memorySource(path, bytes)));
const exported = (motion = upward) => [...motionExports({ ...step, motion }, spikes, clock)];
const fileOf = (files: readonly WrittenFile[], path: string) => {
  const file = files.find((one) => one.path === path);
  return memorySource(path, file!.bytes);
};

describe("the sign of a shift up the probe", () => {
  it("is positive, and brings spikes back down", () => {
    const depths = correctDepths(upward, spikes.timeSec, spikes.depthUm);
    expect(depths[2]).toBeCloseTo(100.5, 1);
    expect(depths[3]).toBeLessThan(spikes.depthUm[3]);
  });

  it("is positive in every folder and table but Kilosort's, which adds what it finds", async () => {
    const files = exported();
    const late = async (path: string) => (await readTable(fileOf(files, path))).values.slice(-2);
    expect([...(await late("motion/dredge/displacement_seg0.npy"))]).toEqual([30, 15]);
    expect([...(await late("motion/dredge/motion.npy"))]).toEqual([30, 15]);
    expect([...(await late("kilosort/dredge/dshift.npy"))]).toEqual([-30, -15]);
    const table = new TextDecoder().decode(files.find((f) => f.path === "motion/dredge/motion.csv")!.bytes).split("\n");
    expect(table[0]).toBe("time_s,displacement_um_at_0,displacement_um_at_3000,lateral_um");
    expect(table[30]).toBe("29.5,30,15,2.95");
    const readme = new TextDecoder().decode(files.find((f) => f.path.endsWith("README.txt"))!.bytes);
    expect(readme).toContain("Tissue that moved up the probe has a negative dshift");
  });

  it("comes back from each of them", async () => {
    const rigidly = { ...upward, lateralUm: undefined };
    const { lateralUm: _, ...plain } = rigidly;
    expect(motionOf(await open([motionTableFile("x/m.csv", upward)]))).toEqual(upward);
    expect(motionOf(await open([motionTableFile("m.csv", plain)]))).toEqual(plain);
    expect(motionOf(await open(spikeinterfaceMotionFiles("m", upward)))).toEqual(upward);
    const medicine = motionOf(await open(medicineMotionFiles("m", plain, null)));
    expect([...medicine.displacementUm]).toEqual([...plain.displacementUm]);
    const kilosort = motionOf(await open(kilosortFiles("k", upward, clock)));
    expect(kilosort.timeBinCentersSec).toHaveLength(15);
    expect([...kilosort.displacementUm.slice(-2)]).toEqual([30, 15]);
    expect([...kilosort.displacementUm.slice(0, 2)]).toEqual([0, 0]);
  });
});

describe("Kilosort's batches", () => {
  it("are counted over the samples of all segments, and keep their gaps in time", async () => {
    const segments = [
      { startSec: 0, nSamples: 150_000 },
      { startSec: 20, nSamples: 100_000 },
    ];
    const files = kilosortFiles("k", upward, { rateHz: 30_000, segments });
    const seconds = (await readColumn(fileOf(files, "k/batch_times_sec.npy"))).values;
    // the third batch has its middle on the first sample of the second segment
    expect([...seconds]).toEqual([1, 3, 20, 22, (245_000 - 150_000) / 30_000 + 20]);
  });

  it("of a single sample are one", async () => {
    const one = { rateHz: 30_000, segments: [{ startSec: 0, nSamples: 1 }] };
    expect(motionOf(await open(kilosortFiles("k", upward, one))).timeBinCentersSec).toHaveLength(1);
  });
});

describe("SpikeInterface's motion_info folder", () => {
  it("is read as peaks with their locations, and its motion", async () => {
    const own = exported().filter(({ path }) => path.startsWith("spikeinterface/"));
    const opened = await open(own);
    const { alpha: _, ...back } = spikesOf(opened);
    expect(back).toEqual(spikes);
    expect(motionOf(opened)).toEqual(upward);
    expect(opened[0].info.warnings).toEqual([]);
  });

  it("has no peaks where nobody knows their samples", () => {
    const { sampleIndex: _, ...without } = spikes;
    const paths = [...motionExports(step, without, undefined)].map(({ path }) => path);
    expect(paths).toContain("spikeinterface/dredge/run_times.json");
    expect(paths).not.toContain("spikeinterface/dredge/peaks.npy");
  });
});

describe("shanks that moved apart", () => {
  const { lateralUm: _, ...mean } = upward;
  const first = { ...mean, displacementUm: mean.displacementUm.map((v) => v - 4) };
  const second = { ...mean, displacementUm: mean.displacementUm.map((v) => v + 4) };
  const apart: Motion = { ...mean, byShank: [first, second] };

  it("get a folder each beside the mean, and come back as one motion", async () => {
    const files = exported(apart);
    const folders = new Set(files.map(({ path }) => path.split("/").slice(0, 2).join("/")));
    expect([...folders]).toEqual([
      "motion/dredge",
      "kilosort/dredge",
      "motion/dredge-shank0",
      "kilosort/dredge-shank0",
      "motion/dredge-shank1",
      "kilosort/dredge-shank1",
      "spikeinterface/dredge",
    ]);
    expect(motionOf(await open(files.filter(({ path }) => path.startsWith("motion/"))))).toEqual(apart);
  });

  it("stand for themselves without their mean", async () => {
    const opened = await open(exported(apart).filter(({ path }) => path.startsWith("motion/dredge-shank1/")));
    expect(motionOf(opened)).toEqual(second);
  });
});

describe("a table that is none", () => {
  it.each([
    [
      "a cell short",
      "time_s,displacement_um_at_0\n1,2\n2\n",
      "m.csv: expected 2 numbers in row 1 (counting from 0), found 1.",
    ],
    [
      "text for a number",
      "time_s,displacement_um_at_0\n1,two\n",
      "m.csv: expected finite numbers, found 1 NaN or infinite one",
    ],
    [
      "times that go back",
      "time_s,displacement_um_at_0\n2,1\n1,1\n",
      "m.csv (time_s): expected ascending bins, found 1 after 2",
    ],
    ["no rows", "time_s,displacement_um_at_0\n", "m.csv (time_s): expected at least one bin, found none."],
    [
      "another column",
      "time_s,displacement_um_at_0,speed\n1,1,1\n",
      'm.csv: expected columns called displacement_um_at_<depth in µm> after time_s, found "speed".',
    ],
  ])("%s: one sentence", async (_, text, sentence) => {
    await expect(openSources([memorySource("m.csv", utf8(text))])).rejects.toThrow(sentence);
  });
});
