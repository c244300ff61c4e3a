// A raw recording of any length must fit into memory. Writes a SpikeGLX recording that looks 20 GB large (holes, and two
// simulated seconds every minute), runs the command line over it and follows the memory of its process.
//
//   node tests/bench/sparse.mjs [gigabytes] [folder]      writes about 1/30 of that to the disk; default 20, a temporary folder
//
// Prints one JSON object; the curve goes to tests/bench/out/sparse.csv and sparse.svg.
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statfsSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const launch = join(here, "../../src/cli/launch.mjs");
const nChannels = 384;
const rateHz = 30000;
const bytesPerSec = 2 * (nChannels + 1) * rateHz;
const islandSec = 2;
const everySec = 60;

/** Islands of a simulated recording, each where it belongs in a file that is otherwise holes. */
function writeSparse(folder, gigabytes) {
  const durationSec = Math.floor((gigabytes * 1e9) / bytesPerSec);
  const nIslands = Math.floor((durationSec - islandSec) / everySec) + 1;
  const needed = 2 * nIslands * islandSec * bytesPerSec + 2e9;
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < needed)
    throw new Error(`${folder}: expected ${needed / 1e9} GB of free disk, found ${(bavail * bsize) / 1e9}`);
  const demo = join(folder, "demo");
  const argv = [
    "demo",
    demo,
    "--channels",
    String(nChannels),
    "--duration",
    String(nIslands * islandSec),
    "--seed",
    "1",
  ];
  const made = spawnSync(process.execPath, [launch, ...argv], { stdio: ["ignore", "pipe", "ignore"] });
  if (made.status !== 0) throw new Error("the demo recording could not be written");
  const names = readdirSync(demo);
  const binary = names.find((name) => name.endsWith(".bin"));
  const meta = names.find((name) => name.endsWith(".meta"));
  const sparse = join(folder, "sparse");
  mkdirSync(sparse);
  const from = openSync(join(demo, binary), "r");
  const to = openSync(join(sparse, binary), "w");
  const nBytes = durationSec * bytesPerSec;
  ftruncateSync(to, nBytes);
  const second = Buffer.alloc(bytesPerSec);
  for (let sec = 0; sec < nIslands * islandSec; sec++) {
    readSync(from, second, 0, bytesPerSec, sec * bytesPerSec);
    const at = Math.floor(sec / islandSec) * everySec + (sec % islandSec);
    writeSync(to, second, 0, bytesPerSec, at * bytesPerSec);
  }
  closeSync(from);
  closeSync(to);
  const text = readFileSync(join(demo, meta), "utf8")
    .replace(/^fileSizeBytes=.*$/m, `fileSizeBytes=${nBytes}`)
    .replace(/^fileTimeSecs=.*$/m, `fileTimeSecs=${durationSec}`);
  writeFileSync(join(sparse, meta), text);
  rmSync(demo, { recursive: true });
  return { path: sparse, nBytes, durationSec };
}

/** Memory of a process in MB: what it holds now, and the most it ever held. */
function memoryOf(pid) {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return null;
  const text = readFileSync(status, "utf8");
  const mb = (key) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? Number.NaN) / 1000;
  const found = { residentMb: mb("VmRSS"), peakMb: mb("VmHWM"), fileMb: mb("RssFile") };
  return Number.isNaN(found.residentMb) ? null : found;
}

/** Run the pipeline; every second what its process holds and how far it is. */
async function follow(input, out) {
  const argv = [launch, "run", "detect-localize", "--input", input, "--out", out, "--compute", "cpu"];
  const child = spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "pipe"] });
  let [output, errors, doneSec] = ["", "", 0];
  child.stdout.on("data", (text) => {
    output += text;
  });
  child.stderr.on("data", (text) => {
    for (const [, done] of String(text).matchAll(/"done":([\d.]+)/g)) doneSec = Number(done);
    errors = (errors + text).slice(-2000);
  });
  const curve = [];
  const startMs = performance.now();
  const timer = setInterval(() => {
    const memory = memoryOf(child.pid);
    if (memory) curve.push({ sec: (performance.now() - startMs) / 1000, doneSec, load: loadavg()[0], ...memory });
  }, 1000);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(timer);
  if (code !== 0) throw new Error(`the run ended with ${code}: ${errors}`);
  return { curve, tookSec: (performance.now() - startMs) / 1000, result: JSON.parse(output) };
}

function writeCurve(curve) {
  const folder = join(here, "out");
  mkdirSync(folder, { recursive: true });
  const columns = ["sec", "doneSec", "residentMb", "peakMb", "fileMb", "load"];
  const lines = curve.map((row) => columns.map((name) => row[name].toFixed(1)).join(","));
  writeFileSync(join(folder, "sparse.csv"), `${[columns.join(","), ...lines].join("\n")}\n`);
  const [width, height, topMb] = [800, 300, 1000];
  const lastSec = curve[curve.length - 1].sec;
  const points = curve.map(
    (row) => `${((row.sec / lastSec) * width).toFixed(1)},${(height * (1 - row.residentMb / topMb)).toFixed(1)}`,
  );
  writeFileSync(
    join(folder, "sparse.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-10 -30 ${width + 20} ${height + 60}" font-family="sans-serif" font-size="12">
<title>Memory over a run through a large recording</title>
<rect width="${width}" height="${height}" fill="none" stroke="#888"/>
<polyline points="${points.join(" ")}" fill="none" stroke="#06c"/>
<text y="-8">resident memory, 0 to ${topMb} MB, over ${lastSec.toFixed(0)} s</text>
</svg>
`,
  );
  return folder;
}

/** Spikes found within the islands, within a millisecond of where one ends, and in the holes. */
function whereSpikesAre(out) {
  const file = readFileSync(join(out, "spikes", "times_sec.npy"));
  const start = 10 + file.readUInt16LE(8);
  const times = new Float64Array(file.buffer.slice(file.byteOffset + start, file.byteOffset + file.length));
  const edgeSec = 0.001;
  const inHoles = times.filter((t) => t % everySec > islandSec + edgeSec && t % everySec < everySec - edgeSec).length;
  const inIslands = times.filter((t) => t % everySec < islandSec).length;
  return { inIslands, atEdges: times.length - inIslands - inHoles, inHoles };
}

const gigabytes = Number(process.argv[2] ?? 20);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), "sparse-"));
try {
  const { path, nBytes, durationSec } = writeSparse(folder, gigabytes);
  const out = join(folder, "run");
  const { curve, tookSec, result } = await follow(path, out);
  const spikes = whereSpikesAre(out);
  const { stageSeconds } = JSON.parse(readFileSync(join(out, "provenance.json"), "utf8"));
  const last = curve[curve.length - 1];
  const searching = curve.filter((row) => row.doneSec > 0);
  const summary = {
    gigabytes: nBytes / 1e9,
    durationSec,
    tookSec,
    timesRealTime: durationSec / stageSeconds.search,
    stageSeconds,
    peakMb: last.peakMb,
    residentMb: { firstOfSearch: searching[0]?.residentMb, last: last.residentMb },
    load: { lowest: Math.min(...curve.map((r) => r.load)), highest: Math.max(...curve.map((r) => r.load)) },
    spikes,
    channelsBad: result.steps[0].channels_bad,
    curve: writeCurve(curve),
  };
  console.log(JSON.stringify(summary, null, 2));
} finally {
  rmSync(folder, { recursive: true });
}
