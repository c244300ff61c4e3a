import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { inspectJson } from "../../../src/io/inspect.ts";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { recordingOnly } from "../../../src/protocol/recordingOnly.ts";
import { binaryBytes, metaBytes, metaText, recordingFiles } from "../../cases/spikeglxFiles.ts";
import { checkReader, f8, sourcesOf, watched } from "../support.ts";

type Files = Record<string, Uint8Array>;
const zipOf = (files: Files) => zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));
const infosOf = async (files: Files) => (await openSources(sourcesOf(files))).map((d) => d.info);
const refusal = (files: Files) =>
  openSources(sourcesOf(files)).then(
    () => "opened",
    (error: unknown) => (error instanceof AppError ? error.message : `not an AppError: ${error}`),
  );

describe("a SpikeGLX recording", () => {
  it("reads the same from a folder, as loose files and inside an archive", async () => {
    const files = recordingFiles();
    await checkReader("spikeglx", files, zipOf(files));
  });

  it("prints what inspect promises", async () => {
    expect(inspectJson(await openSources(sourcesOf(recordingFiles())))).toEqual({
      format: "spikeglx",
      title: "SpikeGLX AP",
      kind: "recording",
      warnings: [],
      files: [
        { path: "run_g0_t0.imec0.ap.bin", bytes: 100 },
        { path: "run_g0_t0.imec0.ap.meta", bytes: metaBytes().length },
      ],
      durationSec: 10 / 30000.061088,
      rateHz: 30000.061088,
      nChannels: 4,
      nSamples: 10,
      segments: [{ startSec: 0, nSamples: 10 }],
      uvPerBit: 2.34375,
      delaySamples: [0, 0, 1 / 13, 1 / 13],
      probe: expect.objectContaining({ model: "Neuropixels 1.0", nShanks: 1 }),
      sync: 1,
    });
  });

  it.each([
    ["the same stem", "a.meta", "a.bin"],
    ["the name the description gives", "notes", "run_g0_t0.imec0.ap.bin"],
    ["the size the description gives", "notes", "data"],
    ["a stem of two", "npx.imec.ap.meta", "npx.imec.ap.bin"],
  ])("finds its binary by %s", async (_, metaName, binaryName) => {
    const other = { "readme.txt": new Uint8Array(100), "more.dat": new Uint8Array(7) };
    const [info] = await infosOf({ [metaName]: metaBytes(), [binaryName]: binaryBytes(), ...other });
    expect(info.files.map((f) => f.path)).toEqual([binaryName, metaName]);
    expect(info.nSamples).toBe(10);
  });

  it("finds a renamed binary that is cut short as the only file of whole samples", async () => {
    const [info] = await infosOf({ notes: metaBytes(), data: binaryBytes(6) });
    expect(info.nSamples).toBe(6);
    expect(info.warnings).toEqual([
      "data is cut short: expected 100 bytes by notes, found 60; read as 6 samples (0.0002 s).",
    ]);
  });

  it("opens without reading a sample", async () => {
    const [meta, binary] = sourcesOf(recordingFiles("run")).map(watched);
    await openSources([meta.source, binary.source]);
    expect(binary.reads.every(([, end]) => end <= 256)).toBe(true);
  });

  it("of two bands is two data sets", async () => {
    const lf = { snsApLfSy: "0,4,1", snsSaveChanSubset: "4:8", fileName: "run_g0_t0.imec0.lf.bin" };
    const infos = await infosOf({ ...recordingFiles("r.ap"), ...recordingFiles("r.lf", lf) });
    expect(infos.map((i) => i.title)).toEqual(["SpikeGLX AP", "SpikeGLX LF"]);
  });
});

describe("a description of bytes that are not UTF-8", () => {
  it("is read, and its binary found by the name the two share or by size", async () => {
    const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 255);
    const meta = latin1(metaText({ fileName: "D:/m\u00e4use/w\u00e4rme_g0_t0.imec0.ap.bin", userNotes: "20 \u00b5m" }));
    const text = new TextDecoder().decode(meta);
    expect(text).toContain("\ufffd");
    for (const name of ["w\u00e4rme.ap", "other"]) {
      const [info] = await infosOf({ [`${name}.meta`]: meta, "w\u00e4rme.ap.bin": binaryBytes() });
      expect(info).toMatchObject({ nSamples: 10, warnings: [] });
    }
  });
});

describe("samples", () => {
  it("are read by range, and [a, b) with [b, c) is [a, c)", async () => {
    const [source] = await openRecordings(sourcesOf(recordingFiles()));
    const whole = await source.readSamples(0, 0, 10);
    expect(whole).toHaveLength(50);
    expect([...whole.slice(0, 6)]).toEqual([-2000, -1999, -1998, -1997, -1996, -1000]);
    for (let cut = 0; cut <= 10; cut++) {
      const [first, second] = [await source.readSamples(0, 0, cut), await source.readSamples(0, cut, 10)];
      expect([...first, ...second]).toEqual([...whole]);
    }
    await expect(source.readSamples(0, 0, 11)).rejects.toThrow("samples of this segment");
    await expect(source.readSamples(1, 0, 1)).rejects.toThrow("a segment of this recording");
  });

  it("are the same from bytes that lie at an odd place", async () => {
    const files = recordingFiles();
    const shifted = new Uint8Array(101);
    shifted.set(binaryBytes(), 1);
    const odd = { ...files, "run_g0_t0.imec0.ap.bin": shifted.subarray(1) };
    const [a] = await openRecordings(sourcesOf(files));
    const [b] = await openRecordings(sourcesOf(odd));
    expect(await b.readSamples(0, 3, 7)).toEqual(await a.readSamples(0, 3, 7));
  });
});

describe("triggers", () => {
  const trigger = (t: number, firstSample: number) =>
    recordingFiles(`run_g0_t${t}.imec0.ap`, { firstSample, fileName: `run_g0_t${t}.imec0.ap.bin` });

  it("are segments with their real gaps and overlaps, in the order they were recorded", async () => {
    const files = { ...trigger(2, 3100), ...trigger(0, 3000), ...trigger(1, 3009) };
    const infos = await infosOf(files);
    expect(infos).toHaveLength(1);
    expect(infos[0]).toMatchObject({ nSamples: 30, durationSec: 110 / 30000.061088 });
    expect(infos[0].segments?.map((s) => Math.round(s.startSec * 30000.061088))).toEqual([0, 9, 100]);
    const [source] = await openRecordings(sourcesOf(files));
    expect(await source.readSamples(2, 0, 10)).toEqual(await source.readSamples(0, 0, 10));
  });

  it("of another probe, gate or folder are other recordings", async () => {
    const probe = recordingFiles("run_g0_t0.imec1.ap", { fileName: "run_g0_t0.imec1.ap.bin", imDatPrb_sn: 7 });
    const gate = recordingFiles("run_g1_t0.imec0.ap", { fileName: "run_g1_t0.imec0.ap.bin" });
    const below = Object.fromEntries(Object.entries(trigger(1, 3100)).map(([k, v]) => [`copy/${k}`, v]));
    const infos = await infosOf({ ...trigger(0, 3000), ...probe, ...gate, ...below });
    expect(infos.map((i) => i.segments?.length)).toEqual([1, 1, 1, 1]);
  });

  it("put together by CatGT are one segment", async () => {
    const name = "run_g0_tcat.imec0.ap";
    expect((await infosOf(recordingFiles(name, { fileName: `${name}.bin` })))[0].segments).toHaveLength(1);
  });

  it("that start together are refused", async () => {
    expect(await refusal({ ...trigger(0, 3000), ...trigger(1, 3000) })).toBe(
      "Expected triggers of one run to start one after the other, found that run_g0_t0.imec0.ap.meta and run_g0_t1.imec0.ap.meta both start at sample 3000; open them one at a time.",
    );
  });
});

describe("sizes", () => {
  it("of a cut binary are told, and what is there is read, without the broken last sample", async () => {
    const [info] = await infosOf({ "a.meta": metaBytes(), "a.bin": binaryBytes().slice(0, 57) });
    expect(info.nSamples).toBe(5);
    expect(info.warnings).toEqual([
      "a.bin is cut short: expected 100 bytes by a.meta, found 57; read as 5 samples (0.0001667 s).",
    ]);
  });

  it("of a binary that grew are told", async () => {
    const [info] = await infosOf({ "a.meta": metaBytes(), "a.bin": binaryBytes(12) });
    expect(info).toMatchObject({ nSamples: 12, warnings: [expect.stringContaining("a.bin is longer than described")] });
  });

  it("of a missing binary are told, and the description is read", async () => {
    const [info] = await infosOf({ "a.meta": metaBytes() });
    expect(info).toMatchObject({ nSamples: 0, durationSec: 0, rateHz: 30000.061088 });
    expect(info.warnings).toEqual(["a.meta: expected the binary it describes (100 bytes) beside it, found none."]);
  });
});

describe("damaged files", () => {
  it("give recordings whose samples can be read, or an AppError, never anything else", async () => {
    const intact = metaBytes();
    const damage = fc.record({
      at: fc.nat(intact.length - 1),
      byte: fc.nat(255),
      cut: fc.boolean(),
      size: fc.nat(120),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ at, byte, cut, size }) => {
        const meta = cut ? intact.slice(0, at) : intact.slice();
        if (!cut) meta[at] = byte;
        try {
          const sources = sourcesOf({ "a.ap.meta": meta, "a.ap.bin": new Uint8Array(size) });
          await openSources(sources);
          for (const { recording, readSamples } of await openRecordings(sources)) {
            const [{ nSamples }] = recording.segments;
            expect(await readSamples(0, 0, nSamples)).toHaveLength(nSamples * recording.nSavedChannels);
          }
        } catch (error) {
          expect(error, String(error)).toBeInstanceOf(AppError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("what is no probe's", () => {
  const nidq = { "run.nidq.meta": metaBytes({ typeThis: "nidq" }), "run.nidq.bin": binaryBytes() };
  const sentence =
    "run.nidq.meta: expected the recording of a probe (typeThis=imec), found that of a National Instruments device (typeThis=nidq).";

  it("is listed beside a recording or spikes, and refused alone", async () => {
    const [info] = await infosOf({ ...nidq, ...recordingFiles() });
    expect(info.warnings).toEqual([sentence]);
    const peaks = { "peak_times.npy": f8([1]), "peak_depths.npy": f8([1]), "peak_amplitudes.npy": f8([1]) };
    const [spikes] = await infosOf({ ...nidq, ...peaks });
    expect(spikes).toMatchObject({ kind: "spikes", warnings: [sentence] });
    expect(await refusal(nidq)).toBe(sentence);
  });
});

describe("a recording where spikes are needed", () => {
  const sentenceOf = async (files: Files) => recordingOnly(await openSources(sourcesOf(files)))?.message ?? null;

  it("says so in one sentence", async () => {
    expect(await sentenceOf(recordingFiles("a"))).toBe(
      'a.bin is a raw recording (SpikeGLX AP, 4 channels, 0.00033 s): motion comes from spikes; run "detect-localize" on it first, alone or as the step before.',
    );
    const lf = { snsApLfSy: "0,4,1", snsSaveChanSubset: "4:8", imSampRate: 2500 };
    expect(await sentenceOf(recordingFiles("a", lf))).toBe(
      'a.bin is a raw recording (SpikeGLX LF, 4 channels, 0.004 s): motion comes from spikes; the LF band holds none, so run "detect-localize" on the AP recording first.',
    );
    const peaks = { "peak_times.npy": f8([1]), "peak_depths.npy": f8([1]), "peak_amplitudes.npy": f8([1]) };
    expect(await sentenceOf(peaks)).toBeNull();
  });
});
