import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { openSources, openWaveforms } from "../../src/io/open.ts";
import { waveformFile } from "../../src/io/waveforms.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { channelLocationsBytes } from "../cases/geometryFiles.ts";
import { checkReader, f8, sourcesOf, spikesOf, utf8, watched } from "./support.ts";

const [K, S] = [3, 4];
const nSpikes = 20;
/** Value 100 · spike + 10 · slot + sample. */
const ramp = Float32Array.from({ length: nSpikes * K * S }, (_, i) => {
  const [spike, inRow] = [Math.floor(i / (K * S)), i % (K * S)];
  return 100 * spike + 10 * Math.floor(inRow / S) + (inRow % S);
});
const file = npyBytes(ramp, [nSpikes, K, S], "<f4");
const rowOf = (spike: number) => [...ramp.subarray(spike * K * S, (spike + 1) * K * S)];

/** The header of a .npy of any type, order and shape, padded to 128 bytes. */
function npyHeader(descr: string, shape: readonly number[], fortran = false): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? "True" : "False"}, 'shape': (${shape.join(", ")},), }`;
  const bytes = new Uint8Array(128).fill(0x20);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(utf8(text), 10);
  bytes[127] = 0x0a;
  return bytes;
}

/** The ramp as big-endian float32, or as int16 of either byte order. */
function encoded(descr: ">f4" | ">i2" | "<i2" | "<f8"): Uint8Array {
  const size = Number(descr[2]);
  const bytes = new Uint8Array(128 + size * ramp.length);
  bytes.set(npyHeader(descr, [nSpikes, K, S]));
  const view = new DataView(bytes.buffer, 128);
  const isLittle = descr[0] === "<";
  ramp.forEach((value, i) => {
    if (size === 2) view.setInt16(2 * i, value, isLittle);
    else if (size === 4) view.setFloat32(4 * i, value, isLittle);
    else view.setFloat64(8 * i, value, isLittle);
  });
  return bytes;
}

describe("a file of waveforms", () => {
  it("reads ranges, and [a, b) with [b, c) is [a, c)", async () => {
    const { source, reads } = watched(memorySource("w.npy", file));
    const waveforms = await waveformFile(source, nSpikes);
    expect(waveforms).toMatchObject({ nSpikes, nSlots: K, nSamples: S });
    expect([...(await waveforms.readRange(0, nSpikes))]).toEqual([...ramp]);
    for (let cut = 3; cut <= 9; cut++) {
      const parts = [await waveforms.readRange(3, cut), await waveforms.readRange(cut, 9)];
      expect(parts.flatMap((part) => [...part])).toEqual([...ramp.subarray(3 * K * S, 9 * K * S)]);
    }
    const before = reads.length;
    await waveforms.readRange(5, 7);
    expect(reads.slice(before)).toEqual([[128 + 5 * 48, 128 + 7 * 48]]);
    await expect(waveforms.readRange(0, nSpikes + 1)).rejects.toThrow("a range of spikes");
  });

  it("reads rows in any order, as often as they are listed, near ones together", async () => {
    const { source, reads } = watched(memorySource("w.npy", file));
    const waveforms = await waveformFile(source, nSpikes);
    const before = reads.length;
    const rows = [7, 2, 19, 7, 3];
    expect([...(await waveforms.readRows(rows))]).toEqual(rows.flatMap(rowOf));
    expect(reads).toHaveLength(before + 1);
    expect(await waveforms.readRows([])).toHaveLength(0);
    for (const bad of [-1, nSpikes, 0.5])
      await expect(waveforms.readRows([bad])).rejects.toThrow("spikes of this data");
  });

  it("is the same in any byte order and number type, and at an odd place in memory", async () => {
    const shifted = new Uint8Array(file.length + 1);
    shifted.set(file, 1);
    const files = [encoded(">f4"), encoded(">i2"), encoded("<i2"), encoded("<f8"), shifted.subarray(1)];
    for (const bytes of files) {
      const waveforms = await waveformFile(memorySource("w.npy", bytes), nSpikes);
      expect([...(await waveforms.readRange(4, 9))]).toEqual([...ramp.subarray(4 * K * S, 9 * K * S)]);
      expect([...(await waveforms.readRows([11, 1]))]).toEqual([...rowOf(11), ...rowOf(1)]);
    }
  });

  it.each<[string, Uint8Array, string]>([
    [
      "another count",
      npyBytes(ramp.subarray(K * S), [nSpikes - 1, K, S], "<f4"),
      "w.npy: expected waveforms of shape (20, channels, samples), one for each spike, found shape (19, 3, 4).",
    ],
    [
      "two dimensions",
      npyBytes(ramp, [nSpikes, K * S], "<f4"),
      "w.npy: expected waveforms of shape (20, channels, samples), one for each spike, found shape (20, 12).",
    ],
    [
      "no samples",
      npyHeader("<f4", [nSpikes, K, 0]),
      "w.npy: expected waveforms of shape (20, channels, samples), one for each spike, found shape (20, 3, 0).",
    ],
    [
      "Fortran order",
      new Uint8Array([...npyHeader("<f4", [nSpikes, K, S], true), ...new Uint8Array(4 * ramp.length)]),
      "w.npy: expected waveforms one spike after the other (C order), found Fortran order; save them through numpy.ascontiguousarray.",
    ],
    [
      "complex numbers",
      new Uint8Array([...npyHeader("<c8", [nSpikes, K, S]), ...new Uint8Array(8 * ramp.length)]),
      "w.npy: expected numbers, found complex numbers (<c8).",
    ],
    [
      "a file cut short",
      file.slice(0, 500),
      "w.npy is cut short: expected 1088 bytes from its header (shape (20, 3, 4), <f4), found 500.",
    ],
  ])("of %s is refused", async (_, bytes, sentence) => {
    await expect(waveformFile(memorySource("w.npy", bytes), nSpikes)).rejects.toThrow(sentence);
  });
});

describe("8.9 GB of waveforms", () => {
  const [n, nSlots, nSamples] = [2_475_738, 10, 90];
  const rowBytes = 4 * nSlots * nSamples;
  let folder = "";

  /** A file with holes: a header, and values only in the rows named. */
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "waveforms-"));
    const handle = await open(join(folder, "waveforms_all.npy"), "w");
    await handle.truncate(128 + n * rowBytes);
    await handle.write(npyHeader("<f4", [n, nSlots, nSamples]), 0, 128, 0);
    for (const row of [0, 1_200_000, n - 1]) {
      const values = new Float32Array(nSlots * nSamples).fill(row + 0.5);
      await handle.write(new Uint8Array(values.buffer), 0, rowBytes, 128 + row * rowBytes);
    }
    await handle.close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are opened and read slice by slice, never more than was asked for", async () => {
    const [onDisk] = await nodeSources([join(folder, "waveforms_all.npy")]);
    expect(onDisk.size).toBeGreaterThan(8.9e9);
    const { source, reads } = watched(onDisk);
    const waveforms = await waveformFile(source, n);
    for (const row of [0, 1_200_000, n - 1]) {
      const slice = await waveforms.readRange(Math.max(0, row - 2), row + 1);
      expect(slice[slice.length - 1]).toBe(Math.fround(row + 0.5));
    }
    const listed = await waveforms.readRows([n - 1, 0]);
    expect([listed[0], listed[nSlots * nSamples]]).toEqual([n - 0.5, 0.5].map(Math.fround));
    const nBytesRead = reads.reduce((sum, [start, end]) => sum + end - start, 0);
    expect(nBytesRead).toBeLessThanOrEqual(12 + 118 + (1 + 3 + 3 + 2) * rowBytes);
  });
});

const sln: Record<string, Uint8Array> = {
  "spike_times.npy": f8(Array.from({ length: nSpikes }, (_, i) => 3000 * (i ^ 1))),
  "spike_amplitudes.npy": f8(new Array(nSpikes).fill(-80)),
  "spike_channels.npy": f8(Array.from({ length: nSpikes }, (_, i) => i % 4)),
  "fs.npy": f8([30000]),
  "spike_locs_y.npy": f8(Array.from({ length: nSpikes }, (_, i) => 10 * i)),
  "spike_anchors.npy": npyBytes(
    Array.from({ length: 3 * nSpikes }, (_, k) => k),
    [nSpikes, 3],
    "<f4",
  ),
  "channel_locations.npy": channelLocationsBytes([
    [0, 0],
    [32, 0],
    [0, 20],
    [32, 20],
  ]),
  "all_spike_waveforms/waveforms_all.npy": file,
};

describe("the waveforms of an SLN data set", () => {
  it("stand in the order of its spikes, with what the data set says of them", async () => {
    const [opened] = await openSources(sourcesOf(sln));
    expect(opened.info.has).toContain("waveforms");
    expect(opened.info.probe?.positionsUm[3]).toEqual([32, 20]);
    const set = (await openWaveforms(sourcesOf(sln)))!;
    expect([...spikesOf([opened]).depthUm.slice(0, 4)]).toEqual([10, 0, 30, 20]);
    expect([...(await set.waveforms.readRange(0, 2))]).toEqual([...rowOf(1), ...rowOf(0)]);
    expect([...(await set.waveforms.readRows([3]))]).toEqual(rowOf(2));
    expect([...(set.channel ?? [])]).toEqual([...spikesOf([opened]).channel!]);
    expect([...(set.anchorsUm ?? []).slice(0, 6)]).toEqual([3, 4, 5, 0, 1, 2]);
    expect(set).toMatchObject({ rateHz: 30000, targetsUm: null, split: null, waveformScale: null });
    expect(set.positionsUm).toHaveLength(4);
  });

  it("are null where there are none, and refused for channels that have no place", async () => {
    const { "all_spike_waveforms/waveforms_all.npy": _, ...without } = sln;
    expect(await openWaveforms(sourcesOf(without))).toBeNull();
    const channels = f8([...new Array(nSpikes - 1).fill(0), 4]);
    await expect(openWaveforms(sourcesOf({ ...sln, "spike_channels.npy": channels }))).rejects.toThrow(
      "spike_channels.npy: expected channels from 0 to 3, as channel_locations.npy has, found 4 in row 19 (counting from 0).",
    );
  });
});

const xyz = (first: number) =>
  npyBytes(
    Array.from({ length: 3 * nSpikes }, (_, k) => first + k),
    [nSpikes, 3],
    "<f4",
  );
const subset: Record<string, Uint8Array> = {
  "waveforms.npy": file,
  "frame_ids.npy": npyBytes(
    Array.from({ length: nSpikes }, (_, i) => i >> 2),
    [nSpikes],
    "<i4",
  ),
  "anchors.npy": xyz(0),
  "targets_global.npy": xyz(100),
  "targets_relative.npy": xyz(1000),
  "split.npy": f8(Array.from({ length: nSpikes }, (_, i) => i % 3)),
  "spike_indices.npy": npyBytes(
    Array.from({ length: nSpikes }, (_, i) => 7 * i),
    [nSpikes],
    "<i8",
  ),
  "manifest.json": utf8('{"waveform_scale": 9.5577, "fs": 30000}'),
};

describe("an SLN training subset", () => {
  it("keeps the contract of readers", async () => {
    const zip = zipBytes(Object.entries(subset).map(([path, bytes]) => ({ path, bytes })));
    await checkReader("sln-subset", subset, zip, /split|indices|anchors|relative/);
  });

  it("has spikes in the middle of their seconds, at the targets, as deep as their troughs", async () => {
    const [opened] = await openSources(sourcesOf(subset));
    const spikes = spikesOf([opened]);
    expect([...spikes.timeSec.slice(0, 5)]).toEqual([0.5, 0.5, 0.5, 0.5, 1.5]);
    expect([...spikes.depthUm.slice(0, 2)]).toEqual([101, 104]);
    expect([...spikes.ampUv.slice(0, 3)]).toEqual([0, 100, 200]);
    expect(opened.info.has).toEqual([
      "times",
      "depths",
      "amplitudes",
      "x",
      "z",
      "waveforms",
      "anchors",
      "targets",
      "split",
    ]);
    expect(opened.info.warnings).toEqual([
      "frame_ids.npy: there are no spike times, so each spike lies in the middle of its second.",
      "waveforms.npy: there are no amplitudes, so the deepest value of each waveform stands for it, in the unit of the file.",
    ]);
    const set = (await openWaveforms(sourcesOf(subset)))!;
    expect(set).toMatchObject({ waveformScale: 9.5577, rateHz: 30000, channel: null });
    expect([...(set.split ?? []).slice(0, 4)]).toEqual([0, 1, 2, 0]);
    expect([...(set.targetsUm ?? []).slice(0, 3)]).toEqual([100, 101, 102]);
    expect([...(await set.waveforms.readRange(2, 3))]).toEqual(rowOf(2));
  });

  it("without global targets takes anchors and relative ones, or the anchors alone with a warning", async () => {
    const { "targets_global.npy": _, ...relative } = subset;
    expect([...spikesOf(await openSources(sourcesOf(relative))).depthUm.slice(0, 2)]).toEqual([1002, 1008]);
    const { "targets_relative.npy": __, ...anchored } = relative;
    const [opened] = await openSources(sourcesOf(anchored));
    expect([...spikesOf([opened]).depthUm.slice(0, 2)]).toEqual([1, 4]);
    expect(opened.info.warnings[2]).toContain("there are no targets, so the anchors stand for the depths");
  });

  it("beside its whole data set is left alone", async () => {
    const { "all_spike_waveforms/waveforms_all.npy": _, ...tables } = sln;
    const below = Object.fromEntries(Object.entries(subset).map(([name, bytes]) => [`subset/${name}`, bytes]));
    const [opened] = await openSources(sourcesOf({ ...tables, ...below }));
    expect(opened.info.format).toBe("sln-folder");
    expect((await openSources(sourcesOf({ ...tables, ...subset })))[0].info.format).toBe("sln-folder");
    expect(opened.info.warnings[0]).toBe(
      "There is a training subset in subset: the whole data set was opened, and the subset was not read.",
    );
    expect(opened.info.warnings.join()).not.toContain("not recognised");
    expect(await openWaveforms(sourcesOf({ ...tables, ...below }))).toBeNull();
  });
});
