import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { chooseCompute } from "../../src/ops/compute.ts";
import { type LocalizationGolden, loadReference, localizationRows, printRows } from "../cases/localizationGolden.ts";
import { fixtureNpy } from "../fixture.ts";

/** All spikes of the simulated recording, cut from its traces. */
const golden = "../shared/golden/localization";
const nChannels = 64;
const before = 15;
const length = 30;

const load = async (name: string) => (await fixtureNpy(`${name}.npy`, golden)).values;

async function readGolden(): Promise<LocalizationGolden> {
  const bytes = gunzipSync(readFileSync("../shared/golden/sim_raw/traces_int16.bin.gz"));
  const traces = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  const sample = await load("peak_sample_index");
  /** [N, C] of a function of the 30 samples of each channel */
  const perChannel = (f: (waveform: Int16Array) => number) => {
    const waveform = new Int16Array(length);
    return Float32Array.from({ length: sample.length * nChannels }, (_, i) => {
      const start = sample[Math.floor(i / nChannels)] - before;
      for (let t = 0; t < length; t++) waveform[t] = traces[(start + t) * nChannels + (i % nChannels)];
      return f(waveform);
    });
  };
  const exponential = await load("grid_prototype");
  const gaussian = await load("grid_prototype_gauss");
  return {
    positionsUm: Float32Array.from(await load("geom")),
    channel: Int32Array.from(await load("peak_channel_index")),
    neighbours10: { nSlots: 10, channels: Int32Array.from(await load("neighbours10")) },
    ptp10Uv: Float32Array.from(await load("ptp10_uv")),
    ptpLsb: perChannel((w) => Math.max(...w) - Math.min(...w)),
    peakvLsb: perChannel((w) => w[before]),
    projection: {
      exponential_3d: perChannel((w) => w.reduce((sum, v, t) => sum + v * exponential[t], 0)),
      gaussian_2d: perChannel((w) => w.reduce((sum, v, t) => sum + v * gaussian[t], 0)),
    },
    truthUm: await load("true_xyz_um"),
    reference: await loadReference(load),
  };
}

it("every localizer agrees with the reference on 5,831 spikes", async () => {
  await chooseCompute("cpu", () => undefined);
  const rows = await localizationRows(await readGolden());
  console.info(printRows(rows));
  expect(rows.filter(({ found, limit }) => !(found <= limit))).toEqual([]);
});
