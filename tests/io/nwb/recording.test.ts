import type { File, Group } from "h5wasm";
import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/io/byteSource.ts";
import { openRecordings } from "../../../src/io/open.ts";
import type { RecordingSource } from "../../../src/io/recordingSource.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { fixtureBytes } from "../../fixture.ts";
import { checkRandomRanges } from "../rangeContract.ts";
import { checkReader } from "../support.ts";
import { electrodes, nwbBytes, object, type SeriesFacts, series } from "./makeNwb.ts";

const opened = (bytes: Uint8Array) => openRecordings([memorySource("a/rec.nwb", bytes)]);

/** A source that remembers which bytes were asked of it at once. */
function watchedSync(path: string, bytes: Uint8Array) {
  const reads: [number, number][] = [];
  const readSync = (start: number, end: number) => {
    reads.push([start, end]);
    return bytes.subarray(start, end);
  };
  return { source: { ...memorySource(path, bytes), readSync }, reads };
}

async function only(bytes: Uint8Array): Promise<RecordingSource> {
  const found = await opened(bytes);
  expect(found).toHaveLength(1);
  return found[0];
}

const [nRows, nColumns] = [1000, 6];
const int16 = Int16Array.from({ length: nRows * nColumns }, (_, i) => ((i * 7919) % 60000) - 30000);
const conversion = 2.34375e-6;
const facts: SeriesFacts = { data: int16, shape: [nRows, nColumns], rateHz: 30000, conversion, unit: "volts" };

const layouts: Record<string, Partial<SeriesFacts>> = {
  contiguous: {},
  "chunks of all channels": { chunks: [64, nColumns] },
  "chunks of some channels": { chunks: [97, 4] },
  "gzip, chunks of all channels": { chunks: [64, nColumns], gzip: 4 },
  "gzip, chunks of some channels": { chunks: [97, 4], gzip: 9 },
  "gzip, one chunk larger than the data": { chunks: [1000, 6], gzip: 1 },
};

describe("samples", () => {
  it.each(Object.entries(layouts))("%s: int16 as they are, in any ranges", async (_, layout) => {
    const { recording, readSamples } = await only(await nwbBytes((file) => series(file, { ...facts, ...layout })));
    expect(recording).toMatchObject({ stream: "ap", rateHz: 30000, nChannels: 6, nSavedChannels: 6, sync: 0 });
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: nRows }]);
    expect(recording.uvPerBit[5]).toBeCloseTo(2.34375, 12);
    const all = await readSamples(0, 0, nRows);
    expect(all).toEqual(int16);
    const read = (from: number, to: number) => readSamples(0, from, to);
    await checkRandomRanges({ nRows, rowBytes: 2 * nColumns, startByte: 2048, read }, 30);
  });
});

describe("numbers", () => {
  const raw = [-3, 0, 7, 100, 5, 6, 7, 8];
  const values = async (changes: Partial<SeriesFacts>) => {
    const facts = { data: Int16Array.from(raw), shape: [4, 2], rateHz: 30000, conversion: 1e-6, ...changes };
    const { recording, readSamples } = await only(await nwbBytes((file) => series(file, facts)));
    const samples = await readSamples(0, 0, 4);
    return { recording, samples, uv: Array.from(samples, (value, i) => value * recording.uvPerBit[i % 2]) };
  };

  it("with an offset are float32 with the offset in", async () => {
    const { samples, uv } = await values({ offset: 5e-6, conversion: 2e-6 });
    expect(samples).toBeInstanceOf(Float32Array);
    for (const [i, value] of uv.entries()) expect(value).toBeCloseTo(2 * raw[i] + 5, 4);
  });

  it("of other types are float32", async () => {
    const unsigned = raw.map((value) => value + 32768);
    const { samples, uv } = await values({ data: Uint16Array.from(unsigned), offset: -32768e-6 });
    expect(samples).toBeInstanceOf(Float32Array);
    for (const [i, value] of uv.entries()) expect(value).toBeCloseTo(raw[i], 3);
    const wide = await values({ data: BigInt64Array.from(raw, BigInt), conversion: 3e-6 });
    expect(wide.uv.map(Math.round)).toEqual(raw.map((value) => 3 * value));
    const volts = await values({ data: Float64Array.from(raw, (value) => value * 1e-6), conversion: 1 });
    for (const [i, value] of volts.uv.entries()) expect(value).toBeCloseTo(raw[i], 4);
  });

  it("have a scale for each channel", async () => {
    const { recording, samples } = await values({ channelConversion: Float64Array.of(2, 3) });
    expect([...recording.uvPerBit].map((uv) => uv.toFixed(9))).toEqual(["2.000000000", "3.000000000"]);
    expect(samples).toEqual(Int16Array.from(raw));
  });

  it("may be in microvolts", async () => {
    expect((await values({ unit: "microvolts", conversion: 0.195 })).recording.uvPerBit[0]).toBeCloseTo(0.195, 12);
  });

  it.each(["bigEndian", "filters"])("of %s.nwb, as another library wrote them", async (name) => {
    const { recording, readSamples } = await only(new Uint8Array(await fixtureBytes(`io/nwb/${name}.nwb`)));
    expect(recording.uvPerBit[0]).toBeCloseTo(2.34375, 12);
    const expected = Int16Array.from({ length: 240 }, (_, i) => ((i * 7919) % 60000) - 30000);
    expect(await readSamples(0, 0, 60)).toEqual(expected);
    expect(await readSamples(0, 17, 33)).toEqual(expected.slice(17 * 4, 33 * 4));
  });
});

describe("clock", () => {
  const nLong = 3_000_000;
  const long = { data: Int16Array.from({ length: nLong }, (_, i) => i % 30000), shape: [nLong], conversion: 1e-6 };
  const short = { ...long, data: long.data.slice(0, 100_000), shape: [100_000] };

  it.each([short, long])("is cut at the gaps of its timestamps", async (facts) => {
    const [n] = facts.shape;
    // 0.5 s are missing after sample 40,000, and 3 samples after sample 70,001
    const timestamps = Float64Array.from({ length: n }, (_, i) => {
      const missing = (i >= 40_000 ? 15_000 : 0) + (i >= 70_001 ? 3 : 0);
      return 2.5 + (i + missing) / 30_000;
    });
    const bytes = await nwbBytes((file) => series(file, { ...facts, timestamps }));
    const { recording, readSamples, warnings } = await only(bytes);
    expect(recording.rateHz).toBeCloseTo(30_000, 3);
    expect(recording.segments.map((s) => s.nSamples)).toEqual([40_000, 30_001, n - 70_001]);
    const starts = [0, 55_000 / 30_000, 85_004 / 30_000];
    for (const [i, { startSec }] of recording.segments.entries()) expect(startSec).toBeCloseTo(starts[i], 9);
    expect([...(await readSamples(1, 0, 3))]).toEqual([10_000, 10_001, 10_002]);
    expect(warnings.join(" ")).toContain("the recording starts at 2.5 s of its session");
  });

  it("of regular timestamps is read at a few places only", async () => {
    const timestamps = Float64Array.from({ length: nLong }, (_, i) => i / 30_000.5);
    const { source, reads } = watchedSync("rec.nwb", await nwbBytes((file) => series(file, { ...long, timestamps })));
    const [{ recording }] = await openRecordings([source]);
    expect(recording.rateHz).toBeCloseTo(30_000.5, 5);
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: nLong }]);
    expect(reads.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(source.size);
  });

  it("tells field potentials by their rate and their place", async () => {
    const slow = await only(await nwbBytes((file) => series(file, { ...facts, rateHz: 2500 })));
    expect(slow.recording.stream).toBe("lf");
    const inLfp = (file: File) => {
      object(file, "processing/ecephys/LFP", "LFP");
      series(file, { ...facts, path: "processing/ecephys/LFP/ElectricalSeries" });
    };
    const placed = await only(await nwbBytes(inLfp));
    expect(placed).toMatchObject({ title: "NWB LFP ElectricalSeries", recording: { stream: "lf" } });
  });
});

describe("geometry", () => {
  it("of two probes in one series: a recording of each", async () => {
    const bytes = await nwbBytes((file) => {
      const groups = ["a0", "b0", "a1", "b0", "a0", "b0"];
      const more = { inter_sample_shift: Float64Array.from([0, 0, 0.5, 0.5, 0.25, 0.75]) };
      const [x, y] = [
        [0, 1, 2, 3, 4, 5],
        [0, 10, 20, 30, 40, 50],
      ];
      electrodes(file, { x, y, groups, devices: { a0: "left", a1: "left", b0: "right" }, more });
      series(file, { ...facts, electrodes: Int32Array.of(0, 1, 2, 3, 4, 5) });
    });
    const [left, right] = await opened(bytes);
    expect([left.title, right.title]).toEqual(["NWB ElectricalSeriesAP, left", "NWB ElectricalSeriesAP, right"]);
    expect(left.recording.probe).toMatchObject({ model: "left", nShanks: 2, shank: [0, 1, 0] });
    expect(right.recording.probe.positionsUm).toEqual([
      [1, 10],
      [3, 30],
      [5, 50],
    ]);
    expect([...right.recording.delaySamples]).toEqual([0, 0.5, 0.75]);
    expect([...(await right.readSamples(0, 10, 11))]).toEqual([61, 63, 65].map((i) => int16[i]));
  });

  it("of one probe", async () => {
    const bytes = await nwbBytes((file) => {
      const [x, y] = [
        [27, 59, 11, 43, 27, 59],
        [0, 0, 20, 20, 40, 40],
      ];
      electrodes(file, { x, y, groups: Array(6).fill("ProbeA"), devices: { ProbeA: "NP1" } });
      series(file, { ...facts, electrodes: Int32Array.of(5, 4, 3, 2, 1, 0) });
    });
    const { recording, title, warnings } = await only(bytes);
    expect(title).toBe("NWB ElectricalSeriesAP");
    expect(warnings).toEqual([]);
    expect(recording.probe).toMatchObject({ model: "NP1", nShanks: 1, shank: [0, 0, 0, 0, 0, 0] });
    expect(recording.probe.positionsUm).toEqual([
      [59, 40],
      [27, 40],
      [43, 20],
      [11, 20],
      [59, 0],
      [27, 0],
    ]);
  });
});

describe("as every reader", () => {
  it("gives the same under any name, loose and in an archive", async () => {
    const bytes = await nwbBytes((file) => series(file, { ...facts, chunks: [97, 4], gzip: 4 }));
    await checkReader("nwb", { "session 1": bytes }, zipBytes([{ path: "x.nwb", bytes }]));
  });

  it("says that a large file in an archive is to be taken out", async () => {
    const bytes = await nwbBytes((file) => series(file, facts));
    const { readSync: _, ...source } = memorySource("big.zip/rec.nwb", bytes);
    await expect(openRecordings([{ ...source, size: 2 ** 30 }])).rejects.toThrow(/take it out of its archive/);
  });

  it("opens a series once that is linked from two places", async () => {
    const bytes = await nwbBytes((file) => {
      series(file, facts);
      const group = file.get("acquisition/ElectricalSeriesAP") as Group;
      group.create_attribute("object_id", "0a-1b");
      object(file, "processing/ecephys", "ProcessingModule").create_soft_link(
        "/acquisition/ElectricalSeriesAP",
        "same",
      );
    });
    expect((await only(bytes)).title).toBe("NWB ElectricalSeriesAP");
  });

  it("keeps many files apart, and opens them again when they are asked", async () => {
    const all = await Promise.all(
      [1, 2, 3, 4, 5].map((k) => nwbBytes((file) => series(file, { ...facts, data: int16.map((v) => v >> k) }))),
    );
    const sources = await Promise.all(all.map(only));
    for (const round of [0, 1]) {
      const read = await Promise.all(sources.map(({ readSamples }) => readSamples(0, round, round + 2)));
      for (const [i, samples] of read.entries()) {
        expect(samples).toEqual(int16.slice(round * 6, (round + 2) * 6).map((v) => v >> (i + 1)));
      }
    }
  });
});
