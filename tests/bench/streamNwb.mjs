// A recording of 1 GB in NWB, read whole in tiles of 1 s through openRecordings: MB/s beside reading the same bytes plainly, and
// what memory that takes. Once in plain chunks, once in chunks of gzip. The writer is in the same process and counts in RSS.
//
//   node tests/bench/streamNwb.mjs [megabytes]     default 1000
//
// Writes its files into a temporary folder and deletes them. Prints a line for each layout.
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { File, ready } from "h5wasm/node";
import { createServer } from "vite";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [nChannels, rateHz] = [384, 30000];
const MB = 1024 * 1024;
const seconds = Math.max(2, Math.round((Number(process.argv[2] ?? 1000) * MB) / (2 * nChannels * rateHz)));
const layouts = {
  "chunks of 1 s": {},
  "gzip, 1.4 s × 64 channels": { chunks: [40960, 64], compression: "gzip", compression_opts: [4] },
};

/** Noise of 10 bits, as a recording has it: gzip halves it, about. @param {Int16Array} out @param {number} seed */
function fillNoise(out, seed) {
  let state = seed * 2654435761 + 1;
  for (let i = 0; i < out.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    out[i] = (state >> 24) + (state >> 26);
  }
}

/** @param {string} path @param {object} layout */
function write(path, layout) {
  const file = new File(path, "w");
  file.create_attribute("nwb_version", "2.7.0");
  file.create_attribute("neurodata_type", "NWBFile");
  const group = file.create_group("acquisition").create_group("ElectricalSeriesAP");
  group.create_attribute("neurodata_type", "ElectricalSeries");
  const shape = [seconds * rateHz, nChannels];
  const block = new Int16Array(rateHz * nChannels);
  const data = group.create_dataset({
    name: "data",
    data: new Int16Array(0),
    shape: [0, nChannels],
    maxshape: [null, nChannels],
    dtype: "<h",
    chunks: [rateHz, nChannels],
    ...layout,
  });
  data.create_attribute("conversion", 2.34375e-6, [], "<d");
  for (let second = 0; second < seconds; second++) {
    fillNoise(block, second + 1);
    data.resize([(second + 1) * rateHz, nChannels]);
    data.write_slice(
      [
        [second * rateHz, (second + 1) * rateHz],
        [0, nChannels],
      ],
      block,
    );
  }
  const start = group.create_dataset({ name: "starting_time", data: [0], shape: [], dtype: "<d" });
  start.create_attribute("rate", rateHz, [], "<d");
  file.close();
  return shape;
}

/** s of reading a file from end to end. @param {string} path */
function plainSec(path) {
  const bytes = new Uint8Array(16 * MB);
  const file = openSync(path, "r");
  const startMs = performance.now();
  while (readSync(file, bytes, 0, bytes.length, null) > 0);
  closeSync(file);
  return (performance.now() - startMs) / 1000;
}

const folder = mkdtempSync(join(tmpdir(), "nwb-"));
const server = await createServer({ root, logLevel: "error", server: { middlewareMode: true }, appType: "custom" });
try {
  await ready;
  const { openRecordings } = await server.ssrLoadModule("/src/io/open.ts");
  const { nodeSources } = await server.ssrLoadModule("/src/cli/nodeFiles.ts");
  for (const [name, layout] of Object.entries(layouts)) {
    const path = join(folder, "recording.nwb");
    write(path, layout);
    const [{ readSamples, recording }] = await openRecordings(await nodeSources([path]));
    const nSamples = recording.segments[0].nSamples;
    let [heap, rss, sum] = [0, 0, 0];
    const startMs = performance.now();
    for (let from = 0; from < nSamples; from += rateHz) {
      const samples = await readSamples(0, from, Math.min(nSamples, from + rateHz));
      sum += samples[samples.length - 1];
      const memory = process.memoryUsage();
      heap = Math.max(heap, memory.heapUsed + memory.external);
      rss = Math.max(rss, memory.rss);
    }
    const sec = (performance.now() - startMs) / 1000;
    const mb = (2 * nChannels * nSamples) / MB;
    const plain = plainSec(path);
    const cells = [
      `${name}: ${mb.toFixed(0)} MB of samples in ${(statSync(path).size / MB).toFixed(0)} MB`,
      `${(mb / sec).toFixed(0)} MB/s, ${(sec / plain).toFixed(1)} times as long as reading the file plainly (${plain.toFixed(1)} s)`,
      `peak heap and buffers ${(heap / MB).toFixed(0)} MB, peak RSS ${(rss / MB).toFixed(0)} MB`,
      `last samples add to ${sum}`,
    ];
    console.log(cells.join("; "));
  }
} finally {
  await server.close();
  rmSync(folder, { recursive: true });
}
