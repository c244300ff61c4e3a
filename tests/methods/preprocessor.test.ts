import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { Preprocessor } from "../../src/methods/preprocess/preprocessor.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";
import { memoryRecording, plainPreprocessing } from "./memoryRecording.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

const options = plainPreprocessing;

/** Largest |a − b| over rows [from, to) of [T, C]. */
function largest(a: ArrayLike<number>, b: ArrayLike<number>, from = 0, to = a.length): number {
  let worst = 0;
  for (let i = from; i < to; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
}

async function processed(preprocessor: Preprocessor, from: number, to: number): Promise<Float32Array> {
  const traces = await preprocessor.process(0, from, to);
  const values = (await traces.data()) as Float32Array;
  traces.dispose();
  return values;
}

const nChannels = 10;
const durationRows = 90_000; // 3 s

/** Tones up to 9 kHz on a large offset and a slow wave, in whole units of a fine scale; or white noise. */
function synthetic(kind: "band" | "white"): Int16Array {
  const random = new Random(5);
  const samples = new Int16Array(durationRows * (nChannels + 1));
  const tones = Array.from({ length: 12 }, () => ({
    step: (2 * Math.PI * (50 + 8950 * random.uniform())) / 30000,
    phase: 6 * random.uniform(),
  }));
  for (let t = 0; t < durationRows; t++) {
    for (let c = 0; c < nChannels; c++) {
      let value = 300 + 2000 * Math.sin((2 * Math.PI * 7 * t) / 30000 + c);
      if (kind === "white") value += 1000 * random.normal();
      else for (const { step, phase } of tones) value += 290 * Math.sin(step * t + phase * (c + 1));
      samples[t * (nChannels + 1) + c] = Math.round(value);
    }
  }
  return samples;
}

describe("the whole chain on the reference's input", () => {
  it("gives its traces: high-pass, phase shift and global median reference", async () => {
    const raw = (await fixtureNpy("preprocessing/input_int16.npy")).values as Int16Array;
    const delaySamples = Float64Array.from((await fixtureNpy("preprocessing/inter_sample_shift.npy")).values);
    const reader = memoryRecording(raw, 64, { nSavedChannels: 64, delaySamples });
    const preprocessor = new Preprocessor(reader, { ...options, reference: "global" });
    const found = await processed(preprocessor, 0, 2400);
    const difference = largest(found, await fixtureFloats("preprocessing/highpass_phaseshift_cmr_f32.npy"));
    console.info(`whole chain: largest difference ${difference.toExponential(1)} LSB with a power-of-two transform`);
    expect(difference).toBeLessThan(0.01); // another length of the transform than the reference
    preprocessor.dispose();
  });
});

describe("samples that are floats", () => {
  it.each(["highpass", "none"] as const)("give what the same samples in 16 bits give (%s)", async (filter) => {
    const whole = synthetic("band");
    const volts = Float32Array.from(whole, (value) => value * 1e-6);
    const [bits, floats] = [memoryRecording(whole, nChannels), memoryRecording(volts, nChannels)];
    floats.recording.uvPerBit.fill(1e6);
    for (const [from, to] of [
      [0, 5000],
      [41_003, 47_000],
    ]) {
      const found = [];
      for (const reader of [bits, floats]) {
        const preprocessor = new Preprocessor(reader, { ...options, filter });
        found.push(await processed(preprocessor, from, to));
        preprocessor.dispose();
      }
      expect(largest(found[0], found[1])).toBeLessThan(0.01); // of signals of thousands: float32
    }
  });
});

describe("tiles", () => {
  // largest allowed difference between two ways to cut the same range. The kernel of a shift falls off as 1/n with
  // alternating signs, so what lies beyond the margin cancels unless it is near the Nyquist frequency, as in white noise.
  it.each([
    ["band", 0.1],
    ["white", 30],
  ] as const)("of any size give the same traces (%s)", async (kind, limit) => {
    const reader = memoryRecording(synthetic(kind), nChannels);
    const preprocessor = new Preprocessor(reader, options);
    const whole = await processed(preprocessor, 0, durationRows);
    const worst: Record<string, number> = {};
    let [sum, count] = [0, 0];
    for (const size of [1_500, 5_000, 13_984, 40_001]) {
      let worstHere = 0;
      for (let from = 0; from < durationRows; from += size) {
        const to = Math.min(durationRows, from + size);
        const part = await processed(preprocessor, from, to);
        const same = whole.subarray(from * nChannels, to * nChannels);
        worstHere = Math.max(worstHere, largest(part, same));
        sum += part.reduce((squares, v, i) => squares + (v - same[i]) ** 2, 0);
        count += part.length;
        if (size < 5_000 && from > 6_000 && from < 80_000) from = 80_000; // small tiles: at the ends
      }
      worst[size] = worstHere;
    }
    console.info(
      `${kind}: worst by tile ${JSON.stringify(worst)}, rms ${Math.sqrt(sum / count)}, of a signal of 1000 rms`,
    );
    for (const difference of Object.values(worst)) expect(difference).toBeLessThan(limit);
    preprocessor.dispose();
  });

  it("reach beyond the recording as zeros, keep to its channels and free what they took", async () => {
    const samples = synthetic("band");
    const connected = Array.from({ length: nChannels }, (_, c) => c !== 4);
    const plain = memoryRecording(samples, nChannels);
    const probe = { ...plain.recording.probe, connected };
    const reader = memoryRecording(samples, nChannels, { probe });
    const before = memory().numTensors;
    const preprocessor = new Preprocessor(reader, { ...options, excluded: [7], reference: "local" });
    expect([...preprocessor.channels]).toEqual([0, 1, 2, 3, 5, 6, 8, 9]);
    const inside = await processed(preprocessor, 0, 100);
    const wider = await processed(preprocessor, -50, 100);
    expect(largest(wider.subarray(50 * 8), inside)).toBeLessThan(0.1);
    expect(wider.subarray(0, 50 * 8).every((v) => v === 0)).toBe(true);
    const beyond = await processed(preprocessor, durationRows + 10, durationRows + 30);
    expect([beyond.length, beyond.every((v) => v === 0)]).toEqual([20 * 8, true]);
    expect(reader.reads.every(([from, to]) => from >= 0 && to <= durationRows)).toBe(true);
    preprocessor.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it("without filter and shift are the samples in µV", async () => {
    const samples = synthetic("white");
    const uvPerBit = Float64Array.from({ length: nChannels }, (_, c) => 0.5 + c);
    const reader = memoryRecording(samples, nChannels, { uvPerBit });
    const preprocessor = new Preprocessor(reader, { ...options, filter: "none", phaseShift: false });
    const found = await processed(preprocessor, 20_000, 20_100);
    const expected = Array.from(found, (_, i) => {
      const c = i % nChannels;
      return uvPerBit[c] * samples[(20_000 + Math.floor(i / nChannels)) * (nChannels + 1) + c];
    });
    expect(largest(found, expected)).toBeLessThan(0.02); // 1e-6 of 20000 µV
    preprocessor.dispose();
  });

  it("refuse what cannot be computed, each with a sentence", () => {
    const reader = memoryRecording(new Int16Array(1100), nChannels);
    const all = Array.from({ length: nChannels }, (_, c) => c);
    expect(() => new Preprocessor(reader, { ...options, excluded: all })).toThrow(/at least one good channel/);
    expect(() => new Preprocessor(reader, { ...options, lowHz: 2 })).toThrow(/raise its low edge/);
    const probe = { ...reader.recording.probe, positionsUm: [] };
    const blind = memoryRecording(new Int16Array(1100), nChannels, { probe });
    expect(() => new Preprocessor(blind, { ...options, reference: "local" })).toThrow(/probe's geometry/);
  });
});
