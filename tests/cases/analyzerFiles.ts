/** A SortingAnalyzer of SpikeInterface with six spikes of two units, as a folder and as Zarr, made up here. */
import { npyBytes } from "../../src/io/write/npy.ts";
import { columnProbe } from "./geometryFiles.ts";
import { type Files, jsonBytes, utf8 } from "./spikeinterfaceFiles.ts";
import { arrayV2, doubles } from "./zarrFiles.ts";

export const nSpikes = 6;
const samples = [0, 300, 600, 900, 1200, 1500];
const units = [0, 1, 0, 1, 0, 1];
const amplitudes = [-50, -51, -52, -53, -54, -55];
const info = { version: "0.102.0", dev_mode: false, object: "SortingAnalyzer" };
const probegroup = {
  specification: "probeinterface",
  probes: [columnProbe(4, { device_channel_indices: [0, 1, 2, 3] })],
};
const attributes = {
  channel_ids: [0, 1, 2, 3],
  sampling_frequency: 30000,
  num_channels: 4,
  num_samples: [30000, 30000],
};

const placeBytes = () =>
  new Uint8Array(
    Float64Array.from({ length: 2 * nSpikes }, (_, i) => (i % 2 === 0 ? i / 2 : 100 + 5 * (i - 1))).buffer,
  );

/** A structured .npy: the header of its type and the bytes of its rows. */
function recordsNpy(descr: string, rows: Uint8Array, n: number): Uint8Array {
  const header = utf8(`{'descr': ${descr}, 'fortran_order': False, 'shape': (${n},), }\n`);
  const out = new Uint8Array(10 + header.length + rows.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(header, 10);
  out.set(rows, 10 + header.length);
  return out;
}

export function analyzerFolder(segments: readonly number[] = [0, 0, 0, 0, 0, 0]): Files {
  const rows = BigInt64Array.from(samples.flatMap((sample, i) => [sample, units[i], segments[i]]).map(BigInt));
  const spike = "[('sample_index', '<i8'), ('unit_index', '<i8'), ('segment_index', '<i8')]";
  return {
    "spikeinterface_info.json": jsonBytes(info),
    "settings.json": jsonBytes({ return_in_uV: true }),
    "sorting/numpysorting_info.json": jsonBytes({ sampling_frequency: 30000, unit_ids: [7, 12], num_segments: 1 }),
    "sorting/spikes.npy": recordsNpy(spike, new Uint8Array(rows.buffer), nSpikes),
    "recording_info/recording_attributes.json": jsonBytes(attributes),
    "recording_info/probegroup.json": jsonBytes(probegroup),
    "extensions/spike_locations/spike_locations.npy": recordsNpy("[('x', '<f8'), ('y', '<f8')]", placeBytes(), nSpikes),
    "extensions/spike_amplitudes/amplitudes.npy": npyBytes(amplitudes, [nSpikes], "<f8"),
  };
}

const integers = (values: number[], shape = [values.length]) => ({
  ...doubles(values, shape),
  dtype: "<i8",
  store: (all: number[]) => BigInt64Array.from(all.map(BigInt)),
});

export function analyzerZarr(): Files {
  const group = jsonBytes({ zarr_format: 2 });
  const places = "extensions/spike_locations/spike_locations";
  return {
    ".zgroup": group,
    ".zattrs": jsonBytes({ spikeinterface_info: info, settings: { return_scaled: true } }),
    "recording_info/.zgroup": group,
    "recording_info/.zattrs": jsonBytes({ recording_attributes: attributes, probegroup }),
    "sorting/.zgroup": group,
    "sorting/.zattrs": jsonBytes({ sampling_frequency: 30000, num_segments: 1 }),
    ...arrayV2("sorting/unit_ids", integers([7, 12])),
    ...arrayV2("sorting/spikes/sample_index", {
      ...integers(samples),
      filters: [{ id: "delta", dtype: "<i8" }],
      store: (all) => BigInt64Array.from(all.map((v, i) => BigInt(v - (all[i - 1] ?? 0)))),
    }),
    ...arrayV2("sorting/spikes/unit_index", integers(units)),
    ...arrayV2("sorting/spikes/segment_slices", integers([0, 6], [1, 2])),
    [`${places}/.zarray`]: jsonBytes({
      zarr_format: 2,
      shape: [nSpikes],
      chunks: [nSpikes],
      dtype: [
        ["x", "<f8"],
        ["y", "<f8"],
      ],
      compressor: null,
      filters: null,
      order: "C",
      fill_value: "AAAAAAAAAAAAAAAAAAAAAA==",
    }),
    [`${places}/0`]: placeBytes(),
    ...arrayV2("extensions/spike_amplitudes/amplitudes", doubles(amplitudes)),
  };
}
