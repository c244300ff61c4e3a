import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { registry } from "zarrita";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openRecordings } from "../../src/io/open.ts";

const nChannels = 384;
const rateHz = 30_000;
/** seconds that differ; they repeat */
const nDistinct = 4;

/** Noise of some 10 bits around slow swings, as an AP band at 2.3 µV a bit. */
function second(seed: number): Int16Array {
  let state = seed + 1;
  return Int16Array.from({ length: rateHz * nChannels }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 27) + ((state >>> 20) & 15) - 24 + Math.round(8 * Math.sin(i / 5e4));
  });
}

/** The library's Blosc as SpikeInterface uses it. Taken before our own codecs stand in its place. */
async function bloscEncoder(): Promise<(bytes: Uint8Array) => Promise<Uint8Array>> {
  const entry = (await registry.get("blosc")?.()) as unknown as {
    fromConfig(given: object): { encode(bytes: Uint8Array): Promise<Uint8Array> };
  };
  const codec = entry.fromConfig({ cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 });
  return async (bytes) => (await codec.encode(bytes)).slice();
}

/** The same samples as a Zarr folder of SpikeInterface and as its binary folder. Returns bytes of the chunks. */
export async function writeFolders(zarr: string, binary: string, durationSec: number): Promise<number> {
  const encode = await bloscEncoder();
  const seconds = Array.from({ length: nDistinct }, (_, k) => second(k));
  const raw = seconds.map((samples) => new Uint8Array(samples.buffer));
  const packed: Uint8Array[] = [];
  for (const bytes of raw) packed.push(await encode(bytes));
  const json = (path: string, value: object) => writeFileSync(path, JSON.stringify(value));
  mkdirSync(join(zarr, "traces_seg0"), { recursive: true });
  mkdirSync(binary, { recursive: true });
  json(join(zarr, ".zgroup"), { zarr_format: 2 });
  json(join(zarr, ".zattrs"), { sampling_frequency: rateHz, num_segments: 1 });
  json(join(zarr, "traces_seg0", ".zarray"), {
    zarr_format: 2,
    shape: [durationSec * rateHz, nChannels],
    chunks: [rateHz, nChannels],
    dtype: "<i2",
    compressor: { id: "blosc", cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 },
    filters: null,
    order: "C",
    fill_value: 0,
  });
  json(join(binary, "binary.json"), {
    kwargs: {
      file_paths: ["traces_cached_seg0.raw"],
      sampling_frequency: rateHz,
      num_channels: nChannels,
      dtype: "<i2",
    },
  });
  for (let t = 0; t < durationSec; t++) {
    writeFileSync(join(zarr, "traces_seg0", `${t}.0`), packed[t % nDistinct]);
    writeFileSync(join(binary, "traces_cached_seg0.raw"), raw[t % nDistinct], { flag: t === 0 ? "w" : "a" });
  }
  return Array.from({ length: durationSec }, (_, t) => packed[t % nDistinct].length).reduce((a, b) => a + b, 0);
}

export interface Streamed {
  megabytesPerSec: number;
  peakHeapMb: number;
  peakRssMb: number;
  /** of all samples: two readers of the same recording give the same */
  sum: number;
}

/** Read a recording whole, in tiles of a second, as detection does. */
export async function streamed(folder: string): Promise<Streamed> {
  const [{ recording, readSamples }] = await openRecordings(await nodeSources([folder]));
  const [{ nSamples }] = recording.segments;
  let [sum, bytes, peakHeap, peakRss] = [0, 0, 0, 0];
  const startMs = performance.now();
  for (let from = 0; from < nSamples; from += rateHz) {
    const tile = await readSamples(0, from, Math.min(nSamples, from + rateHz));
    for (let i = 0; i < tile.length; i += 1009) sum += tile[i] * (1 + (i % 7));
    bytes += tile.byteLength;
    const { rss, heapUsed, external } = process.memoryUsage();
    peakRss = Math.max(peakRss, rss);
    peakHeap = Math.max(peakHeap, heapUsed + external);
  }
  const megabytesPerSec = bytes / 1e3 / (performance.now() - startMs);
  return { megabytesPerSec, peakHeapMb: peakHeap / 1e6, peakRssMb: peakRss / 1e6, sum };
}
