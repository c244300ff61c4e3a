import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { butterworth } from "../../src/core/butterworth.ts";
import { globalGroups, commonReference as referenceOracle } from "../../src/core/commonReference.ts";
import { powerOfTwo } from "../../src/core/fft.ts";
import { sosFilter } from "../../src/core/sosFilter.ts";
import { phaseShift } from "../../src/core/spectralFilter.ts";
import { measureNoise } from "../../src/methods/preprocess/noise.ts";
import { type PreprocessOptions, Preprocessor } from "../../src/methods/preprocess/preprocessor.ts";
import { commonReference } from "../../src/ops/commonReference.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { spectralFilter } from "../../src/ops/spectralFilter.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";
import { memoryRecording } from "../methods/memoryRecording.ts";

/** SpikeInterface's filters on one chunk of synthetic samples, 2400 × 64, in units of the samples. */
const root = "../shared/golden/preprocessing";
const [nRows, nChannels] = [2400, 64];
const limit = 1e-3;

let raw: Int16Array;
let delays: Float64Array;
const read: Record<string, Float32Array> = {};

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  raw = (await fixtureNpy("input_int16.npy", root)).values as Int16Array;
  delays = Float64Array.from((await fixtureNpy("inter_sample_shift.npy", root)).values);
  for (const name of ["highpass300", "phase_shift", "highpass_then_cmr", "highpass_phaseshift_cmr"])
    read[name] = await fixtureFloats(`${name}_f32.npy`, root);
});

function largest(found: ArrayLike<number>, expected: ArrayLike<number>, what: string): number {
  expect(found.length).toBe(expected.length);
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(found[i] - expected[i]));
  console.info(`${what}: largest difference ${worst.toExponential(2)} LSB`);
  return worst;
}

function highPassed(): Float64Array {
  const values = Float64Array.from(raw);
  sosFilter(butterworth(5, { lowHz: 300, highHz: Number.POSITIVE_INFINITY }, 30000), values, nRows, nChannels);
  return values;
}

describe("the oracles", () => {
  it("high-pass, phase shift and median as the reference does", () => {
    const filtered = highPassed();
    const groups = globalGroups(nChannels);
    const shifted = phaseShift(filtered, nRows, delays, 1200);
    const found = {
      highpass300: filtered,
      phase_shift: phaseShift(raw, nRows, delays, 1200),
      highpass_then_cmr: referenceOracle(filtered, groups),
      highpass_phaseshift_cmr: referenceOracle(shifted, groups),
    };
    for (const [name, values] of Object.entries(found))
      expect(largest(values, read[name], `oracle, ${name}`)).toBeLessThan(limit);
  });

  it("the reference's phase shift depends on the length of its transform more than on anything else", () => {
    const filtered = highPassed();
    const found: number[] = [];
    for (const marginSamples of [1300, 1800, 2400, 2896]) {
      const shifted = referenceOracle(phaseShift(filtered, nRows, delays, marginSamples), globalGroups(nChannels));
      const what = `oracle, whole chain with a transform of ${nRows + 2 * marginSamples} instead of 4800`;
      found.push(largest(shifted, read.highpass_phaseshift_cmr, what));
    }
    expect(Math.max(...found)).toBeGreaterThan(limit);
  });
});

const options: PreprocessOptions = {
  filter: "highpass",
  lowHz: 300,
  highHz: 6000,
  order: 5,
  phaseShift: false,
  reference: "none",
  excluded: [],
};

describe("CPU mode", () => {
  it("median of the reference's own high-passed samples", async () => {
    const values = tensor2d(read.highpass300, [nRows, nChannels]);
    const found = await commonReference(values, globalGroups(nChannels)).data();
    expect(largest(found, read.highpass_then_cmr, "wasm, median alone")).toBeLessThan(limit);
  });

  it("phase shift alone, on a frame of 4096: zeros outside, another length than the reference's 4800", async () => {
    const nFft = powerOfTwo(nRows + 1200);
    const ones = (n: number) => tensor1d(new Float32Array(n).fill(1));
    const columns = tensor1d(
      Int32Array.from({ length: nChannels }, (_, c) => c),
      "int32",
    );
    const channels = { columns, gains: ones(nChannels), delays: tensor1d(Float32Array.from(delays)) };
    const samples = tensor1d(new Int32Array(raw.buffer, raw.byteOffset, raw.length / 2), "int32");
    const inputs = { samples, ...channels, response: ones(nFft / 2 + 1), window: ones(nRows) };
    const frame = { nRows, nColumns: nChannels, nFft, from: 0, to: nRows };
    const found = await spectralFilter(inputs, frame).data();
    // the length decides at which frequencies the shift is exact: that shows where the samples stop abruptly
    largest(found, read.phase_shift, `wasm, phase shift with ${nFft}`);
    largest(
      found.subarray(64 * 300, 64 * 2100),
      read.phase_shift.subarray(64 * 300, 64 * 2100),
      "… 10 ms from the ends",
    );
    const oracle = phaseShift(raw, nRows, delays, (nFft - nRows) / 2);
    expect(largest(found, oracle, "wasm, against the oracle of that length")).toBeLessThan(limit);
  });

  it.each([
    ["highpass300", { ...options }, limit],
    ["highpass_then_cmr", { ...options, reference: "global" }, limit],
    ["highpass_phaseshift_cmr", { ...options, phaseShift: true, reference: "global" }, 0.01],
  ] as const)("preprocessor, %s", async (name, chosen, bound) => {
    const reader = memoryRecording(raw, nChannels, { nSavedChannels: nChannels, delaySamples: delays });
    const preprocessor = new Preprocessor(reader, chosen);
    const found = await (await preprocessor.process(0, 0, nRows)).data();
    expect(largest(found, read[name], `wasm, preprocessor, ${name}`)).toBeLessThan(bound);
  });

  it("preprocessor, the whole chain against the reference's definition at the preprocessor's transform length", async () => {
    const reader = memoryRecording(raw, nChannels, { nSavedChannels: nChannels, delaySamples: delays });
    const preprocessor = new Preprocessor(reader, { ...options, phaseShift: true, reference: "global" });
    const found = await (await preprocessor.process(0, 0, nRows)).data();
    const shifted = phaseShift(highPassed(), nRows, delays, (8192 - nRows) / 2);
    const expected = referenceOracle(shifted, globalGroups(nChannels));
    expect(largest(found, expected, "wasm, preprocessor, whole chain at 8192")).toBeLessThan(limit);
  });

  it("band-pass: coefficients are the reference's (tests/core), so the oracle stands for its traces", async () => {
    const band = { lowHz: 300, highHz: 6000 };
    const expected = Float64Array.from(raw);
    sosFilter(butterworth(5, band, 30000), expected, nRows, nChannels);
    const reader = memoryRecording(raw, nChannels, { nSavedChannels: nChannels });
    const preprocessor = new Preprocessor(reader, { ...options, filter: "bandpass" });
    const found = await (await preprocessor.process(0, 0, nRows)).data();
    expect(largest(found, expected, "wasm, preprocessor, band-pass")).toBeLessThan(limit);
  });
});

describe("noise levels", () => {
  it("of a simulated recording are the reference's, but for which stretches were drawn", async () => {
    const bytes = gunzipSync(readFileSync("../shared/golden/sim_raw/traces_int16.bin.gz"));
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
    const reader = memoryRecording(samples, nChannels, { nSavedChannels: nChannels });
    const preprocessor = new Preprocessor(reader, { ...options, filter: "none" });
    const noise = await measureNoise(reader, preprocessor, 0);
    const expected = await fixtureFloats("noise_levels_lsb.npy", "../shared/golden/detection");
    const worst = Math.max(...Array.from(noise, (v, c) => Math.abs(v / expected[c] - 1)));
    console.info(`noise levels: largest relative difference ${worst.toExponential(2)}`);
    expect(worst).toBeLessThan(0.03);
  });
});
