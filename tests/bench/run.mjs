// Benchmarks, as ratios against a reference measured in the same run. Prints a table; asserts nothing about time.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { nodeBenchmarks } from "./bundle.mjs";
import { filmRates } from "./film.mjs";
import { firstLoadBytes } from "./firstLoad.mjs";
import { inTorch } from "./inTorch.mjs";
import { networkRows } from "./networks.mjs";
import { pageTimings } from "./page.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");

const benchmarks = [
  "medicine",
  "network",
  "dredge",
  "raster",
  "scatter",
  "detect",
  "preprocess",
  "localize",
  "recording",
  "inspect",
];

const rows = [];
const row = (what, value, reference, ratio) => rows.push([what, value, reference, ratio]);

console.log("building…");
await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error" });
const {
  medicineStepMs,
  networkRates,
  dredgeBench,
  preprocessBench,
  rasterBench,
  scatterBench,
  detectBench,
  localizeBench,
  recordingBench,
  inspectMs,
} = await nodeBenchmarks(benchmarks);

console.log("MEDiCINe steps, ours and PyTorch's in turn…");
const turns = [];
for (let turn = 0; turn < 3; turn++)
  turns.push({ ours: await medicineStepMs(40), torch: inTorch("medicine_torch.py", "40") });
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ours = median(turns.map((t) => t.ours.ms));
const threads = turns[0].ours.threads;
if (turns[0].torch) {
  const torch = median(turns.map((t) => t.torch.ms));
  row(
    `MEDiCINe step, CPU mode, ${threads} threads`,
    `${ours.toFixed(1)} ms`,
    `PyTorch ${turns[0].torch.torch}, ${turns[0].torch.threads} threads: ${torch.toFixed(1)} ms`,
    `${(torch / ours).toFixed(2)}× its steps/s`,
  );
} else {
  row(`MEDiCINe step, CPU mode, ${threads} threads`, `${ours.toFixed(1)} ms`, "no PyTorch on this machine", "—");
}

for (const cells of await networkRows(networkRates)) row(...cells);

const example = join(root, "../shared/golden/example_nhp"); // where it lies beside the checkout
if (existsSync(example)) {
  console.log("DREDge, ours and PyTorch's…");
  const ours = await dredgeBench(example);
  const torch = inTorch("dredge_torch.py", example);
  const total = (seconds) => seconds.reduce((sum, s) => sum + s, 0);
  row(
    `DREDge (AP), 1800 s, 373,386 spikes, 3 windows, CPU mode, ${ours.threads} threads`,
    `${ours.seconds.toFixed(1)} s (${ours.cpuSeconds.toFixed(0)} s of processor), ${ours.solveIterations} iterations`,
    torch
      ? `PyTorch ${torch.torch}, ${torch.threads} threads: ${total(torch.seconds).toFixed(1)} s (${total(torch.cpuSeconds).toFixed(0)})`
      : "no PyTorch on this machine",
    torch ? `${(total(torch.seconds) / ours.seconds).toFixed(2)}× its speed` : "—",
  );
  if (torch)
    row(
      "  against PyTorch's result",
      `${(100 * (await ours.differing(torch))).toFixed(3)} % of D differ`,
      "at most 0.01 %",
      `motion ${ours.apartUm(torch).toFixed(4)} µm`,
    );
}

console.log("detection…");
for (const { nChannels, plain, oneThread, allThreads, threads } of await detectBench()) {
  const reference = nChannels === 64 ? 78 : 13;
  row(
    `locally exclusive detection, ${nChannels} channels at 30 kHz, CPU mode`,
    `${oneThread.toFixed(0)}× real time (${allThreads.toFixed(0)}× on ${threads} threads, ${plain.toFixed(0)}× in plain loops)`,
    `SpikeInterface (numba, one process): ${reference}×`,
    `${(oneThread / reference).toFixed(1)}× its speed`,
  );
}
console.log("preprocessing…");
const preprocess = await preprocessBench();
for (const { what, timesRealTime } of preprocess.rows)
  row(
    `${what}, 384 channels, CPU mode, ${preprocess.threads} threads`,
    `${timesRealTime.toFixed(1)}× real time`,
    "aim 3×",
    `${(timesRealTime / 3).toFixed(1)}× the aim`,
  );
console.log("localizers…");
for (const { localizer, spikesPerSec, threads: n, referencePerSec } of await localizeBench()) {
  const known = !Number.isNaN(referencePerSec);
  row(
    `localization, ${localizer}, CPU mode, ${n} threads`,
    `${Math.round(spikesPerSec).toLocaleString("en")} spikes/s`,
    known ? `SpikeInterface, one process: ${referencePerSec.toLocaleString("en")}` : "—",
    known ? `${(spikesPerSec / referencePerSec).toFixed(0)}×` : "—",
  );
}

console.log("a recording from file to spikes…");
const recording = await recordingBench();
row(
  `recording to localized spikes, 384 channels at 30 kHz, CPU mode, ${recording.threads} threads`,
  `${recording.timesRealTime.toFixed(1)}× real time (${recording.cpuSecPerSec.toFixed(2)} s of processor per s), after ${recording.prepareSec.toFixed(0)} s of preparation`,
  "aim 1×",
  `${recording.timesRealTime.toFixed(1)}× the aim`,
);
for (const { what, timesRealTime } of recording.stages)
  row(`  ${what}`, `${timesRealTime.toFixed(1)}× real time`, "—", "—");

console.log("rasters…");
for (const { picture, nSpikes, redrawMs, newMotionMs } of rasterBench()) {
  const limit = nSpikes <= 400_000 ? 50 : 200;
  row(
    `${picture}, ${nSpikes / 1000} k spikes, 1600 × 900`,
    `${redrawMs.toFixed(0)} ms${Number.isNaN(newMotionMs) ? "" : ` (${newMotionMs.toFixed(0)} ms after a new motion)`}`,
    `aim ${limit} ms`,
    `${(redrawMs / limit).toFixed(2)}× the aim`,
  );
}

console.log("scatter plots…");
for (const { what, ms, aimMs } of scatterBench())
  row(
    `${what}, 2.5 M spikes, 1000 × 600`,
    `${ms.toFixed(0)} ms`,
    `aim ${aimMs} ms`,
    `${(ms / aimMs).toFixed(2)}× the aim`,
  );

const recordings = join(root, "../shared/samples/spikeglx"); // real ones, where they lie beside the checkout
if (existsSync(recordings)) {
  console.log("inspect…");
  const times = [];
  for (const name of readdirSync(recordings)) times.push({ name, ms: await inspectMs(join(recordings, name)) });
  const slowest = times.sort((a, b) => b.ms - a.ms)[0];
  row(
    `inspect of a real recording, slowest of ${times.length} (${slowest.name})`,
    `${slowest.ms.toFixed(0)} ms`,
    "aim 1000 ms",
    `${(slowest.ms / 1000).toFixed(3)}× the aim`,
  );
}

console.log("the page in Chromium…");
const page = await pageTimings(root);
row(
  "373,386 real spikes, drop to first raster, CPU mode",
  `${page.dropToRasterMs.toFixed(0)} ms`,
  "aim 1500 ms",
  `${(page.dropToRasterMs / 1500).toFixed(2)}× the aim`,
);
row(
  "pan redraw in the page, slowest picture, 373,386 spikes",
  `${page.redrawMs.toFixed(0)} ms (at most ${page.slowestRedrawMs.toFixed(0)} ms)`,
  "aim 50 ms",
  `${(page.redrawMs / 50).toFixed(2)}× the aim`,
);
console.log("films in Chromium…");
for (const { size, framesPerSec, words } of await filmRates(root))
  row(
    `film of 1,276 spikes per frame, ${size} lines, CPU mode (${/, ([^,;]+);/.exec(words)?.[1]})`,
    `${framesPerSec} frames/s`,
    "aim 10 frames/s at 720 lines",
    `${(framesPerSec / 10).toFixed(1)}× the aim`,
  );
const { gzip } = firstLoadBytes(join(root, "dist"));
row(
  "first load before lazy parts",
  `${(gzip / 1000).toFixed(0)} kB gzip`,
  "aim 400 kB",
  `${(gzip / 400_000).toFixed(2)}× the aim`,
);

const widths = [0, 1, 2, 3].map((i) => Math.max(...rows.map((r) => r[i].length)));
console.log("");
for (const r of [["what", "measured", "against", "ratio"], ...rows])
  console.log(r.map((c, i) => c.padEnd(widths[i])).join("  "));
process.exit(0);
