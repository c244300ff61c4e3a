import { describe, expect, it } from "vitest";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { readBinaryDescription } from "../../../src/io/spikeinterface/binaryDescription.ts";
import { npyBytes } from "../../../src/io/write/npy.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { columnProbe, probeinterfaceBytes } from "../../cases/geometryFiles.ts";
import {
  asBadFiles,
  binaryFolder,
  binaryJson,
  binaryKwargs,
  bytesOfValues,
  type Files,
  jsonBytes,
  type Kwargs,
  N_CHANNELS,
  N_SAMPLES,
  valuesOf,
} from "../../cases/spikeinterfaceFiles.ts";
import { checkRandomRanges } from "../rangeContract.ts";
import { checkReader, sourcesOf } from "../support.ts";

const opened = async (files: Files) => openRecordings(sourcesOf(files));

async function only(files: Files) {
  const found = await opened(files);
  expect(found).toHaveLength(1);
  const [source] = found;
  const all = await Promise.all(source.recording.segments.map(({ nSamples }, s) => source.readSamples(s, 0, nSamples)));
  return { ...source, all };
}

const raw = "traces_cached_seg0.raw";
const whole = valuesOf(3000);

describe("SpikeInterface binary folder", () => {
  it("is the same in every folder and archive", async () => {
    const files = binaryFolder();
    await checkReader("spikeinterface-binary", files, zipBytes(asBadFiles(files)), /^properties\//);
  });

  it("gives samples, scale and sites", async () => {
    const { recording, all, warnings, title } = await only(binaryFolder());
    expect(title).toBe("SpikeInterface binary folder");
    expect(warnings).toEqual([]);
    expect(all[0]).toEqual(valuesOf());
    expect(recording).toMatchObject({ stream: "ap", rateHz: 30000, nChannels: 4, nSavedChannels: 4, sync: 0 });
    expect([...recording.uvPerBit]).toEqual([2.5, 2.5, 2.5, 2.5]);
    expect(recording.probe.positionsUm).toEqual([0, 1, 2, 3].map((c) => [8, 20 * c]));
    expect(recording.probe.model).toBe("made up");
  });

  it.each<[string, Kwargs, (values: Int16Array) => ArrayBufferView]>([
    ["<f4", { dtype: "<f4" }, (values) => Float32Array.from(values)],
    ["float64", { dtype: "float64" }, (values) => Float64Array.from(values)],
    ["<u2", { dtype: "<u2" }, (values) => Uint16Array.from(values)],
    ["<i8", { dtype: "<i8" }, (values) => BigInt64Array.from([...values].map(BigInt))],
    [
      ">i2",
      { dtype: ">i2" },
      (values) => new Int16Array(bytesOfValues(values).buffer).map((v) => (v << 8) | ((v >> 8) & 255)),
    ],
    ["no order", { dtype: "int16" }, (values) => values],
    [
      "channels first",
      { time_axis: 1 },
      (values) => values.map((_, i) => values[(i % N_SAMPLES) * 4 + Math.floor(i / N_SAMPLES)]),
    ],
    ["bytes before", { file_offset: 7 }, (values) => new Uint8Array([...new Uint8Array(7), ...bytesOfValues(values)])],
    ["num_chan", { num_channels: undefined, num_chan: 4 }, (values) => values],
  ])("reads %s", async (_, changes, stored) => {
    const { all } = await only(binaryFolder(changes, { [raw]: bytesOfValues(stored(valuesOf())) }));
    expect([...all[0]]).toEqual([...valuesOf()]);
  });

  it("adds offsets, so that a value times its scale is µV", async () => {
    const { all, recording } = await only(binaryFolder({ offset_to_uV: [10, -5, 0, 2.5] }));
    expect(all[0]).toBeInstanceOf(Float32Array);
    const uv = all[0].map((value, i) => value * recording.uvPerBit[i % 4]);
    expect([...uv]).toEqual([...valuesOf()].map((value, i) => value * 2.5 + [10, -5, 0, 2.5][i % 4]));
  });

  it("takes properties over the description, and skips Python objects with a word", async () => {
    const { recording, warnings } = await only(
      binaryFolder(
        {},
        {
          "properties/gain_to_uV.npy": npyBytes([1, 2, 3, 4], [4], "<f8"),
          "properties/inter_sample_shift.npy": npyBytes([0, 0.25, 0.5, 0.75], [4], "<f8"),
          "properties/location.npy": npyBytes([1, 2, 3], [3], "<f8"),
        },
      ),
    );
    expect([...recording.uvPerBit]).toEqual([1, 2, 3, 4]);
    expect([...recording.delaySamples]).toEqual([0, 0.25, 0.5, 0.75]);
    expect(warnings).toEqual([
      "properties/location.npy: expected a table of two dimensions, found shape (3,); the property was left out.",
    ]);
  });

  it("keeps the gaps between segments", async () => {
    const two = { file_paths: ["a.raw", "b.raw"] };
    const files = (changes: Kwargs, more: Files = {}) => {
      const { [raw]: bytes, ...rest } = binaryFolder({ ...two, ...changes });
      return { ...rest, "a.raw": bytes, "b.raw": bytes.slice(0, 80), ...more };
    };
    const placed = await only(files({ t_starts: [100, 103.5] }));
    expect(placed.recording.segments).toEqual([
      { startSec: 0, nSamples: 20 },
      { startSec: 3.5, nSamples: 10 },
    ]);
    const seconds = Float64Array.from({ length: 20 }, (_, i) => 7 + i / 30000);
    const byTimes = await only(
      files(
        {},
        {
          "times_cached_seg0.npy": npyBytes(seconds, [20], "<f8"),
          "times_cached_seg1.npy": npyBytes(
            seconds.slice(0, 10).map((sec) => sec + 2),
            [10],
            "<f8",
          ),
        },
      ),
    );
    expect(byTimes.recording.segments.map(({ startSec }) => startSec)).toEqual([0, 2]);
    expect(byTimes.warnings).toEqual([]);
    const unknown = await only(files({}));
    expect(unknown.recording.segments[1].startSec).toBe(20 / 30000);
    expect(unknown.warnings[0]).toMatch(/expected when each of its 2 segments starts .* follow one another/);
  });

  it("is one recording for each probe", async () => {
    const probes = probeinterfaceBytes(
      columnProbe(2, { device_channel_indices: [2, 0], annotations: { name: "left" } }),
      columnProbe(2, { device_channel_indices: [1, 3], annotations: { name: "right" } }),
    );
    const found = await opened(binaryFolder({}, { "probegroup.json": probes }));
    expect(found.map(({ title }) => title)).toEqual([
      "SpikeInterface binary folder, probe 1",
      "SpikeInterface binary folder, probe 2",
    ]);
    expect(new Set(found.map(({ files }) => files[0].path)).size).toBe(2);
    expect(found.map(({ recording }) => recording.probe.positionsUm)).toEqual([
      [
        [8, 20],
        [8, 0],
      ],
      [
        [8, 0],
        [8, 20],
      ],
    ]);
    expect([...(await found[1].readSamples(0, 3, 5))]).toEqual([31, 33, 41, 43]);
  });

  it("tells sync words by their id", async () => {
    const { recording } = await only(
      binaryFolder(
        { channel_ids: ["a", "b", "c", "imec0.ap#SY0"] },
        { "probegroup.json": probeinterfaceBytes(columnProbe(3)) },
      ),
    );
    expect(recording).toMatchObject({ nChannels: 3, nSavedChannels: 4, sync: 1 });
    expect(recording.probe.positionsUm).toHaveLength(3);
  });

  it("gives the same samples however they are asked for", async () => {
    for (const time_axis of [0, 1]) {
      const { readSamples } = await only(binaryFolder({ time_axis }, { [raw]: bytesOfValues(whole) }));
      const read = (from: number, to: number) => readSamples(0, from, to);
      await checkRandomRanges({ nRows: 3000, rowBytes: 2 * N_CHANNELS, startByte: 0, read });
    }
  });
});

describe("a binary with a description beside it", () => {
  const kwargs = binaryKwargs({ file_paths: ["/data/gone/run.dat"], channel_ids: undefined });
  const plain = (name: string): Files => ({ "run.json": jsonBytes({ kwargs }), [name]: bytesOfValues(valuesOf()) });

  it.each(["run.dat", "another name"])("is found as %s", async (name) => {
    const { title, files, all } = await only(plain(name));
    expect(title).toBe("Binary recording");
    expect(files.map(({ path }) => path)).toEqual([name, "run.json"]);
    expect(all[0]).toEqual(valuesOf());
  });

  it("is not looked for where SpikeInterface only says what it came from", async () => {
    const found = await opened(
      binaryFolder({}, { "provenance.json": binaryJson({ file_paths: ["D:/raw/x.ap.bin"] }) }),
    );
    expect(found).toHaveLength(1);
    expect(found[0].warnings).toEqual([]);
  });

  it("takes geometry from beside, as every recording does", async () => {
    const [dataset] = await openSources(
      sourcesOf({ ...plain("run.dat"), "my probe.json": probeinterfaceBytes(columnProbe(4)) }),
    );
    expect(dataset.info.probe?.positionsUm).toHaveLength(4);
  });

  it("is none for any other JSON", async () => {
    const other = sourcesOf({
      "a.json": jsonBytes({ kwargs: { folder_path: "." } }),
      "b.json": jsonBytes({ class: "x.PhaseShiftRecording", kwargs: binaryKwargs() }),
      "c.json": jsonBytes([1]),
      "d.txt": binaryJson(),
    });
    for (const source of other) expect(await readBinaryDescription(source)).toBeNull();
  });
});
