import { describe, expect, it } from "vitest";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { type ChunkOptions, chunked, mtscompFiles } from "../../cases/mtscompFiles.ts";
import { binaryBytes, metaBytes, recordingFiles } from "../../cases/spikeglxFiles.ts";
import { checkRandomRanges, firstDifference } from "../rangeContract.ts";
import { checkReader, sourcesOf, watched } from "../support.ts";

type Files = Record<string, Uint8Array>;
const zipOf = (files: Files) => zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));

async function only(files: Files) {
  const found = await openRecordings(sourcesOf(files));
  expect(found).toHaveLength(1);
  return found[0];
}

const noise = (n: number) => Uint8Array.from({ length: n }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);
const uuid = (digit: string) => `.${digit.repeat(8)}-1234-4abc-8def-${digit.repeat(12)}`;

describe("an mtscomp recording", () => {
  it("reads the same from a folder, as loose files and inside an archive", async () => {
    const files = mtscompFiles();
    await checkReader("mtscomp", files, zipOf(files));
  });

  it("is the recording SpikeGLX wrote", async () => {
    const [found, expected] = [await only(mtscompFiles()), await only(recordingFiles())];
    expect(found.recording).toEqual(expected.recording);
    expect(found.warnings).toEqual([]);
    expect(found).toMatchObject({ format: "mtscomp", title: "SpikeGLX AP (mtscomp)" });
    expect(firstDifference(await found.readSamples(0, 0, 10), await expected.readSamples(0, 0, 10))).toBe(-1);
    const stem = "run_g0_t0.imec0.ap";
    expect(found.files.map((f) => f.path)).toEqual([`${stem}.cbin`, `${stem}.ch`, `${stem}.meta`]);
  });

  it.each<[string, ChunkOptions]>([
    ["differences between channels too", { hasSpatialDiff: true }],
    ["no differences at all", { hasTimeDiff: false }],
    ["differences between channels alone", { hasTimeDiff: false, hasSpatialDiff: true }],
    ["samples of one time together", { order: "C" }],
    ["one chunk", { bounds: [0, 300] }],
    ["chunks of more rows than are turned at once", { bounds: [0, 65, 193, 300] }],
  ])("gives back values that wrap, of %s", async (_, options) => {
    const rows = noise(2 * 5 * 300);
    const { cbin, ch } = chunked(rows, { bounds: [0, 100, 150, 300], ...options });
    const { readSamples } = await only({ "a.cbin": cbin, "a.ch": ch });
    expect(firstDifference(await readSamples(0, 0, 300), new Int16Array(rows.buffer))).toBe(-1);
  });

  it.each(["float32", "int32", "uint8"] as const)("gives %s as float32", async (type) => {
    const rows = type === "float32" ? Float32Array.from({ length: 50 }, (_, i) => i / 8 - 3) : noise(50 * 4);
    const bytes = new Uint8Array(rows.slice().buffer).slice(0, type === "uint8" ? 50 : 200);
    const { cbin, ch } = chunked(bytes, { type });
    const { recording, readSamples } = await only({ "a.cbin": cbin, "a.ch": ch });
    const samples = await readSamples(0, 0, 10);
    expect(samples).toBeInstanceOf(Float32Array);
    const Type = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }[type];
    expect(firstDifference(samples, Float32Array.from(new Type(bytes.buffer)))).toBe(-1);
    expect(recording).toMatchObject({ nChannels: 5, nSavedChannels: 5, sync: 0 });
    expect(await readSamples(0, 3, 3)).toBeInstanceOf(Float32Array);
  });

  it("reads any range as the ranges it is made of", async () => {
    const { cbin, ch } = chunked(noise(2 * 5 * 3000), { bounds: [0, 700, 701, 1500, 2999, 3000] });
    const { readSamples } = await only({ "a.cbin": cbin, "a.ch": ch });
    await checkRandomRanges({ nRows: 3000, rowBytes: 10, startByte: 0, read: (a, b) => readSamples(0, a, b) });
  });

  it("reads only the chunks a range touches, and each once", async () => {
    const { cbin, ch } = chunked(noise(2 * 5 * 300), { bounds: [0, 100, 200, 300] });
    const [chunks, description] = sourcesOf({ "a.cbin": cbin, "a.ch": ch });
    const { source, reads } = watched(chunks);
    const [{ readSamples }] = await openRecordings([source, description]);
    const { chunk_offsets: offsets } = JSON.parse(new TextDecoder().decode(ch));
    reads.length = 0;
    await readSamples(0, 120, 130);
    await readSamples(0, 199, 200);
    expect(reads).toEqual([[offsets[1], offsets[2]]]);
  });

  it("takes triggers of a run as segments", async () => {
    const trigger = (t: number, firstSample: number) =>
      mtscompFiles({ stem: `run_t${t}.ap` }, { fileName: `run_t${t}.ap.bin`, firstSample });
    const { recording } = await only({ ...trigger(1, 6000), ...trigger(0, 3000) });
    expect(recording.segments).toEqual([
      { startSec: 0, nSamples: 10 },
      { startSec: 3000 / 30000.061088, nSamples: 10 },
    ]);
  });

  it("opens the chunks alone, the last of 385 channels as the sync word", async () => {
    const { cbin, ch } = chunked(noise(2 * 385 * 6), { nChannels: 385, bounds: [0, 4, 6] });
    const { recording, warnings } = await only({ "a.cbin": cbin, "a.ch": ch });
    expect(recording).toMatchObject({ stream: "ap", rateHz: 30000, nChannels: 384, nSavedChannels: 385, sync: 1 });
    expect(recording.uvPerBit.every((uv) => uv === 1)).toBe(true);
    expect(recording.unit).toBe("units of the file");
    expect(warnings).toContain("a.ch: of its 385 channels the last was taken as the sync word, as probes have it.");
    expect(warnings[warnings.length - 1]).toMatch(/expected where the sites lie in the \.meta beside it/);
  });

  it("says that the chunks are missing", async () => {
    const { "run_g0_t0.imec0.ap.cbin": _, ...rest } = mtscompFiles();
    const { recording, warnings } = await only(rest);
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: 0 }]);
    expect(warnings[0]).toMatch(/expected the binary it describes/);
  });
});

describe("files of a recording find each other", () => {
  const [cbin, ch, meta] = Object.values(mtscompFiles());
  it.each<[string, Files]>([
    [
      "identifiers",
      { [`_s_g0.ap${uuid("1")}.cbin`]: cbin, [`_s_g0.ap${uuid("2")}.ch`]: ch, [`_s_g0.ap${uuid("3")}.meta`]: meta },
    ],
    ["a part of a stream", { "s.ap.stream.cbin": cbin, "s.ap.stream.ch": ch, "s.ap.meta": meta }],
    ["any names", { data: cbin, description: ch, "notes.txt": meta }],
    ["a neighbour", { "a.cbin": cbin, "b.ch": ch, "c.meta": meta, "probe.txt": new Uint8Array(90) }],
  ])("by %s", async (_, files) => {
    const { recording, warnings, files: found } = await only(files);
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: 10 }]);
    expect(warnings).toEqual([]);
    expect(found.map((f) => f.path)).toEqual(Object.keys(files).slice(0, 3));
  });

  it("takes a part that was taken out of a recording, beside the descriptions of the whole", async () => {
    const part = chunked(binaryBytes(), {
      changes: { shape: [9e6, 5], chopped_first_sample: 45000, chopped_total_samples: 9e6 },
    });
    const files = {
      "s.ap.stream.cbin": part.cbin,
      "s.ap.stream.ch": part.ch,
      "s.ap.stream.meta": meta,
      "s.ap.ch": ch,
      "s.ap.meta": meta,
    };
    const { "s.ap.stream.meta": _, ...without } = files;
    for (const beside of [files, without]) {
      const { recording, warnings } = await only(beside);
      expect(recording.segments).toEqual([{ startSec: 0, nSamples: 10 }]);
      expect(recording.uvPerBit[0]).toBe(2.34375);
      expect(warnings).toEqual([
        "s.ap.stream.ch: only a part of the recording, from its sample 45000 (1.5 s) on; times count from there.",
      ]);
      const [{ info }] = await openSources(sourcesOf(beside));
      expect(info.warnings).toEqual(warnings);
    }
  });

  it("leaves the compressed copy aside where the recording lies beside it", async () => {
    const [{ info }, ...more] = await openSources(sourcesOf({ ...mtscompFiles(), ...recordingFiles() }));
    expect(more).toEqual([]);
    expect(info).toMatchObject({ format: "spikeglx", nSamples: 10 });
    expect(info.warnings).toEqual([
      "run_g0_t0.imec0.ap.cbin: its recording lies uncompressed beside it and was opened from there.",
    ]);
  });

  it("leaves what is no probe's to SpikeGLX's sentence", async () => {
    const files = { ...mtscompFiles(), "run_g0_t0.imec0.ap.meta": metaBytes({ typeThis: "nidq" }) };
    await expect(openSources(sourcesOf(files))).rejects.toThrow(
      /^run_g0_t0\.imec0\.ap\.meta: expected the recording of a probe .*\(typeThis=nidq\)\.$/,
    );
  });
});

describe("damaged chunks", () => {
  const rows = binaryBytes();
  const { cbin, ch } = chunked(rows);
  const { chunk_offsets: offsets } = JSON.parse(new TextDecoder().decode(ch));
  const readingOf = async (bytes: Uint8Array, description = ch) =>
    (await only({ "a.cbin": bytes, "a.ch": description })).readSamples;

  it("are named, and the others are read", async () => {
    const damaged = cbin.slice();
    damaged.fill(255, offsets[1], offsets[1] + 8);
    const readSamples = await readingOf(damaged);
    expect(firstDifference(await readSamples(0, 8, 10), new Int16Array(rows.slice(80).buffer))).toBe(-1);
    await expect(readSamples(0, 0, 10)).rejects.toThrow(
      "a.cbin: expected an intact chunk 1 (counting from 0), found that its bytes are no intact zlib data.",
    );
  });

  it.each([
    [
      "more",
      [0, 2, 8, 10],
      "chunk 0 (counting from 0), found that it inflates to more bytes where chunk_bounds say 20.",
    ],
    [
      "fewer",
      [0, 5, 8, 10],
      "chunk 0 (counting from 0), found that it inflates to 40 bytes where chunk_bounds say 50.",
    ],
  ])("of %s samples than said are never unpacked beyond", async (_, bounds, sentence) => {
    const readSamples = await readingOf(cbin, chunked(rows, { changes: { chunk_bounds: bounds } }).ch);
    await expect(readSamples(0, 0, 1)).rejects.toThrow(sentence);
  });
});
