import { npyBytes } from "../../src/io/write/npy.ts";

/** Small folders as Kilosort and phy write them, made up here. */

export type Files = Record<string, Uint8Array>;

const utf8 = (text: string) => new TextEncoder().encode(text);

export const paramsText = (changes: Record<string, string | undefined> = {}): string =>
  Object.entries({
    dat_path: "'/data/gone/run_g0_t0.imec0.ap.bin'",
    n_channels_dat: "5",
    dtype: "'int16'",
    offset: "0",
    sample_rate: "30000.",
    hp_filtered: "False",
    ...changes,
  })
    .flatMap(([key, value]) => (value === undefined ? [] : [`${key} = ${value}\n`]))
    .join("");

export const paramsBytes = (changes: Record<string, string | undefined> = {}) => utf8(paramsText(changes));

/** Four contacts in two rows; the third column of the raw file is no channel. */
export const contacts = {
  positions: [0, 0, 32, 0, 0, 20, 32, 20],
  map: [0, 1, 3, 4],
};

/** As Kilosort4 writes it: (N,) arrays and positions of spikes. Units 0, 1 and 2 in turn. */
export function kilosort4Files(n = 6): Files {
  const rows = Array.from({ length: n }, (_, i) => i);
  return {
    "params.py": paramsBytes(),
    "spike_times.npy": npyBytes(
      rows.map((i) => 100 + 3000 * i),
      [n],
      "<i8",
    ),
    "spike_clusters.npy": npyBytes(
      rows.map((i) => i % 3),
      [n],
      "<i4",
    ),
    "spike_positions.npy": npyBytes(
      rows.flatMap((i) => [i % 2 === 0 ? 1 : 30, (i % 3) * 10 + 0.5 * i]),
      [n, 2],
      "<f4",
    ),
    "amplitudes.npy": npyBytes(
      rows.map((i) => 10 + i),
      [n],
      "<f4",
    ),
    "channel_map.npy": npyBytes(contacts.map, [4], "<i4"),
    "channel_positions.npy": npyBytes(contacts.positions, [4, 2], "<f4"),
    "cluster_group.tsv": utf8("cluster_id\tKSLabel\n0\tgood\n1\tmua\n2\tgood\n"),
  };
}

/** [template, sample, channel]: template 0 sits on channel 0, template 1 between channels 2 (3 parts) and 3 (2 parts). */
export const templates = [
  [
    [0, 0, 0, 0],
    [-4, 0, 0, 0],
    [2, 0, 0, 0],
  ],
  [
    [0, 0.1, 1, 0],
    [0, 0, -2, -2],
    [0, 0, 0, 0],
  ],
];

/** As MATLAB's Kilosort 2 writes it: (N, 1) arrays, no positions. */
export function phyFiles(changes: Files = {}): Files {
  return {
    "params.py": paramsBytes({ dat_path: "'temp_wh.dat'", hp_filtered: "True" }),
    "spike_times.npy": npyBytes([30, 600, 900, 1200], [4, 1], "<i8"),
    "spike_templates.npy": npyBytes([0, 1, 1, 0], [4, 1], "<i4"),
    "amplitudes.npy": npyBytes([20, 30, 40, 50], [4, 1], "<f8"),
    "channel_map.npy": npyBytes(contacts.map, [1, 4], "<i4"),
    "channel_positions.npy": npyBytes(contacts.positions, [4, 2], "<f8"),
    "templates.npy": npyBytes(templates.flat(2), [2, 3, 4], "<f4"),
    ...changes,
  };
}

/** First and second component of four spikes on three channels around their templates, [spike, component, channel]. */
export const features = [
  [
    [3, 1, -5],
    [9, 9, 9],
  ],
  [
    [1, 2, 2],
    [9, 9, 9],
  ],
  [
    [0, 0, 4],
    [9, 9, 9],
  ],
  [
    [-1, -2, -3],
    [9, 9, 9],
  ],
];
export const featureChannels = [0, 2, 1, 3, 2, 0];

/** Row-major values as a .npy in Fortran order, as MATLAB writes them. */
export function fortranNpy(values: readonly number[], shape: readonly number[]): Uint8Array {
  const header = utf8(`{'descr': '<f4', 'fortran_order': True, 'shape': (${shape.join(", ")},), }\n`);
  const out = new Uint8Array(10 + header.length + 4 * values.length);
  out.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  out.set(header, 10);
  const view = new DataView(out.buffer);
  for (const [i, value] of values.entries()) {
    let [rest, at] = [i, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const index = rest % shape[axis];
      rest = Math.floor(rest / shape[axis]);
      at += index * shape.slice(0, axis).reduce((n, d) => n * d, 1);
    }
    view.setFloat32(10 + header.length + 4 * at, value, true);
  }
  return out;
}

/** Samples of the raw file of five columns: 100 · sample + column. */
export function rawBytes(nSamples: number, nColumns = 5): Uint8Array {
  const values = Int16Array.from(
    { length: nSamples * nColumns },
    (_, i) => 100 * Math.floor(i / nColumns) + (i % nColumns),
  );
  return new Uint8Array(values.buffer);
}
