import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { memory, tensor2d, tensor3d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { fromHalf, toHalf } from "../../src/core/half.ts";
import { nearestSlots } from "../../src/core/neighbours.ts";
import { detectSlotOrder } from "../../src/core/slotOrder.ts";
import { gaussianPrototype, spikePrototype } from "../../src/core/spikePrototype.ts";
import { fitTpca } from "../../src/core/tpca.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import { snippets } from "../../src/ops/snippets.ts";
import { denoise, project } from "../../src/ops/tpca.ts";
import { waveformFeatures } from "../../src/ops/waveformFeatures.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";

/** Waveforms of the reference: 5831 peaks of the simulated recording on their ten nearest channels, 90 samples each. */
const golden = "../shared/golden";
const uvPerBit = 4.6875;
const [nSlots, nSamples, before] = [10, 90, 30];
const read = (path: string) => fixtureFloats(path, golden);
const worst = (found: ArrayLike<number>, expected: ArrayLike<number>) =>
  Array.from(expected).reduce((most, v, i) => Math.max(most, Math.abs(found[i] - v)), 0);

function int16(path: string): Float32Array {
  const bytes = Uint8Array.from(gunzipSync(readFileSync(`${golden}/${path}`)));
  return Float32Array.from(new Int16Array(bytes.buffer));
}

let waveforms: Float32Array;
let nSpikes: number;

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
  waveforms = int16("localization/waveforms_int16_Nx10x90.bin.gz");
  nSpikes = waveforms.length / nSlots / nSamples;
});

describe("waveforms of the reference on wasm", () => {
  it("has its ten neighbours", async () => {
    const { nSlots: k, channels } = nearestSlots(await read("localization/geom.npy"), new Int32Array(64), nSlots);
    expect(k).toBe(nSlots);
    expect([...channels]).toEqual([...(await read("localization/neighbours10.npy"))]);
  });

  it("cuts its waveforms from the recording", async () => {
    const traces = int16("sim_raw/traces_int16.bin.gz");
    const row = Int32Array.from(await read("localization/peak_sample_index.npy"));
    const channel = Int32Array.from(await read("localization/peak_channel_index.npy"));
    const slots = nearestSlots(await read("localization/geom.npy"), new Int32Array(64), nSlots);
    const tile = tensor2d(traces, [traces.length / 64, 64]);
    const found = snippets(tile, row, channel, slots, before, nSamples);
    const n = Float32Array.from(await found.data()).filter((v, i) => v !== waveforms[i]).length;
    tile.dispose();
    found.dispose();
    console.info(`snippets: ${nSpikes} × ${nSlots} × ${nSamples}, ${n} values different`);
    expect(n).toBe(0);
    expect(memory().numTensors).toBe(0);
  });

  it("has its peak-to-peak and peak voltage", async () => {
    const w = tensor3d(waveforms, [nSpikes, nSlots, nSamples]);
    const found = waveformFeatures(w, { from: 0, to: nSamples, samplesBefore: before });
    const scaled = async (t: typeof found.ptp) => (await t.data()).map((v) => v * uvPerBit);
    const ptp = worst(await scaled(found.ptp), await read("localization/ptp10_uv.npy"));
    const peak = worst(await scaled(found.peakVoltage), await read("localization/peakv10_uv.npy"));
    console.info(`largest difference: ptp ${ptp} µV, peak voltage ${peak} µV`);
    expect(ptp).toBe(0);
    expect(peak).toBe(0);
  });

  it("has its slot order", async () => {
    const ptp = (await read("localization/ptp10_uv.npy")).subarray(0, 1000 * nSlots);
    const channel = (await read("localization/peak_channel_index.npy")).subarray(0, 1000);
    const verdict = detectSlotOrder(ptp, channel, await read("localization/geom.npy"), new Int32Array(64));
    console.info(JSON.stringify(verdict));
    expect(verdict).toMatchObject({ order: "distance", isClear: true });
  });
});

describe("prototypes", () => {
  it("are the reference's", async () => {
    const own = waveforms.filter((_, i) => i % (nSlots * nSamples) < nSamples); // the detection channel comes first
    const trimmed = own.filter((_, i) => i % nSamples >= before - 15 && i % nSamples < before + 15);
    const expected = await read("localization/grid_prototype.npy");
    const difference = worst(spikePrototype(trimmed, 30, 15, 0), expected);
    console.info(`prototype: ${difference} from the reference's, which drew other spikes`);
    expect(difference).toBeLessThan(0.02);
    const gauss = worst(gaussianPrototype(30, 15, 30000), await read("localization/grid_prototype_gauss.npy"));
    console.info(`Gaussian: ${gauss}`);
    expect(gauss).toBeLessThan(1e-7);
  });
});

describe("tPCA on wasm", () => {
  it("has the reference's coefficients and denoised traces", async () => {
    const traces = await read("sln/tpca/traces_counts.npy");
    const model = fitTpca(traces, 90, 8);
    const expected = async (name: string) => (await fixtureNpy(`sln/tpca/${name}.npy`, golden)).values;
    const coefficients = project(tensor3d(traces.subarray(0, 20 * 900), [20, 10, 90]), model);
    const denoised = await denoise(coefficients, model).data();
    const errors = {
      mean: worst(model.mean, await expected("mean")),
      components: worst(model.components, await expected("components_8x90")),
      explained: worst(model.explained, await expected("explained_variance_ratio")),
      coefficients: worst(await coefficients.data(), await expected("coefficients_20x10x8")),
      denoised: worst(denoised, await expected("denoised_20x10x90")),
    };
    console.info(JSON.stringify(errors));
    for (const key of ["mean", "components", "explained"] as const) expect(errors[key], key).toBeLessThan(1e-9);
    expect(errors.coefficients).toBeLessThan(1e-3);
    expect(errors.denoised).toBeLessThan(1e-3);
    const stored = (await coefficients.data()).map((v) => fromHalf(toHalf(v)));
    const halved = worst(await denoise(tensor3d(stored, [20, 10, 8]), model).data(), denoised);
    console.info(`denoised from half-precision coefficients: ${halved} counts off`);
    expect(halved).toBeLessThan(0.5);
  });
});
