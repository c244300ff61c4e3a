// DREDge over recordings of hours: writes the spikes of a simulated session of each length, runs the command line over
// them and notes time and memory.
//
//   node tests/bench/dredgeLong.mjs [hours,hours,…] [method.param=value…]     default 0.5,1,2,3
//
// Neuropixels 1.0, 9 windows, horizon 1000 s. Prints a line per length and one JSON object.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const launch = join(dirname(fileURLToPath(import.meta.url)), "../../src/cli/launch.mjs");
const topUm = 3820;
const nUnits = 250;
const rateHz = 1.5;

/** xorshift32, uniform in (0, 1). */
function randomOf(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return ((state >>> 0) + 0.5) / 4294967296;
  };
}

function npy(values) {
  const description = `{'descr': '<f8', 'fortran_order': False, 'shape': (${values.length},), }`;
  const text = `${description.padEnd(117)}\n`;
  const head = Buffer.alloc(10);
  head.write("\x93NUMPY\x01\x00", "latin1");
  head.writeUInt16LE(text.length, 8);
  return Buffer.concat([head, Buffer.from(text), Buffer.from(values.buffer)]);
}

/** Units at rest depths that sway together by 60 µm in twenty minutes and bend with depth. */
function writeSession(folder, hours) {
  const random = randomOf(7);
  const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
  const durationSec = 3600 * hours;
  const n = Math.round(durationSec * nUnits * rateHz);
  const units = Array.from({ length: nUnits }, () => ({
    depthUm: topUm * random(),
    ampUv: 50 - 40 * Math.log(random()),
  }));
  const [times, depths, amps] = [0, 1, 2].map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    const timeSec = (durationSec * (i + random())) / n;
    const { depthUm, ampUv } = units[Math.floor(nUnits * random())];
    const sway = 30 * Math.sin(timeSec / 190) + 10 * Math.sin(timeSec / 1100 + depthUm / 1500);
    times[i] = timeSec;
    depths[i] = depthUm + sway + 3 * normal();
    amps[i] = -ampUv;
  }
  writeFileSync(join(folder, "peak_times.npy"), npy(times));
  writeFileSync(join(folder, "peak_depths.npy"), npy(depths));
  writeFileSync(join(folder, "peak_amplitudes.npy"), npy(amps));
  return n;
}

/** The most a process ever held, MB. */
function peakMbOf(pid) {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return null;
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(status, "utf8"));
  return found ? Number(found[1]) / 1000 : null;
}

async function measure(hours, settings) {
  const folder = mkdtempSync(join(tmpdir(), "dredge-"));
  try {
    const nSpikes = writeSession(folder, hours);
    const given = [`dredge.probe_high_um=${topUm}`, ...settings].flatMap((setting) => ["--set", setting]);
    const argv = [
      launch,
      "run",
      "dredge",
      "--input",
      folder,
      "--out",
      join(folder, "run"),
      "--compute",
      "cpu",
      ...given,
    ];
    const child = spawn(process.execPath, argv, { stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    let peakMb = 0;
    child.stderr.on("data", (text) => {
      errors = (errors + text).slice(-2000);
    });
    const timer = setInterval(() => {
      peakMb = peakMbOf(child.pid) ?? peakMb;
    }, 200);
    const code = await new Promise((resolve) => child.on("close", resolve));
    clearInterval(timer);
    if (code !== 0) throw new Error(`the run ended with ${code}: ${errors}`);
    const { stageSeconds, compute } = JSON.parse(readFileSync(join(folder, "run", "provenance.json"), "utf8"));
    return { hours, nSpikes, threads: compute.threads, stageSeconds, peakMb, load: loadavg()[0] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

spawnSync(process.execPath, [launch, "methods"]); // builds the command line where it is not yet
const lengths = (process.argv[2] ?? "0.5,1,2,3").split(",").map(Number);
const measured = [];
for (const hours of lengths) {
  const one = await measure(hours, process.argv.slice(3));
  measured.push(one);
  const seconds = Object.entries(one.stageSeconds).map(([name, sec]) => `${name} ${sec.toFixed(1)} s`);
  console.error(`${hours} h: ${seconds.join(", ")}; at most ${one.peakMb.toFixed(0)} MB`);
}
console.log(JSON.stringify(measured, null, 2));
