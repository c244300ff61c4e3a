import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { peekPlain, plainFiles } from "../../../src/io/plain/peek.ts";
import { plainPicture } from "../../../src/io/plain/picture.ts";
import { sourcesOf, utf8, watched } from "../support.ts";
import { bytesOf, samplesOf, withHeader } from "./plainFiles.ts";

const peek = (bytes: Uint8Array) => peekPlain(memorySource("rec.dat", bytes));

describe("the number of channels of a headerless binary", () => {
  const noises = { quiet: 0.3, loud: 3 };
  const cases = Object.entries(noises).flatMap(([noise, times]) =>
    // without a sync word nothing but the noise tells: where it is loud, that is hardest
    [16, 32, 64, 128, 384].flatMap((n) =>
      (times > 1 ? [false, true] : [false]).map((bare) => ({ noise, times, n, bare })),
    ),
  );
  it.each(cases)("$n channels, $noise noise, without sync: $bare", async ({ times, n, bare }) => {
    const options = { nChannels: n, nUnits: 8, sharedNoiseUv: 6 * times, ownNoiseUv: 5 * times };
    const nSaved = n + (bare ? 0 : 1);
    const { guess, candidates } = await peek(bytesOf(samplesOf(options, Math.ceil(120_000 / nSaved), bare)));
    expect(candidates[0]).toMatchObject({ nSaved, divides: true });
    expect(guess).toMatchObject({ dtype: "int16", nSaved, sync: bare ? 0 : 1, offsetBytes: 0 });
  });

  it.each(["np2", "np2-4shank", "ultra"] as const)("sites in a lattice do not pass for rows: %s", async (probe) => {
    const samples = samplesOf({ probe, nChannels: 96, nUnits: 8, lfpUv: 0, humUv: 0 }, 3000, true);
    const { guess } = await peek(bytesOf(samples));
    expect(guess.nSaved).toBe(96);
  });

  it("stands where nothing tells: a usual count that divides the file", async () => {
    const noise = Int16Array.from({ length: 385 * 400 }, (_, i) => 50 * Math.sin(i * i * 0.7371));
    const { guess, candidates } = await peek(bytesOf(noise));
    expect(candidates).toEqual([]);
    expect(guess.nSaved).toBe(385);
  });
});

describe("number types and headers", () => {
  const samples = samplesOf({ nChannels: 32, nUnits: 8 }, 6000);
  const uv = Float32Array.from(samples, (value) => 2.34375 * value);
  const swapped = bytesOf(samples).slice();
  for (let i = 0; i < swapped.length; i += 2) [swapped[i], swapped[i + 1]] = [swapped[i + 1], swapped[i]];
  const header = (n: number) => utf8("Amplifier 7, 32 channels, 2.34 uV per bit. ".repeat(2000)).slice(0, n);

  it.each([
    ["int16", bytesOf(samples)],
    ["uint16", bytesOf(Uint16Array.from(samples, (value) => value + 32768))],
    [">i2", swapped],
    ["int32", bytesOf(Int32Array.from(samples))],
    ["float32", bytesOf(uv)],
    ["float64", bytesOf(Float64Array.from(uv))],
    ["float32", bytesOf(Float32Array.from(samples, (value) => value / 30))],
  ])("%s", async (dtype, bytes) => {
    const { guess } = await peek(bytes);
    expect(guess).toMatchObject({ dtype, nSaved: 33, offsetBytes: 0, sync: 1 });
  });

  it.each([44, 100, 512, 1024, 4096, 16_384, 5000])("a header of %i bytes of text", async (n) => {
    const { guess } = await peek(withHeader(header(n), bytesOf(samples)));
    expect(guess).toMatchObject({ dtype: "int16", nSaved: 33, offsetBytes: n, sync: 1 });
  });

  it("a header padded with zeros", async () => {
    const padded = new Uint8Array(1024);
    padded.set(header(300));
    const { guess } = await peek(withHeader(padded, bytesOf(samples)));
    expect(guess).toMatchObject({ nSaved: 33, offsetBytes: 1024, sync: 1 });
  });

  it.each([8, 12, 31])("%i bytes that are no text, told by the digital word that comes last", async (n) => {
    const { guess } = await peek(withHeader(new Uint8Array(n).fill(200), bytesOf(samples)));
    expect(guess).toMatchObject({ dtype: "int16", nSaved: 33, offsetBytes: n, sync: 1 });
  });

  it("a file cut short has no header", async () => {
    const { guess, candidates } = await peek(bytesOf(samples).slice(0, -20));
    expect(guess).toMatchObject({ nSaved: 33, offsetBytes: 0, sync: 1 });
    expect(candidates[0].divides).toBe(false);
  });
});

describe("what is looked at", () => {
  it("large binaries of no known format, the largest first", async () => {
    const binary = bytesOf(samplesOf({ nChannels: 16, nUnits: 2 }, 1000));
    const found = await plainFiles(
      sourcesOf({
        "run/small.bin": binary.slice(0, 1000),
        "run/short.raw": binary.slice(0, 30_000),
        "run/rec.dat": binary,
        "run/notes": utf8("what was done that day\n".repeat(4000)),
        "run/array.npy": binary,
        "run/picture": withHeader(Uint8Array.from([0x89, 0x50, 0x4e, 0x47]), binary),
      }),
    );
    expect(found.map(({ path }) => path)).toEqual(["run/rec.dat", "run/short.raw"]);
  });

  it("is a few stretches, never the whole file", async () => {
    const samples = bytesOf(samplesOf({ nChannels: 64, nUnits: 2 }, 30_000));
    const { source, reads } = watched(memorySource("rec.dat", samples));
    expect((await peekPlain(source)).guess.nSaved).toBe(65);
    expect(Math.max(...reads.map(([from, to]) => to - from))).toBeLessThanOrEqual(1 << 20);
    expect(reads.reduce((sum, [from, to]) => sum + to - from, 0)).toBeLessThan(1.2e6);
  });
});

describe("the picture of a layout", () => {
  const samples = samplesOf({ nChannels: 16, nUnits: 2 }, 2000);
  const source = memorySource("rec.dat", bytesOf(samples));
  const layout = { dtype: "int16", nSaved: 17, sync: 1, rateHz: 30_000, offsetBytes: 0, uvPerBit: null } as const;

  it("holds the samples in the middle, time to the right and channels upwards", async () => {
    const { image, nSamples, leftBytes, nNotFinite, limits } = await plainPicture(source, layout);
    expect([image.widthPx, image.heightPx, nSamples, leftBytes, nNotFinite]).toEqual([512, 17, 2000, 0, 0]);
    for (const [t, c] of [
      [0, 0],
      [511, 16],
      [100, 3],
    ])
      expect(image.values[c * 512 + t]).toBe(samples[(744 + t) * 17 + c]);
    expect(limits[0]).toBeLessThan(limits[1]);
  });

  it("says what is left over", async () => {
    const { nSamples, leftBytes } = await plainPicture(source, { ...layout, nSaved: 16, sync: 0, offsetBytes: 10 });
    expect([nSamples, leftBytes]).toEqual([2124, 22]);
  });

  it.each([
    [{ nSaved: 0 }, "rec.dat: expected 1 to 65536 channels, found 0."],
    [{ nSaved: 1.5 }, "rec.dat: expected 1 to 65536 channels, found 1.5."],
    [{ rateHz: Number.NaN }, "rec.dat: expected a sampling rate of 1 to 10,000,000 Hz, found NaN."],
    [{ sync: 17 }, "rec.dat: expected fewer sync words than the 17 channels, found 17."],
    [{ uvPerBit: 0 }, "rec.dat: expected a scale above 0 µV, found 0."],
    [{ offsetBytes: -2 }, "rec.dat: expected a whole number of bytes to skip, found -2."],
    [{ offsetBytes: 67_990 }, "rec.dat: expected at least one sample of 17 channels (34 bytes), found 10 bytes."],
  ])("refuses %o", async (change, sentence) => {
    const outcome = await plainPicture(source, { ...layout, ...change }).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(AppError);
    expect((outcome as AppError).message).toBe(sentence);
  });
});
