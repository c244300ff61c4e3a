import { zlibSync } from "fflate";
import { binaryBytes, type MetaKeys, metaBytes } from "./spikeglxFiles.ts";

/** Small mtscomp recordings, made up here: the chunks and the description that belong to rows of int16 or other numbers. */

const utf8 = (text: string) => new TextEncoder().encode(text);

export interface ChunkOptions {
  nChannels?: number;
  /** samples in each chunk */
  bounds?: number[];
  order?: "F" | "C";
  hasTimeDiff?: boolean;
  hasSpatialDiff?: boolean;
  type?: "int16" | "float32" | "int32" | "uint8";
  /** keys of the .ch replaced; undefined leaves one out */
  changes?: Record<string, unknown>;
}

const TYPES = { int16: Int16Array, float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

/** Rows [n, nChannels] of the type, as mtscomp stores them: differences in time, then between channels, channel by channel. */
export function chunked(rows: Uint8Array, options: ChunkOptions = {}): { cbin: Uint8Array; ch: Uint8Array } {
  const { nChannels = 5, bounds = [0, 4, 8, 10], order = "F", type = "int16" } = options;
  const { hasTimeDiff = true, hasSpatialDiff = false, changes = {} } = options;
  const Type = TYPES[type];
  const values = new Type(rows.slice().buffer);
  const chunks = bounds.slice(1).map((to, i) => {
    const from = bounds[i];
    const at = (s: number, c: number) => (s < from || c < 0 ? 0 : values[s * nChannels + c]);
    const inTime = (s: number, c: number) => at(s, c) - (hasTimeDiff ? at(s - 1, c) : 0);
    const stored = new Type((to - from) * nChannels);
    for (let s = from; s < to; s++) {
      for (let c = 0; c < nChannels; c++) {
        const place = order === "F" ? c * (to - from) + (s - from) : (s - from) * nChannels + c;
        stored[place] = inTime(s, c) - (hasSpatialDiff && c > 0 ? inTime(s, c - 1) : 0);
      }
    }
    return zlibSync(new Uint8Array(stored.buffer));
  });
  const offsets = [0];
  for (const chunk of chunks) offsets.push(offsets[offsets.length - 1] + chunk.length);
  const cbin = new Uint8Array(offsets[offsets.length - 1]);
  chunks.forEach((chunk, i) => {
    cbin.set(chunk, offsets[i]);
  });
  const description = {
    algorithm: "zlib",
    chunk_bounds: bounds,
    chunk_offsets: offsets,
    chunk_order: order,
    comp_level: -1,
    do_spatial_diff: hasSpatialDiff,
    do_time_diff: hasTimeDiff,
    dtype: type,
    n_channels: nChannels,
    sample_rate: 30000,
    shape: [bounds[bounds.length - 1], nChannels],
    version: "1.0",
    ...changes,
  };
  return { cbin, ch: utf8(JSON.stringify(description, null, 2)) };
}

/** run_g0_t0.imec0.ap of ten samples and five channels, as SpikeGLX's files of the same content (spikeglxFiles.ts). */
export function mtscompFiles(
  { stem = "run_g0_t0.imec0.ap", ...options }: ChunkOptions & { stem?: string } = {},
  metaChanges: MetaKeys = {},
): Record<string, Uint8Array> {
  const { cbin, ch } = chunked(binaryBytes(), options);
  return { [`${stem}.cbin`]: cbin, [`${stem}.ch`]: ch, [`${stem}.meta`]: metaBytes(metaChanges) };
}
