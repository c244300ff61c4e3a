import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { memory, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { exclusivePeaks as oracle, type PeakRules, type Peaks } from "../../src/core/exclusivePeaks.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { exclusivePeaks } from "../../src/ops/exclusivePeaks.ts";
import { type DetectionSetting, detectionRules, detectionSettings } from "../cases/detectionFixture.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";

/** The simulated recording beside the checkout, 24 s of 64 channels, and what SpikeInterface detects in it. */
const golden = "../shared/golden";
const nChannels = 64;
const nRows = 720_000;
let traces: Float32Array;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  const bytes = Uint8Array.from(gunzipSync(readFileSync(`${golden}/sim_raw/traces_int16.bin.gz`)));
  traces = Float32Array.from(new Int16Array(bytes.buffer));
});

async function rulesOf(setting: DetectionSetting): Promise<PeakRules> {
  const { values } = await fixtureNpy("detection/noise_levels_lsb.npy", golden);
  return detectionRules(setting, values, await fixtureFloats("sim_raw/geom.npy", golden), nRows);
}

/** How many of the peaks are not the reference's, in order: (sample, channel, amplitude). */
async function differences(found: Peaks, { name }: DetectionSetting): Promise<number> {
  const read = async (column: string) => (await fixtureNpy(`detection/${name}_${column}.npy`, golden)).values;
  const [sample, channel, amplitude] = [
    await read("sample_index"),
    await read("channel_index"),
    await read("amplitude_lsb"),
  ];
  let n = Math.abs(sample.length - found.row.length);
  for (let i = 0; i < Math.min(sample.length, found.row.length); i++) {
    const isSame = sample[i] === found.row[i] && channel[i] === found.channel[i] && amplitude[i] === found.amplitude[i];
    if (!isSame) n++;
  }
  return n;
}

/** The recording in tiles of `length` rows with a margin of the recording's own samples. */
async function tiled(rules: PeakRules, length: number): Promise<Peaks> {
  const margin = rules.excludeSamples + 1;
  const row: number[] = [];
  const channel: number[] = [];
  const amplitude: number[] = [];
  for (let from = 0; from < nRows; from += length) {
    const low = Math.max(0, from - margin);
    const high = Math.min(nRows, from + length + margin);
    const tile = tensor2d(traces.subarray(low * nChannels, high * nChannels), [high - low, nChannels]);
    const found = await exclusivePeaks(tile, { ...rules, fromRow: from - low, toRow: from + length - low });
    tile.dispose();
    row.push(...found.row.map((r) => r + low));
    channel.push(...found.channel);
    amplitude.push(...found.amplitude);
  }
  return { row: Int32Array.from(row), channel: Int32Array.from(channel), amplitude: Float32Array.from(amplitude) };
}

describe.each(detectionSettings)("locally exclusive detection, $name", (setting) => {
  it("is the reference's through the oracle", async () => {
    const found = oracle(traces, await rulesOf(setting));
    const n = await differences(found, setting);
    console.info(`${setting.name}, oracle: ${found.row.length} peaks, ${n} different`);
    expect(n).toBe(0);
  });

  it.each([nRows, 100_000, 30_000, 7_919])("is the reference's on wasm in tiles of %i samples", async (length) => {
    const found = await tiled(await rulesOf(setting), length);
    const n = await differences(found, setting);
    console.info(`${setting.name}, wasm, tiles of ${length}: ${found.row.length} peaks, ${n} different`);
    expect(n).toBe(0);
    expect(memory().numTensors).toBe(0);
  });
});
