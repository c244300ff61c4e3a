import fc from "fast-check";
import { expect, it } from "vitest";
import { asAppError } from "../../../src/core/errors.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { plainDescription } from "../../../src/io/plain/describe.ts";
import { peekPlain, plainFiles } from "../../../src/io/plain/peek.ts";
import { plainPicture } from "../../../src/io/plain/picture.ts";
import { type PlainLayout, plainTypes } from "../../../src/protocol/plainBinary.ts";
import { fuzzReader } from "../fuzzReader.ts";
import { bytesOf, samplesOf } from "./plainFiles.ts";

const samples = bytesOf(samplesOf({ nChannels: 4, nUnits: 1 }, 60));
const usual: PlainLayout = { dtype: "int16", nSaved: 5, sync: 1, rateHz: 30_000, offsetBytes: 0, uvPerBit: 2.5 };

function described(changes: Partial<PlainLayout> = {}): Record<string, Uint8Array> {
  const binary = { path: "rec.dat", bytes: samples };
  const size = { path: binary.path, bytes: samples.length };
  const files = plainDescription(size, { ...usual, ...changes }, { kind: "linear", pitchUm: 20 });
  return Object.fromEntries([binary, ...files].map((file) => [file.path, file.bytes]));
}

it("ten thousand damaged descriptions open or explain themselves", async () => {
  const { nOpened } = await fuzzReader(
    "spikeinterface-binary",
    [described(), described({ offsetBytes: 8, uvPerBit: null }), described({ dtype: "float32", nSaved: 3, sync: 0 })],
    10_000,
  );
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);

const numbers = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.double({ min: -1e9, max: 1e9 }), fc.constant(Number.NaN));
const layouts = fc.record({
  dtype: fc.constantFrom(...plainTypes),
  nSaved: numbers,
  sync: numbers,
  rateHz: numbers,
  offsetBytes: numbers,
  uvPerBit: fc.option(numbers),
});

it("any bytes are looked at, and any layout of them is drawn or refused with a sentence", async () => {
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), layouts, async (bytes, layout) => {
    const source = memorySource("rec.dat", bytes);
    await plainFiles([source]);
    if (bytes.length > 0) {
      const { guess } = await peekPlain(source);
      // what is guessed can be drawn, unless there is not even one value
      if (bytes.length >= 8) expect((await plainPicture(source, guess)).nSamples).toBeGreaterThan(0);
    }
    try {
      const { image, limits } = await plainPicture(source, layout);
      expect(image.values).toHaveLength(image.widthPx * layout.nSaved);
      expect(limits[0]).toBeLessThanOrEqual(limits[1]);
    } catch (error) {
      if (!asAppError(error)) throw error;
    }
  });
  await fc.assert(property, { numRuns: 3000 });
});
