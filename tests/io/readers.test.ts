import { describe, expect, it } from "vitest";
import { memorySource } from "../../src/io/byteSource.ts";
import { inspectJson } from "../../src/io/inspect.ts";
import { openSources } from "../../src/io/open.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { fixtureBytes } from "../fixture.ts";
import { checkReader, expectedOf, f8, fixtureSource, motionOf, sourcesOf, spikesOf, utf8 } from "./support.ts";

type Files = Record<string, Uint8Array>;
const fixture = async (name: string) => new Uint8Array(await fixtureBytes(`io/${name}`));
const zipOf = (files: Files) => zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));

const triple: Files = {
  "peak_times.npy": f8([0.5, 1, 2.5]),
  "peak_depths.npy": f8([100, 300, -20], [3, 1]),
  "peak_amplitudes.npy": npyBytes([-80, -60, -75], [3], "<f4"),
};

const sln: Files = {
  "spike_times.npy": npyBytes([3000, 6000, 30000], [3], "<i8"),
  "spike_amplitudes.npy": f8([-80, -60, -75]),
  "spike_channels.npy": npyBytes([7, 8, 9], [3], "<i4"),
  "fs.npy": f8([30000]),
  "spike_locs_y.npy": f8([1, 2, 3]),
  "tpca_monopolar_full/spike_locs_y.npy": f8([100.5, 200, 300]),
  "tpca_monopolar_full/spike_locs_x.npy": f8([10, 20, 30]),
  "tpca_monopolar_full/spike_locs_z.npy": f8([5, Number.NaN, 6]),
  "spike_anchors.npy": npyBytes([16, 100, 0, 16, 200, 0, 16, 300, 0], [3, 3], "<f4"),
  "all_spike_waveforms/waveforms_all.npy": npyBytes(new Float32Array(3 * 10 * 90), [3, 10, 90], "<f4"),
};

const medicineMotion: Files = {
  "motion.npy": npyBytes([1, 2, 3, 4, 5, 6], [3, 2], "<f4"),
  "time_bins.npy": f8([0.25, 2.25, 4.25]),
  "depth_bins.npy": f8([-100, 500]),
};

async function siPeaks(): Promise<Files> {
  return {
    "peaks.npy": await fixture("npy/peaks.npy"),
    "peak_locations.npy": await fixture("npy/locations.npy"),
    "parameters.json": utf8('{"detect": {"method": "locally_exclusive"}, "sampling_frequency": 15000}'),
  };
}

async function siMotion(): Promise<Files> {
  const names = [
    "spikeinterface_info.json",
    "displacement_seg0.npy",
    "temporal_bins_s_seg0.npy",
    "spatial_bins_um.npy",
  ];
  return Object.fromEntries(
    await Promise.all(names.map(async (n) => [n, await fixture(`motion_spikeinterface/${n}`)])),
  );
}

describe("the contract of every reader", () => {
  it("MEDiCINe peaks", () => checkReader("medicine-peaks", triple, zipOf(triple)));
  it("SLN data set", () => checkReader("sln-folder", sln, zipOf(sln)));
  it("SpikeInterface peaks", async () => checkReader("spikeinterface-peaks", await siPeaks(), zipOf(await siPeaks())));
  it("SpikeInterface motion", async () =>
    checkReader("spikeinterface-motion", await siMotion(), zipOf(await siMotion())));
  it("MEDiCINe motion", () => checkReader("medicine-motion", medicineMotion, zipOf(medicineMotion)));
});

describe("MEDiCINe peaks", () => {
  it("fills in counts, ranges and what there is", async () => {
    const opened = await openSources(sourcesOf(triple));
    expect(inspectJson(opened)).toEqual({
      format: "medicine-peaks",
      title: "MEDiCINe peaks",
      kind: "spikes",
      warnings: [],
      files: Object.entries(triple).map(([path, bytes]) => ({ path, bytes: bytes.length })),
      durationSec: 2.5,
      nSpikes: 3,
      has: ["times", "depths", "amplitudes"],
      timeRangeSec: [0.5, 2.5],
      depthRangeUm: [-20, 300],
      amplitudeRangeUv: [-80, -60],
    });
  });

  it.each(["stored.npz", "deflated.npz", "folder.zip"])("numpy's and Python's %s", async (name) => {
    const spikes = spikesOf(await openSources([await fixtureSource(`npz/${name}`, name)]));
    const { values } = await expectedOf("triple");
    const sum = (a: Float64Array) => a.reduce((s, v) => s + v, 0);
    expect(sum(spikes.timeSec)).toBeCloseTo(values[0], 8);
    expect(sum(spikes.depthUm)).toBeCloseTo(values[1], 8);
    expect(spikes.ampUv.reduce((s, v) => s + v, 0)).toBeCloseTo(values[2], 2);
  });

  it("names may share a prefix", async () => {
    const files = Object.fromEntries(Object.entries(triple).map(([name, bytes]) => [`day1_${name}`, bytes]));
    expect(spikesOf(await openSources(sourcesOf(files))).nSpikes).toBe(3);
  });

  it("sorts times and says how many were out of order", async () => {
    const opened = await openSources(sourcesOf({ ...triple, "peak_times.npy": f8([2, 1, 3]) }));
    expect([...spikesOf(opened).timeSec]).toEqual([1, 2, 3]);
    expect([...spikesOf(opened).depthUm]).toEqual([300, 100, -20]);
    expect(opened[0].info.warnings).toEqual([
      "peak_times.npy: 1 spike was earlier than the spike before; the spikes were sorted by time.",
    ]);
  });

  it("warns when all depths are equal, and of files it did not read", async () => {
    const opened = await openSources(
      sourcesOf({ ...triple, "peak_depths.npy": f8([5, 5, 5]), "extra.npy": f8([1]), "a.txt": utf8("") }),
    );
    expect(opened[0].info.warnings).toEqual([
      "peak_depths.npy: every spike has the same depth (5 µm); motion cannot be seen in that.",
      "1 file was not recognised and not read: extra.npy.",
    ]);
  });

  it("two files of one path cannot be told apart", async () => {
    const twice = [memorySource("peak_times.npy", f8([1])), memorySource("peak_times.npy", f8([2]))];
    await expect(openSources(twice)).rejects.toThrow("Expected one file called peak_times.npy, found two of that name");
  });
});

describe("SLN data set", () => {
  it("takes denoised monopolar positions, samples over the rate, and leaves out a column with NaN", async () => {
    const [opened] = await openSources(sourcesOf(sln));
    const spikes = spikesOf([opened]);
    expect([...spikes.timeSec]).toEqual([0.1, 0.2, 1]);
    expect([...spikes.depthUm]).toEqual([100.5, 200, 300]);
    expect([...spikes.xUm!]).toEqual([10, 20, 30]);
    expect([...spikes.channel!]).toEqual([7, 8, 9]);
    expect([...spikes.sampleIndex!]).toEqual([3000, 6000, 30000]);
    expect(spikes.zUm).toBeUndefined();
    expect(opened.info.has).toEqual([
      "times",
      "depths",
      "amplitudes",
      "x",
      "channels",
      "sampleIndex",
      "anchors",
      "waveforms",
    ]);
    expect(opened.info.warnings[0]).toBe(
      "tpca_monopolar_full/spike_locs_z.npy: 1 of 3 values are NaN or infinite, the first in row 1 (counting from 0); this column was left out.",
    );
  });

  it("falls back to plain monopolar, then to anchors with a warning", async () => {
    const without = (pattern: RegExp) =>
      Object.fromEntries(Object.entries(sln).filter(([path]) => !pattern.test(path)));
    expect([...spikesOf(await openSources(sourcesOf(without(/tpca/)))).depthUm]).toEqual([1, 2, 3]);
    const [anchored] = await openSources(sourcesOf(without(/spike_locs/)));
    expect([...spikesOf([anchored]).depthUm]).toEqual([100, 200, 300]);
    expect(anchored.info.warnings[0]).toContain("the anchors stand for the depths");
  });

  it("leaves a sorter's folder alone and refuses waveforms of another length", async () => {
    await expect(openSources(sourcesOf({ ...sln, "params.py": utf8("") }))).rejects.toThrow(
      "Expected arrays whose names say what they are",
    );
    const waveforms = npyBytes(new Float32Array(2 * 10 * 90), [2, 10, 90], "<f4");
    await expect(
      openSources(sourcesOf({ ...sln, "all_spike_waveforms/waveforms_all.npy": waveforms })),
    ).rejects.toThrow(
      "expected waveforms of shape (3, channels, samples), one for each spike, found shape (2, 10, 90).",
    );
    await expect(openSources(sourcesOf({ ...sln, "spike_times.npy": f8([0.1, 0.2, 0.3]) }))).rejects.toThrow(
      "spike_times.npy: expected whole sample numbers, found 0.1 in row 0",
    );
  });
});

describe("SpikeInterface peaks", () => {
  it("takes the rate from the description, positions from the other table", async () => {
    const [opened] = await openSources(sourcesOf(await siPeaks()));
    const spikes = spikesOf([opened]);
    expect([...spikes.timeSec]).toEqual([0.002, 0.02, 0.1, 0.2, 3, 4]);
    expect([...spikes.depthUm]).toEqual([1, 11.5, 22, 32.5, 43, 53.5]);
    expect([...spikes.channel!]).toEqual([3, 1, 4, 1, 5, 9]);
    expect(opened.info.has).toEqual(["times", "depths", "amplitudes", "x", "z", "alpha", "channels", "sampleIndex"]);
    expect(opened.info.warnings).toEqual([]);
  });

  it("tells the two tables by their columns, and assumes 30000 Hz only with a warning", async () => {
    const files = await siPeaks();
    const renamed = { "a.npy": files["peak_locations.npy"], "b.npy": files["peaks.npy"] };
    const [opened] = await openSources(sourcesOf(renamed));
    expect(spikesOf([opened]).timeSec[0]).toBe(0.001);
    expect(opened.info.warnings[0]).toContain("30000 Hz is assumed");
  });

  it("with its motion folder gives spikes and motion", async () => {
    const motion = Object.fromEntries(
      Object.entries(await siMotion()).map(([name, bytes]) => [`motion/${name}`, bytes]),
    );
    const opened = await openSources(sourcesOf({ ...(await siPeaks()), ...motion, "run_times.json": utf8("{}") }));
    expect(opened.map((d) => d.info.format)).toEqual(["spikeinterface-peaks", "spikeinterface-motion"]);
    expect(Array.isArray(inspectJson(opened))).toBe(true);
  });

  it("refuses peaks of two segments, whose gap is not in the file", async () => {
    const files = await siPeaks();
    const peaks = files["peaks.npy"].slice();
    peaks[peaks.length - 8] = 1;
    await expect(openSources(sourcesOf({ ...files, "peaks.npy": peaks }))).rejects.toThrow(
      "peaks.npy (segment_index): expected the peaks of one segment, found segment 1 after 0 in row 5",
    );
  });
});

describe("motions", () => {
  it("SpikeInterface's own folder: centres as they are", async () => {
    const motion = motionOf(await openSources(sourcesOf(await siMotion())));
    expect(motion.timeBinCentersSec[0]).toBe(0.5);
    expect(motion.timeBinCentersSec).toHaveLength(24);
    expect([...motion.depthBinCentersUm]).toEqual([0, 310, 620]);
    expect(motion.displacementUm).toHaveLength(72);
  });

  it("the legacy arrays", async () => {
    const files = {
      "motion.npy": f8([1, 2, 3], [3, 1]),
      "temporal_bins.npy": f8([1, 2, 3]),
      "spatial_bins.npy": f8([0]),
    };
    const opened = await openSources(sourcesOf(files));
    expect(opened[0].info.format).toBe("spikeinterface-motion");
    expect([...motionOf(opened).timeBinCentersSec]).toEqual([1, 2, 3]);
  });

  it("MEDiCINe's left edges become centres, and a warning says so", async () => {
    const opened = await openSources(sourcesOf(medicineMotion));
    expect([...motionOf(opened).timeBinCentersSec]).toEqual([1.25, 3.25, 5.25]);
    expect([...motionOf(opened).displacementUm]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(opened[0].info.warnings).toEqual([
      "time_bins.npy: these are the starts of the time bins; 1 s (half a bin) was added to get their middles.",
    ]);
  });
});
