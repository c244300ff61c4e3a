import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { networkLayout } from "../../src/core/network/layout.ts";
import { Random } from "../../src/core/random.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { networkWeightsFile } from "../../src/io/write/safetensors.ts";
import { channelLocationsBytes, columnProbe, probeinterfaceBytes } from "../cases/geometryFiles.ts";
import { uniforms } from "../cases/opCase.ts";
import { metaBytes, metaKinds } from "../cases/spikeglxFiles.ts";
import { fuzzReader } from "./fuzzReader.ts";
import { f8, utf8 } from "./support.ts";

type Files = Record<string, Uint8Array>;

const fixture = async (name: string) => new Uint8Array(await readFile(`tests/fixtures/io/${name}`));
const json = (value: unknown) => utf8(JSON.stringify(value));

const motion: Files = {
  "displacement_seg0.npy": f8([1, 2], [2, 1]),
  "temporal_bins_s_seg0.npy": f8([0, 1]),
  "spatial_bins_um.npy": f8([5]),
};
const sln: Files = {
  "spike_times.npy": npyBytes([30, 60, 90], [3], "<i8"),
  "spike_amplitudes.npy": f8([-80, -60, -75]),
  "spike_channels.npy": npyBytes([0, 1, 1], [3], "<i4"),
  "fs.npy": f8([30000]),
  "channel_locations.npy": channelLocationsBytes([
    [0, 0],
    [0, 20],
  ]),
};
const table = { "spike_locs_y.npy": f8([1, 2, 3]), "spike_locs_x.npy": f8([4, 5, 6]) };
const anchors = { "spike_anchors.npy": npyBytes([1, 2, 0, 3, 4, 0, 5, 6, 0], [3, 3], "<f4") };
const subset: Files = {
  "waveforms.npy": npyBytes(new Float32Array(3 * 2 * 4), [3, 2, 4], "<f4"),
  "frame_ids.npy": npyBytes([0, 0, 1], [3], "<i4"),
  "manifest.json": json({ waveform_scale: 9.5, fs: 30000 }),
};
const run: Files = {
  "recipe.json": json({ driftscope: "0.1.0", seed: 1, steps: [{ method: "medicine", params: {} }] }),
  "provenance.json": json({ positions: "monopolar", inputs: [] }),
  "spikes/times_sec.npy": f8([1, 2]),
  "spikes/amplitude_uv.npy": npyBytes([-50, -60], [2], "<f4"),
  "locations/monopolar.npy": npyBytes([1, 2, 3, 4, 5, 6, 7, 8], [2, 4], "<f4"),
};

/** All of its weights, since files of other shapes are refused. */
function network(): Files {
  const spec = { kind: "cnn", nOut: 3 } as const;
  const { nWeights, nStatistics } = networkLayout(spec);
  const random = new Random(3);
  const weights = uniforms(random, nWeights, -0.1, 0.1);
  const statistics = uniforms(random, nStatistics, 0.4, 1.2);
  return { "m.safetensors": networkWeightsFile({ spec, weights, statistics, waveformScale: 9, about: "" }) };
}

/** Sound folders of each format: whole ones and the least there may be. */
const formats: Record<string, () => Promise<Files[]> | Files[]> = {
  "medicine-peaks": () => [
    { "peak_times.npy": f8([1, 2, 3]), "peak_depths.npy": f8([4, 5, 6]), "peak_amplitudes.npy": f8([-7, -8, -9]) },
  ],
  spikeglx: (): Files[] => [
    ...metaKinds().map((meta) => ({ "a.ap.meta": meta, "a.ap.bin": new Uint8Array(2 * 25 * 40) })),
    // a probe nobody knows, whose contacts lie in a file beside it
    {
      "a.ap.meta": metaBytes({
        imDatPrb_pn: "NP9999",
        imDatPrb_type: 9999,
        "~snsShankMap": undefined,
        imChan0apGain: 80,
      }),
      "a.ap.bin": new Uint8Array(2 * 5 * 100),
      "probe.json": probeinterfaceBytes(columnProbe(4, { device_channel_indices: [3, 2, 1, 0] })),
    },
    {
      "a.ap.meta": metaBytes({
        imDatPrb_pn: "NP9999",
        imDatPrb_type: 9999,
        "~snsShankMap": undefined,
        imChan0apGain: 80,
      }),
      "a.ap.bin": new Uint8Array(2 * 5 * 100),
      "channel_locations.npy": channelLocationsBytes([
        [0, 0],
        [0, 20],
        [0, 40],
        [0, 60],
      ]),
    },
  ],
  "sln-folder": () => [
    { ...sln, ...table },
    { ...sln, ...anchors },
  ],
  "sln-subset": () =>
    [subset, { ...subset, "anchors.npy": anchors["spike_anchors.npy"], "split.npy": f8([0, 1, 2]) }].map(
      (files, i) => ({ ...files, ...(i === 0 ? { "targets_global.npy": anchors["spike_anchors.npy"] } : {}) }),
    ),
  "spikeinterface-peaks": async () => {
    const tables = {
      "peaks.npy": await fixture("npy/peaks.npy"),
      "peak_locations.npy": await fixture("npy/locations.npy"),
    };
    return [{ ...tables, "parameters.json": json({ detect: {}, sampling_frequency: 15000 }) }, tables];
  },
  "spikeinterface-motion": () => {
    const info = { object: "Motion", num_segments: 1, direction: "y", interpolation_method: "linear" };
    const legacy = { "motion.npy": f8([1, 2], [2, 1]), "temporal_bins.npy": f8([0, 1]), "spatial_bins.npy": f8([5]) };
    const shanks = [0, 1].flatMap((k) =>
      Object.entries(motion).map(([name, bytes]) => [`m-shank${k}/${name}`, bytes] as const),
    );
    const mean = Object.entries(motion).map(([name, bytes]) => [`m/${name}`, bytes] as const);
    return [{ ...motion, "spikeinterface_info.json": json(info) }, legacy, Object.fromEntries([...mean, ...shanks])];
  },
  "medicine-motion": () => [
    { "motion.npy": f8([1, 2, 3, 4], [2, 2]), "time_bins.npy": f8([0, 2]), "depth_bins.npy": f8([-100, 500]) },
  ],
  "imposed-motion": () => [{ "manip.positions.npy": f8([0, 50]), "manip.timestamps_p1.npy": f8([1, 2], [2, 1]) }],
  "simulated-motion": () => [
    {
      "motion_time_s.npy": f8([0, 1]),
      "motion_common_um.npy": f8([0, 20]),
      "motion_grad_um.npy": f8([0, 40]),
      "info.json": json({ ymid_um: 500, L_um: 1000 }),
    },
  ],
  "kilosort-drift": () => [
    { "dshift.npy": f8([1, 2, 3, 4], [2, 2]), "yblk.npy": f8([10, 20]), "batch_times_sec.npy": f8([1, 3]) },
  ],
  "motion-table": () => [
    { "motion.csv": utf8("time_s,displacement_um_at_0,displacement_um_at_50\n0.5,1,2\n1.5,3,4\n") },
    { "motion.csv": utf8("time_s,displacement_um_at_100,lateral_um\n0,1,2\n1,-3.5,4e-1\n") },
  ],
  "network-weights": () => [network()],
  "run-directory": () => [run],
};

it.each(Object.entries(formats))(
  "ten thousand damaged folders of %s open or explain themselves",
  async (format, seeds) => {
    const { nOpened } = await fuzzReader(format, await seeds(), 10_000);
    // not all may be refused at the door
    expect(nOpened).toBeGreaterThan(500);
  },
  180_000,
);
