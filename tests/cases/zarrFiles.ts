/** Zarr folders as SpikeInterface saves them, made up here: 4 channels, value 10 · sample + channel, 8 samples a chunk. */
import { columnProbe } from "./geometryFiles.ts";
import {
  bytesOfValues,
  type Files,
  GAINS,
  jsonBytes,
  N_CHANNELS,
  N_SAMPLES,
  valuesOf,
  WIRING,
} from "./spikeinterfaceFiles.ts";

export type Encode = (bytes: Uint8Array) => Uint8Array;
const plain: Encode = (bytes) => bytes;

/** One array of two or one dimensions, row-major, as Zarr 2 writes it; its last chunk is filled up. */
export interface ArrayParts {
  values: ArrayLike<number>;
  shape: number[];
  chunks: number[];
  dtype: string;
  /** a typed array of the type's numbers out of plain ones */
  store: (values: number[]) => ArrayBufferView;
  compressor?: object | null;
  filters?: object[] | null;
  order?: "C" | "F";
  dimension_separator?: string;
  encode?: Encode;
}

export function arrayV2(name: string, parts: ArrayParts): Files {
  const { shape, chunks, dtype, compressor = null, filters = null, order = "C", dimension_separator } = parts;
  const meta = { zarr_format: 2, shape, chunks, dtype, compressor, filters, order, fill_value: 0, dimension_separator };
  const files: Files = { [`${name}/.zarray`]: jsonBytes(meta) };
  for (const [coords, bytes] of chunksOf(parts)) files[`${name}/${coords.join(dimension_separator ?? ".")}`] = bytes;
  return files;
}

export function arrayV3(name: string, parts: ArrayParts, dataType: string, codecs: object[]): Files {
  const meta = {
    zarr_format: 3,
    node_type: "array",
    shape: parts.shape,
    data_type: dataType,
    chunk_grid: { name: "regular", configuration: { chunk_shape: parts.chunks } },
    chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
    fill_value: 0,
    codecs: [{ name: "bytes", configuration: { endian: "little" } }, ...codecs],
    attributes: {},
  };
  const files: Files = { [`${name}/zarr.json`]: jsonBytes(meta) };
  for (const [coords, bytes] of chunksOf(parts)) files[`${name}/c/${coords.join("/")}`] = bytes;
  return files;
}

function chunksOf({ values, shape, chunks, store, order, encode = plain }: ArrayParts): [number[], Uint8Array][] {
  const [nRows, nColumns = 1] = shape;
  const [perRow, perColumn = 1] = chunks;
  const out: [number[], Uint8Array][] = [];
  for (let row = 0; row < nRows; row += perRow) {
    for (let column = 0; column < nColumns; column += perColumn) {
      const at = (r: number, c: number) =>
        row + r < nRows && column + c < nColumns ? values[(row + r) * nColumns + column + c] : 0;
      const chunk = Array.from({ length: perRow * perColumn }, (_, i) =>
        order === "F" ? at(i % perRow, Math.floor(i / perRow)) : at(Math.floor(i / perColumn), i % perColumn),
      );
      const coords = [row / perRow, column / perColumn].slice(0, shape.length);
      out.push([coords, encode(bytesOfValues(store(chunk)))]);
    }
  }
  return out;
}

export const traces = (changes: Partial<ArrayParts> = {}, n = N_SAMPLES): ArrayParts => ({
  values: valuesOf(n),
  shape: [n, N_CHANNELS],
  chunks: [8, N_CHANNELS],
  dtype: "<i2",
  store: (values) => Int16Array.from(values),
  ...changes,
});

export const doubles = (values: number[], shape = [values.length]): ArrayParts => ({
  values,
  shape,
  chunks: shape,
  dtype: "<f8",
  store: (all) => Float64Array.from(all),
});

export const zarrAttributes = (changes: object = {}) => ({
  sampling_frequency: 30000,
  num_segments: 1,
  annotations: { is_filtered: false },
  probegroup: {
    specification: "probeinterface",
    probes: [columnProbe(N_CHANNELS, { device_channel_indices: WIRING })],
  },
  ...changes,
});

/** A folder of SpikeInterface's save(format="zarr"); `more` replaces files, or adds some. */
export function zarrFolder(attributes: object = {}, parts: Partial<ArrayParts> = {}, more: Files = {}): Files {
  return {
    ".zgroup": jsonBytes({ zarr_format: 2 }),
    ".zattrs": jsonBytes(zarrAttributes(attributes)),
    ...arrayV2("traces_seg0", traces(parts)),
    "properties/.zgroup": jsonBytes({ zarr_format: 2 }),
    ...arrayV2("properties/gain_to_uV", doubles(GAINS)),
    ...more,
  };
}

export function zarrFolderV3(codecs: object[] = [], encode: Encode = plain): Files {
  return {
    "zarr.json": jsonBytes({ zarr_format: 3, node_type: "group", attributes: zarrAttributes() }),
    ...arrayV3("traces_seg0", traces({ encode }), "int16", codecs),
    "properties/zarr.json": jsonBytes({ zarr_format: 3, node_type: "group", attributes: {} }),
    ...arrayV3("properties/gain_to_uV", doubles(GAINS), "float64", []),
  };
}
