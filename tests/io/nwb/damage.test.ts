import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { openRecordings } from "../../../src/io/open.ts";
import { nwbBytes, type SeriesFacts, series } from "./makeNwb.ts";

const data = Int16Array.from({ length: 4000 }, (_, i) => i);
const facts: SeriesFacts = { data, shape: [1000, 4], rateHz: 30000, conversion: 1e-6, chunks: [100, 4], gzip: 4 };
const sound = nwbBytes((file) => series(file, facts));

const messageOf = (bytes: Uint8Array) =>
  openRecordings([memorySource("rec.nwb", bytes)]).then(
    () => "opened",
    (error: unknown) => (error instanceof AppError ? error.message : `not a sentence: ${error}`),
  );

/** Where the objects of the first heap of texts begin. */
function heapAt(bytes: Uint8Array): number {
  const at = new TextDecoder("latin1").decode(bytes).indexOf("GCOL");
  expect(at).toBeGreaterThan(0);
  return at + 16;
}

describe("a damaged file", () => {
  it.each([
    ["free space of no length", 0n],
    ["free space longer than the heap", 2n ** 40n],
  ])("does not hold on to HDF5 for ever: %s in its heap of texts", async (_, length) => {
    const bytes = (await sound).slice();
    const view = new DataView(bytes.buffer);
    const at = heapAt(bytes);
    view.setUint16(at, 0, true);
    view.setBigUint64(at + 8, length, true);
    expect(await messageOf(bytes)).toBe(
      "rec.nwb: expected an intact HDF5 file, found a heap of texts that does not end; it may be damaged.",
    );
  });

  it("whose groups lead in a circle is walked to a bound", async () => {
    const bytes = await nwbBytes((file) => {
      series(file, facts);
      file.create_hard_link("/processing", "processing/again");
      file.create_hard_link("/acquisition", "acquisition/again");
    });
    const found = await openRecordings([memorySource("rec.nwb", bytes)]);
    expect(found.length).toBeGreaterThan(0);
    expect(await found[0].readSamples(0, 5, 6)).toEqual(data.slice(20, 24));
  });

  it("does no harm to one that is open beside it", async () => {
    const [open] = await openRecordings([memorySource("sound.nwb", await sound)]);
    const broken = (await sound).slice();
    broken.fill(0xff, 96, 600);
    expect(await messageOf(broken)).toMatch(/^rec\.nwb.*\.$/);
    expect(await open.readSamples(0, 0, 1000)).toEqual(data);
  });

  it("that breaks while it is read says so, and others go on", async () => {
    const bytes = await sound;
    let isGone = false;
    const readSync = (start: number, end: number) => {
      if (isGone) throw new AppError("bad-file", "rec.nwb could not be read any more.");
      return bytes.subarray(start, end);
    };
    // more files than are kept open, so that this one is opened anew
    const [open] = await openRecordings([{ ...memorySource("rec.nwb", bytes), readSync }]);
    for (let i = 0; i < 4; i++) await openRecordings([memorySource(`${i}.nwb`, bytes)]);
    isGone = true;
    await expect(open.readSamples(0, 0, 10)).rejects.toThrow("rec.nwb could not be read any more.");
    isGone = false;
    expect(await open.readSamples(0, 0, 10)).toEqual(data.slice(0, 40));
  });

  it("with a damaged chunk is read up to it", async () => {
    const bytes = (await sound).slice();
    const at = bytes.findLastIndex((_, i) => bytes[i] === 0x78 && bytes[i + 1] === 0x5e); // the head of a zlib stream
    bytes.fill(0, at, at + 20);
    const [{ readSamples }] = await openRecordings([memorySource("rec.nwb", bytes)]);
    await expect(readSamples(0, 0, 1000)).rejects.toThrow(
      /^rec\.nwb\/acquisition\/ElectricalSeriesAP\/data: expected an intact HDF5 file/,
    );
  });
});
