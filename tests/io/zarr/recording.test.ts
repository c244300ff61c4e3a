import { gzipSync, zlibSync } from "fflate";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { columnProbe } from "../../cases/geometryFiles.ts";
import { asBadFiles, type Files, jsonBytes, N_CHANNELS, utf8, valuesOf } from "../../cases/spikeinterfaceFiles.ts";
import {
  type ArrayParts,
  arrayV2,
  doubles,
  traces,
  zarrAttributes,
  zarrFolder,
  zarrFolderV3,
} from "../../cases/zarrFiles.ts";
import { checkRandomRanges } from "../rangeContract.ts";
import { checkReader, sourcesOf, watched } from "../support.ts";
import { encoded } from "./encoders.ts";

async function only(files: Files) {
  const found = await openRecordings(sourcesOf(files));
  expect(found).toHaveLength(1);
  const [source] = found;
  const { segments } = source.recording;
  return { ...source, all: await Promise.all(segments.map(({ nSamples }, s) => source.readSamples(s, 0, nSamples))) };
}

const failure = async (files: Files) => {
  const outcome = await openRecordings(sourcesOf(files))
    .then(([{ recording, readSamples }]) => readSamples(0, 0, recording.segments[0].nSamples))
    .catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(AppError);
  return (outcome as AppError).message;
};

const chunk = "traces_seg0/1.0";
const compressors: Record<string, [object, (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>]> = {
  "blosc zstd": [
    { id: "blosc", cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 },
    (b) => encoded("blosc", { cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 }, b),
  ],
  "blosc lz4": [
    { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
    (b) => encoded("blosc", { cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 }, b),
  ],
  zstd: [{ id: "zstd", level: 1 }, (b) => encoded("zstd", { level: 1 }, b)],
  lz4: [{ id: "lz4", acceleration: 1 }, (b) => encoded("lz4", { acceleration: 1 }, b)],
  zlib: [{ id: "zlib", level: 1 }, (b) => zlibSync(b)],
  gzip: [{ id: "gzip", level: 1 }, (b) => gzipSync(b)],
};

/** The folder with its traces compressed. */
async function compressed(name: string, parts: Partial<ArrayParts> = {}): Promise<Files> {
  const [compressor, encode] = compressors[name];
  const files = zarrFolder({}, { compressor, ...parts });
  for (const path of Object.keys(files)) if (/^traces_seg0\/\d/.test(path)) files[path] = await encode(files[path]);
  return files;
}

describe("a Zarr folder of SpikeInterface", () => {
  it("is the same in every folder and archive", async () => {
    const files = zarrFolder();
    await checkReader("spikeinterface-zarr", files, zipBytes(asBadFiles(files)));
    await checkReader("spikeinterface-zarr", zarrFolderV3(), zipBytes(asBadFiles(zarrFolderV3())));
  });

  it("gives samples, scale and sites", async () => {
    const { recording, all, warnings } = await only(zarrFolder());
    expect(warnings).toEqual([]);
    expect(all[0]).toEqual(valuesOf());
    expect(recording).toMatchObject({ stream: "ap", rateHz: 30000, nChannels: 4, nSavedChannels: 4, sync: 0 });
    expect([...recording.uvPerBit]).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(recording.probe.positionsUm).toEqual([0, 1, 2, 3].map((c) => [8, 20 * c]));
  });

  it.each(Object.keys(compressors))("reads %s", async (name) => {
    expect((await only(await compressed(name))).all[0]).toEqual(valuesOf());
  });

  it.each<[string, Partial<ArrayParts>]>([
    ["channels in chunks", { chunks: [8, 3] }],
    ["Fortran order", { order: "F" }],
    ["Fortran order in parts", { order: "F", chunks: [7, 3] }],
    ["slashes", { dimension_separator: "/" }],
    ["float32", { dtype: "<f4", store: (v) => Float32Array.from(v) }],
    ["float64", { dtype: "<f8", store: (v) => Float64Array.from(v) }],
    ["int64", { dtype: "<i8", store: (v) => BigInt64Array.from(v.map(BigInt)) }],
    ["uint16", { dtype: "<u2", store: (v) => Uint16Array.from(v) }],
    ["big-endian", { dtype: ">i2", store: (v) => Int16Array.from(v, (x) => ((x & 255) << 8) | ((x >> 8) & 255)) }],
    [
      "differences",
      { filters: [{ id: "delta", dtype: "<i2" }], store: (v) => Int16Array.from(v, (x, i) => x - (v[i - 1] ?? 0)) },
    ],
  ])("reads %s", async (_, parts) => {
    expect([...(await only(zarrFolder({}, parts))).all[0]]).toEqual([...valuesOf()]);
  });

  it("reads Zarr 3, also compressed", async () => {
    const gzip = [{ name: "gzip", configuration: { level: 1 } }];
    for (const files of [zarrFolderV3(), zarrFolderV3(gzip, (bytes) => gzipSync(bytes))]) {
      const { recording, all } = await only(files);
      expect(all[0]).toEqual(valuesOf());
      expect(recording.probe.positionsUm).toHaveLength(4);
      expect([...recording.uvPerBit]).toEqual([2.5, 2.5, 2.5, 2.5]);
    }
  });

  it("is described by what was consolidated at its root alone", async () => {
    const files = zarrFolder();
    const metadata = Object.fromEntries(
      Object.keys(files)
        .filter((path) => /\.z\w+$/.test(path))
        .map((path) => [path, JSON.parse(new TextDecoder().decode(files[path]))]),
    );
    const chunks = Object.entries(files).filter(([path]) => !/\.z\w+$/.test(path));
    const { all } = await only({
      ".zmetadata": jsonBytes({ metadata, zarr_consolidated_format: 1 }),
      ...Object.fromEntries(chunks),
    });
    expect(all[0]).toEqual(valuesOf());
  });

  it("passes over Python's NaN in attributes", async () => {
    const text = JSON.stringify(zarrAttributes({ annotations: { is_filtered: false, note: "NaN", x: 0 } })).replace(
      '"x":0',
      '"x":NaN',
    );
    const { all, warnings } = await only({ ...zarrFolder(), ".zattrs": utf8(text) });
    expect([all[0], warnings]).toEqual([valuesOf(), []]);
  });

  it("keeps the gaps between segments, by their times or starts", async () => {
    const two = (more: Files) =>
      only({ ...zarrFolder({ num_segments: 2 }), ...arrayV2("traces_seg1", traces({}, 10)), ...more });
    const started = await two(arrayV2("t_starts", doubles([5, 7.5])));
    expect(started.recording.segments).toEqual([
      { startSec: 0, nSamples: 20 },
      { startSec: 2.5, nSamples: 10 },
    ]);
    expect(started.all[1]).toEqual(valuesOf(10));
    const seconds = (n: number, start: number) => doubles(Array.from({ length: n }, (_, i) => start + i / 30000));
    const timed = await two({ ...arrayV2("times_seg0", seconds(20, 1)), ...arrayV2("times_seg1", seconds(10, 3)) });
    expect(timed.recording.segments[1].startSec).toBe(2);
    expect(timed.warnings).toEqual([]);
    const unknown = await two(arrayV2("t_starts", doubles([Number.NaN, Number.NaN])));
    expect(unknown.recording.segments[1].startSec).toBe(20 / 30000);
    expect(unknown.warnings[0]).toMatch(/follow one another without gaps/);
  });

  it("is one recording for each probe", async () => {
    const probes = [
      columnProbe(2, { device_channel_indices: [0, 2] }),
      columnProbe(2, { device_channel_indices: [1, 3] }),
    ];
    const files = zarrFolder({ probegroup: { specification: "probeinterface", probes } });
    const found = await openRecordings(sourcesOf(files));
    expect(found.map(({ title }) => title)).toEqual(["SpikeInterface Zarr, probe 1", "SpikeInterface Zarr, probe 2"]);
    expect([...(await found[1].readSamples(0, 3, 5))]).toEqual([31, 33, 41, 43]);
    expect(new Set(found.map((one) => one.files[0].path)).size).toBe(2);
  });

  it("splits by group where two groups share their locations", async () => {
    const { probegroup: _, ...attributes } = zarrAttributes();
    const files = {
      ...zarrFolder(),
      ".zattrs": jsonBytes(attributes),
      ...arrayV2("properties/location", doubles([0, 0, 0, 20, 0, 0, 0, 20], [4, 2])),
      ...arrayV2("properties/group", doubles([0, 0, 1, 1])),
    };
    const found = await openRecordings(sourcesOf(files));
    expect(found.map(({ recording }) => recording.probe.positionsUm)).toEqual([
      [
        [0, 0],
        [0, 20],
      ],
      [
        [0, 0],
        [0, 20],
      ],
    ]);
  });

  it("reads an archive inside which the folder lies", async () => {
    const files = asBadFiles(zarrFolder()).map(({ path, bytes }) => ({ path: `recording.zarr/${path}`, bytes }));
    const { all } = await only({ "recording.zarr.zip": zipBytes(files) });
    expect(all[0]).toEqual(valuesOf());
  });
});

describe("chunks", () => {
  const n = 3000;

  it.each(["blosc zstd", "zlib"])("give the same samples however they are asked for (%s)", async (name) => {
    const files = await compressed(name, { ...traces({}, n), chunks: [256, 3], compressor: compressors[name][0] });
    const { readSamples } = await only(files);
    await checkRandomRanges({
      nRows: n,
      rowBytes: 2 * N_CHANNELS,
      startByte: 0,
      read: (from, to) => readSamples(0, from, to),
    });
  });

  it("are not read to find the recording, and only those that are asked for", async () => {
    const files = await compressed("zlib", { ...traces({}, n), compressor: compressors.zlib[0] });
    const all = sourcesOf(files).map(watched);
    const [{ readSamples }] = await openRecordings(all.map(({ source }) => source));
    const chunksRead = () =>
      all
        .filter(({ source, reads }) => /traces_seg0\/\d/.test(source.path) && reads.length > 0)
        .map(({ source }) => source.path);
    expect(chunksRead()).toEqual([]);
    await readSamples(0, 100, 113);
    expect(chunksRead()).toEqual(["traces_seg0/12.0", "traces_seg0/13.0", "traces_seg0/14.0"]);
  });

  it("that are missing are what the fill value says, with a count", async () => {
    const { [chunk]: _, ...files } = zarrFolder();
    const { all, warnings } = await only(files);
    expect([...all[0].slice(8 * 4, 16 * 4)]).toEqual(new Array(32).fill(0));
    expect(all[0].slice(64)).toEqual(valuesOf().slice(64));
    expect(warnings[0]).toMatch(/^traces_seg0\/\.zarray: 1 of 3 chunk is missing and read as 0, its fill value;/);
  });

  it.each(Object.keys(compressors))("that are cut short or damaged are named (%s)", async (name) => {
    const files = await compressed(name);
    for (const length of [0, 3, 20, files[chunk].length - 1]) {
      expect(await failure({ ...files, [chunk]: files[chunk].slice(0, length) }), `${length}`).toMatch(
        /^traces_seg0\/1\.0: expected an intact chunk of 8 × 4 values \(int16\), found /,
      );
    }
  });

  it("that would fill the memory are refused", async () => {
    const files = await compressed("zlib");
    const bomb = zlibSync(new Uint8Array(5e6));
    expect(await failure({ ...files, [chunk]: bomb })).toMatch(/found zlib data of more bytes than that\.$/);
    const huge = await compressed("blosc zstd");
    new DataView(huge[chunk].buffer).setUint32(4, 2 ** 32 - 1, true);
    expect(await failure(huge)).toMatch(/found a Blosc buffer that declares 4294967295 bytes\.$/);
  });
});

describe("beside other data", () => {
  it("a Zarr folder of another kind says what it is", async () => {
    const message = async (files: Files) => failure(files);
    expect(
      await message({ "x.zarr/.zgroup": jsonBytes({ zarr_format: 2 }), ...arrayV2("x.zarr/a", doubles([1])) }),
    ).toBe(
      "x.zarr: expected a recording that SpikeInterface saved (sampling_frequency, num_segments and traces_seg0), found a Zarr folder with a.",
    );
    const only = Object.fromEntries(Object.entries(zarrFolder()).filter(([path]) => path.startsWith("traces")));
    expect(await message(only)).toMatch(/found one array of it alone\.$/);
  });

  it("descriptions and the ends of the chunks are listed", async () => {
    const files = zarrFolder({}, traces({ chunks: [1, 4] }, 2000));
    const [{ info }] = await openSources(sourcesOf(files));
    expect(info.files.map(({ path }) => path).filter((path) => /seg0\/\d/.test(path))).toEqual([
      "traces_seg0/0.0",
      "traces_seg0/1999.0",
    ]);
    expect(info.warnings).toEqual([
      ".zattrs: of its chunk files, only the first and the last of each array are listed; the record of a run tells the other 1998 by nothing.",
    ]);
  });
});
