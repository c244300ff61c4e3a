import { describe, expect, it } from "vitest";
import type { Motion, ProbeSites, SpikeTable } from "../../../src/core/types.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { readColumn } from "../../../src/io/columns.ts";
import { readProbeinterface } from "../../../src/io/geometry/probeinterface.ts";
import { readNpyHeader } from "../../../src/io/npy/header.ts";
import { openSources } from "../../../src/io/open.ts";
import type { WrittenFile } from "../../../src/io/write/file.ts";
import { npyTableFile } from "../../../src/io/write/npy.ts";
import { spikeinterfaceExport, spikeinterfaceFile } from "../../../src/io/write/spikeinterfaceExport.ts";
import type { NotedMotion } from "../../../src/protocol/motions.ts";
import type { SpikeinterfaceGiven } from "../../../src/protocol/spikeinterface.ts";
import { motionOf, spikesOf } from "../support.ts";

/** Two shanks of two contacts; contact 1 is a reference. */
const probe: ProbeSites = {
  model: "Neuropixels 2.0, 4 shanks",
  partNumber: "NP2013",
  nShanks: 2,
  positionsUm: [
    [27, 0],
    [59, 0],
    [277, 15],
    [309, 15],
  ],
  shank: [0, 0, 1, 1],
  connected: [true, false, true, true],
};
const timesOnly: SpikeTable = {
  nSpikes: 3,
  timeSec: Float64Array.of(0.5, 1.25, 2.00001),
  depthUm: Float64Array.of(2, 14, 40),
  ampUv: Float32Array.of(-80, -60.5, -75),
};
const complete: SpikeTable = {
  ...timesOnly,
  timeSec: Float64Array.of(0.5, 1.25, 2),
  xUm: Float64Array.of(20, 300, 270),
  zUm: Float64Array.of(4, 5, 6),
  alpha: Float64Array.of(700, 800, 900),
  sampleIndex: Float64Array.of(15_000, 37_500, 60_000),
  channel: Int32Array.of(0, 3, 2),
};
const motion: Motion = {
  displacementUm: Float64Array.of(0, 1, 2, 3, 4, 5),
  timeBinCentersSec: Float64Array.of(0.5, 1.5, 2.5),
  depthBinCentersUm: Float64Array.of(0, 100),
};
const noted = (title: string, one: Motion = motion): NotedMotion => ({
  note: { id: title, title, from: { kind: "file", format: "f", title }, isTruth: false, isActive: false },
  motion: one,
});
const given: SpikeinterfaceGiven = {
  spikes: complete,
  motions: [noted("DREDge")],
  probes: [{ name: "rec.ap", probe }],
  clock: { rateHz: 30_000, segments: [{ startSec: 0, nSamples: 90_000 }] },
};
const fileOf = (files: readonly WrittenFile[], path: string) => {
  const file = files.find((one) => one.path === path);
  return memorySource(path, file?.bytes ?? new Uint8Array(0));
};
const open = (files: readonly WrittenFile[]) => openSources(files.map(({ path, bytes }) => memorySource(path, bytes)));
const textOf = (files: readonly WrittenFile[], path: string) =>
  JSON.parse(new TextDecoder().decode(files.find((one) => one.path === path)?.bytes));

describe("a probe for probeinterface", () => {
  it("has what Probe.from_dict asks for, and comes back as the same sites", async () => {
    const { files, notes } = spikeinterfaceExport("probeinterface", given);
    expect(files.map(({ path }) => path)).toEqual(["probe.json"]);
    expect(notes).toEqual([]);
    const { specification, version, probes } = textOf(files, "probe.json");
    expect([specification, version]).toEqual(["probeinterface", "0.3.2"]);
    expect(probes[0]).toEqual({
      ndim: 2,
      si_units: "um",
      annotations: { model_name: "NP2013", manufacturer: "imec", description: "Neuropixels 2.0, 4 shanks" },
      contact_annotations: { connected: [true, false, true, true] },
      contact_positions: probe.positionsUm,
      contact_plane_axes: new Array(4).fill([
        [1, 0],
        [0, 1],
      ]),
      contact_shapes: new Array(4).fill("square"),
      contact_shape_params: new Array(4).fill({ width: 12 }),
      contact_ids: ["0", "1", "2", "3"],
      shank_ids: ["0", "0", "1", "1"],
      device_channel_indices: [0, 1, 2, 3],
    });
    const read = await readProbeinterface(fileOf(files, "probe.json"));
    expect(read?.sitesFor(4)).toMatchObject({ positionsUm: probe.positionsUm, shank: probe.shank, nShanks: 2 });
  });

  it("is saved as it is, what takes several files as a zip", async () => {
    const { blob, name } = spikeinterfaceFile("probeinterface", given);
    expect([name, JSON.parse(await blob.text()).specification]).toEqual(["probe.json", "probeinterface"]);
    const zip = spikeinterfaceFile("peaks", given);
    expect(zip.name).toBe("peaks.zip");
    const opened = await openSources([memorySource("peaks.zip", new Uint8Array(await zip.blob.arrayBuffer()))]);
    expect(spikesOf(opened)).toEqual(complete);
  });

  it("is a file per probe, and says where contacts coincide or are unknown", () => {
    const twice = { ...probe, positionsUm: [...probe.positionsUm.slice(0, 3), [27, 0] as [number, number]] };
    const two = [
      { name: "a", probe },
      { name: "a", probe: twice },
    ];
    const { files, notes } = spikeinterfaceExport("probeinterface", { ...given, probes: two });
    expect(files.map(({ path }) => path)).toEqual(["a.json", "a-2.json"]);
    expect(notes).toEqual(["a: 1 contacts lie where another one lies, which probeinterface refuses to load."]);
    const unknown = { ...probe, positionsUm: [], shank: [] };
    expect(() => spikeinterfaceExport("probeinterface", { ...given, probes: [{ name: "b", probe: unknown }] })).toThrow(
      "b: expected a probe whose contacts are known, found none; open a probeinterface .json or channel_locations.npy beside it.",
    );
    expect(() => spikeinterfaceExport("probeinterface", { ...given, probes: [] })).toThrow("beside them, found none.");
  });

  it("of another maker has points for contacts, of an Ultra small squares", () => {
    const of = (model: string, partNumber = "") =>
      textOf(
        spikeinterfaceExport("probeinterface", {
          ...given,
          probes: [{ name: "x", probe: { ...probe, model, partNumber } }],
        }).files,
        "probe.json",
      ).probes[0].contact_shape_params[0];
    expect(of("unknown probe")).toEqual({ radius: 1 });
    expect(of("Neuropixels Ultra, phase 1", "NP1100")).toEqual({ width: 5 });
  });
});

describe("peaks for SpikeInterface", () => {
  it("are structured arrays of its types, and come back as the same spikes", async () => {
    const { files, notes } = spikeinterfaceExport("peaks", given);
    expect(files.map(({ path }) => path)).toEqual(["peaks.npy", "peak_locations.npy", "peaks.json"]);
    expect(notes).toEqual([]);
    const columns = async (path: string) =>
      (await readNpyHeader(fileOf(files, path))).fields.map(({ name, descr }) => `${name} ${descr}`);
    expect(await columns("peaks.npy")).toEqual([
      "sample_index <i8",
      "channel_index <i8",
      "amplitude <f8",
      "segment_index <i8",
    ]);
    expect(await columns("peak_locations.npy")).toEqual(["x <f8", "y <f8", "z <f8", "alpha <f8"]);
    const opened = await open(files);
    expect(opened[0].info.warnings).toEqual([]);
    expect(spikesOf(opened)).toEqual(complete);
  });

  it("get samples from the rate and channels from the nearest contact where they have none, and say so", async () => {
    const { files, notes } = spikeinterfaceExport("peaks", { ...given, spikes: timesOnly });
    const column = async (name: string) => [...(await readColumn(fileOf(files, "peaks.npy"), name)).values];
    expect(await column("sample_index")).toEqual([15_000, 37_500, 60_000]);
    expect(await column("channel_index")).toEqual([0, 2, 2]);
    const across = { ...timesOnly, xUm: Float64Array.of(60, 300, 20), shank: Int32Array.of(0, 1, 0) };
    const placed = spikeinterfaceExport("peaks", { ...given, spikes: across }).files;
    expect([...(await readColumn(fileOf(placed, "peaks.npy"), "channel_index")).values]).toEqual([0, 3, 0]);
    expect(notes).toEqual([
      "sample_index is the time of each spike × 30000 Hz, rounded.",
      "channel_index is the contact of rec.ap nearest to each spike.",
      "x of peak_locations.npy is not known and is NaN; y is the depth.",
    ]);
    const { clock: _, ...withoutRate } = { ...given, spikes: timesOnly };
    expect(() => spikeinterfaceExport("peaks", withoutRate)).toThrow("Expected the sample of each spike");
    expect(() => spikeinterfaceExport("peaks", { ...given, spikes: timesOnly, probes: [] })).toThrow(
      "Expected the channel of each spike",
    );
    expect(() => spikeinterfaceExport("peaks", { ...given, spikes: null })).toThrow(
      "Expected spikes with their positions, found none.",
    );
  });

  it("say when no amplitude is a trough", () => {
    const positive = { ...complete, ampUv: Float32Array.of(80, 60, 75) };
    expect(spikeinterfaceExport("peaks", { ...given, spikes: positive }).notes[0]).toContain(
      "All amplitudes are positive",
    );
  });

  it("hold whole numbers beyond 32 bits, of either sign", async () => {
    const values = [0, -1, 2 ** 31, -(2 ** 33) - 5, 2 ** 53 - 1];
    const file = npyTableFile("a.npy", 5, [{ name: "n", dtype: "<i8", values }]);
    expect([...(await readColumn(memorySource("a.npy", file.bytes), "n")).values]).toEqual(values);
  });
});

describe("a motion_info folder", () => {
  it("is one folder for one motion, with its peaks, and comes back", async () => {
    const { files, notes } = spikeinterfaceExport("motion-info", given);
    expect(files.map(({ path }) => path)).toEqual([
      "parameters.json",
      "run_times.json",
      "motion/spikeinterface_info.json",
      "motion/displacement_seg0.npy",
      "motion/temporal_bins_s_seg0.npy",
      "motion/spatial_bins_um.npy",
      "peaks.npy",
      "peak_locations.npy",
    ]);
    expect(notes).toEqual([]);
    expect(textOf(files, "parameters.json")).toMatchObject({ sampling_frequency: 30_000 });
    const opened = await open(files);
    expect(spikesOf(opened)).toEqual(complete);
    expect(motionOf(opened)).toEqual(motion);
  });

  it("is a folder each for several motions, and keeps the shanks of each", async () => {
    const apart = { ...motion, byShank: [motion, { ...motion, displacementUm: motion.displacementUm.map((v) => -v) }] };
    const { files, notes } = spikeinterfaceExport("motion-info", {
      ...given,
      motions: [noted("a"), noted("b", apart)],
    });
    expect(files.map(({ path }) => path.split("/")[0])).toContain("a");
    expect(notes).toEqual(["b: motion/ is the mean of 2 shanks; each shank's own is motion-shank0/, …."]);
    expect(motionOf(await open(files.filter(({ path }) => path.startsWith("b/"))))).toEqual(apart);
  });

  it("has a motion for each segment of the spikes, and comes back on one clock", async () => {
    const segment = Int32Array.of(0, 0, 1);
    const spikes = { ...complete, segment, timeSec: Float64Array.of(0.5, 1.25, 22) };
    const long = { ...motion, timeBinCentersSec: Float64Array.of(0.5, 1.5, 21.5) };
    const { clock: _, ...unclocked } = given;
    const clock = { rateHz: 30_000, segments: [] };
    const { files, notes } = spikeinterfaceExport("motion-info", {
      ...unclocked,
      clock,
      spikes,
      motions: [noted("a", long)],
    });
    expect(notes).toEqual([
      "motion/ has 2 segments, each in time from its first sample; where they begin stands in parameters.json.",
    ]);
    const opened = await open(files);
    expect(spikesOf(opened)).toEqual(spikes);
    expect(motionOf(opened)).toEqual(long);
  });

  it("goes without peaks where nothing says their samples, and says why", () => {
    const { clock: _, ...withoutRate } = { ...given, spikes: timesOnly };
    const { files, notes } = spikeinterfaceExport("motion-info", withoutRate);
    expect(files.map(({ path }) => path)).not.toContain("peaks.npy");
    expect(notes[0]).toBe(
      "peaks.npy and peak_locations.npy are left out. Expected the sample of each spike, or a sampling rate to take it from (the recording beside them, or --rate-hz on the command line), found none.",
    );
    expect(() => spikeinterfaceExport("motion-info", { ...given, motions: [] })).toThrow("Expected a motion");
  });
});
