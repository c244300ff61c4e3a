import { expect, it } from "vitest";
import { fuzzReader } from "../fuzzReader.ts";
import { electrodes, nwbBytes, series, units } from "./makeNwb.ts";

const places = { x: [0, 16, 0], y: [0, 20, 40], groups: ["s0", "s0", "s1"], devices: { s0: "P", s1: "P" } };

const plain = nwbBytes((file) => {
  electrodes(file, places);
  const facts = { data: Int16Array.from({ length: 60 }, (_, i) => i), shape: [20, 3], conversion: 1e-6 };
  series(file, { ...facts, rateHz: 30000, electrodes: Int32Array.of(0, 1, 2) });
});

const packed = nwbBytes((file) => {
  const timestamps = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? i : i + 7) / 1000);
  const facts = { data: Float32Array.from({ length: 80 }, (_, i) => i * 1e-6), shape: [40, 2], timestamps };
  series(file, { ...facts, path: "processing/ecephys/LFP/lfp", chunks: [16, 1], gzip: 4, unit: "volts", offset: 1e-5 });
});

const sorted = nwbBytes((file) => {
  electrodes(file, places);
  const more = { peak_channel_id: Int32Array.of(0, 2), quality: ["good", "mua"] };
  units(
    file,
    [
      [0.5, 1.5, 2],
      [0.25, 1],
    ],
    { ...more, spike_amplitudes: Float64Array.of(1e-4, 2e-4, 1e-4, 9e-5, 5e-5) },
  );
});

it("ten thousand damaged NWB files open or explain themselves", async () => {
  const seeds = [{ "a.nwb": await plain }, { "a.nwb": await packed }, { "a.nwb": await sorted }];
  const { nOpened } = await fuzzReader("nwb", seeds, 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
