import { describe, expect, it } from "vitest";
import { memorySource } from "../../src/io/byteSource.ts";
import { readNpyHeader } from "../../src/io/npy/header.ts";
import { readNpyRows } from "../../src/io/npy/rows.ts";
import { openRecordings, openSources } from "../../src/io/open.ts";
import { waveformFile } from "../../src/io/waveforms.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { binaryBytes, metaBytes, recordingFiles } from "../cases/spikeglxFiles.ts";
import { checkRandomRanges, checkRecordingContract } from "./rangeContract.ts";
import { f8, sourcesOf } from "./support.ts";

const nSamples = 1000;
const meta = metaBytes({ fileSizeBytes: 10 * nSamples });

describe("the contract of ranges", () => {
  it("holds for samples of a recording", async () => {
    const files = { "a.meta": meta, "a.bin": binaryBytes(nSamples) };
    const [{ readSamples }] = await openRecordings(sourcesOf(files));
    await checkRandomRanges({ nRows: nSamples, rowBytes: 10, startByte: 0, read: (a, b) => readSamples(0, a, b) });
  });

  it("holds for waveforms", async () => {
    const values = Float32Array.from({ length: 60 * 10 * 90 }, (_, i) => Math.sin(i));
    const waveforms = await waveformFile(memorySource("w.npy", npyBytes(values, [60, 10, 90], "<f4")), 60);
    await checkRandomRanges({ nRows: 60, rowBytes: 3600, startByte: 128, read: waveforms.readRange });
  });

  it.each([[3000], [700, 3], [200, 4, 5]])("holds for the rows of a .npy array of shape %j", async (...shape) => {
    const n = shape.reduce((a, b) => a * b, 1);
    const source = memorySource(
      "x.npy",
      f8(
        Float64Array.from({ length: n }, (_, i) => Math.cos(i)),
        shape,
      ),
    );
    const header = await readNpyHeader(source);
    const read = (from: number, to: number) => readNpyRows(source, header, from, to);
    await checkRandomRanges({ nRows: shape[0], rowBytes: (8 * n) / shape[0], startByte: header.dataStart, read });
  });
});

describe("the contract of files", () => {
  it("holds for recordings under other names and cut short", () =>
    checkRecordingContract({ meta, binary: binaryBytes(nSamples) }));

  it("holds for a cut trigger of a run: the others are whole", async () => {
    const trigger = (t: number) =>
      recordingFiles(`r_t${t}.ap`, { firstSample: 3000 + 100 * t, fileName: `r_t${t}.ap.bin` });
    const files: Record<string, Uint8Array> = { ...trigger(0), ...trigger(1) };
    files["r_t0.ap.bin"] = files["r_t0.ap.bin"].slice(0, 33);
    const [{ info }] = await openSources(sourcesOf(files));
    expect(info.segments?.map((s) => s.nSamples)).toEqual([3, 10]);
    expect(info.warnings).toEqual([
      "r_t0.ap.bin is cut short: expected 100 bytes by r_t0.ap.meta, found 33; read as 3 samples (0.0001 s).",
    ]);
  });

  it("holds for a .npy cut short: it is refused with both sizes, for its rows are shared with other files", async () => {
    const whole = f8([1, 2, 3, 4]);
    for (const length of [128, 129, whole.length - 1]) {
      await expect(readNpyHeader(memorySource("x.npy", whole.slice(0, length)))).rejects.toThrow(
        `x.npy is cut short: expected 160 bytes from its header (shape (4,), <f8), found ${length}.`,
      );
    }
  });
});
