import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/io/byteSource.ts";
import { openSources } from "../../../src/io/open.ts";
import type { OpenedDataset } from "../../../src/protocol/datasets.ts";
import { spikesOf } from "../support.ts";
import { column, electrodes, nwbBytes, units } from "./makeNwb.ts";

type Fill = Parameters<typeof nwbBytes>[0];

const opened = async (fill: Fill) => openSources([memorySource("rec.nwb", await nwbBytes(fill))]);
const warningsOf = ([{ info }]: readonly OpenedDataset[]) => info.warnings;

const times = [
  [0.5, 1.5, 2],
  [0.25, 1],
];
const places = { x: [10, 20, 30], y: [0, 40, 80], groups: ["A", "A", "A"], devices: { A: "NP1" } };
const oneDepth = (from: string) =>
  `rec.nwb/units: all spikes of a unit lie at one depth, that of ${from}; motion within a unit cannot be seen.`;

describe("spikes of units", () => {
  it("have their own depths and amplitudes where the table has one for each, in order of time", async () => {
    const data = await opened((file) => {
      const more = {
        spike_distances_from_probe_tip_um: Float32Array.of(10, 11, 12, 90, 91),
        spike_amplitudes_uV: Float64Array.of(100, 110, 120, 50, 60),
        quality: ["good", "mua"],
      };
      units(file, times, more);
    });
    expect(spikesOf(data)).toMatchObject({
      nSpikes: 5,
      timeSec: Float64Array.of(0.25, 0.5, 1, 1.5, 2),
      depthUm: Float64Array.of(90, 10, 91, 11, 12),
      ampUv: Float32Array.of(50, 100, 60, 110, 120),
      unit: Int32Array.of(1, 0, 1, 0, 0),
    });
    expect(data[0].info.units).toEqual([
      { id: 0, nSpikes: 3, label: "good" },
      { id: 1, nSpikes: 2, label: "mua" },
    ]);
    expect(warningsOf(data)).toEqual([]);
  });

  it("lie at the electrode of peak_channel_id, by the number of the electrode", async () => {
    const data = await opened((file) => {
      electrodes(file, places);
      units(file, times, {
        peak_channel_id: Int32Array.of(2, 1),
        spike_amplitudes: Float64Array.of(1e-4, 2e-4, 1e-4, 9e-5, 5e-5),
      });
    });
    expect(spikesOf(data)).toMatchObject({
      depthUm: Float64Array.of(40, 80, 40, 80, 80),
      xUm: Float64Array.of(20, 30, 20, 30, 30),
      ampUv: Float32Array.of(90, 100, 50, 200, 100),
    });
    expect(warningsOf(data)).toEqual([
      oneDepth("the electrode on which it is largest (peak_channel_id)"),
      "rec.nwb/units/spike_amplitudes: no unit is stated for amplitudes; half of them are above 0.000100, so they were read as volts.",
    ]);
  });

  it("lie at the largest of their unit's electrodes by waveform_mean, and have its peak", async () => {
    const waveforms = new Float64Array(2 * 4 * 2); // unit, sample, electrode
    waveforms[1 * 2 + 1] = -80e-6; // unit 0, second of its electrodes
    waveforms[8 + 2 * 2 + 0] = -30e-6; // unit 1, first of its electrodes
    const data = await opened((file) => {
      electrodes(file, places);
      const table = units(file, times, {
        electrodes: Int32Array.of(0, 2, 1, 0),
        electrodes_index: Uint8Array.of(2, 4),
      });
      column(table, "waveform_mean", waveforms, { shape: [2, 4, 2] });
    });
    const { depthUm, ampUv } = spikesOf(data);
    expect([...depthUm]).toEqual([40, 80, 40, 80, 80]);
    expect([...ampUv].map(Math.round)).toEqual([-30, -80, -30, -80, -80]);
    expect(warningsOf(data)[0]).toBe(oneDepth("the electrode on which it is largest (waveform_mean and electrodes)"));
  });

  it("have the depth of their unit, and say that amplitudes are not known", async () => {
    const data = await opened((file) => units(file, times, { depth: Float64Array.of(100, Number.NaN) }));
    expect(spikesOf(data)).toMatchObject({ nSpikes: 3, depthUm: Float64Array.of(100, 100, 100) });
    expect(data[0].info.amplitudeUnit).toBe("not known");
    expect(warningsOf(data).slice(0, 3)).toEqual([
      oneDepth("its depth"),
      "rec.nwb/units: expected spike_amplitudes or waveform_mean, found neither; every spike counts the same.",
      "rec.nwb/units: 1 unit has no depth and was left out.",
    ]);
  });

  it("of two probes are two sets", async () => {
    const fill: Fill = (file) => {
      electrodes(file, { ...places, groups: ["A", "B", "B"], devices: { A: "left", B: "right" } });
      units(file, times, { peak_channel_id: Int32Array.of(0, 2) });
    };
    await expect(opened(fill)).rejects.toThrow(/found 2: NWB units, left in .* and NWB units, right in/);
  });
});
