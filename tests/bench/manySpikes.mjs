import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";

/**
 * As many spikes as a real session has: an hour on 384 channels of Neuropixels 1.0, 400 units, drift of 40 µm; as a data set of the
 * Spike Localization Network, or sorted. Waveforms of one byte a sample, 900 bytes a spike, repeat after 4096: their contents are
 * no spike's own, but they are read from all over a large file.
 */

const durationSec = 3600;
const rateHz = 30_000;
const nChannels = 384;
const nUnits = 400;
const repeatAfter = 4096;

/** x, y of each channel, µm: rows of two, staggered */
const sites = Array.from({ length: nChannels }, (_, c) => {
  const row = c >> 1;
  return [(row % 2 === 0 ? 16 : 0) + 32 * (c % 2), 20 * row];
});

/** Deterministic numbers in [0, 1). */
function uniforms(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function npyHeader(descr, shape) {
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const length = 64 * Math.ceil((10 + dict.length + 1) / 64);
  const header = Buffer.alloc(length, 0x20);
  header.write("\x93NUMPY\x01\x00", 0, "latin1");
  header.writeUInt16LE(length - 10, 8);
  header.write(dict, 10, "latin1");
  header[length - 1] = 0x0a;
  return header;
}

/** Zigzag by 40 µm in 20 minutes. */
const driftUm = (timeSec) => 40 * Math.abs(((timeSec / 600) % 2) - 1) - 20;

/** `n` spikes in order of time, of units that drift together: columns of what a localizer says, and whose they are. */
function simulated(n) {
  const next = uniforms(7);
  const normal = () => next() + next() + next() + next() - 2; // variance 1/3
  const units = Array.from({ length: nUnits }, () => {
    const depthUm = 40 + 3740 * next();
    const xUm = -10 + 70 * next();
    return { depthUm, xUm, zUm: 5 + 45 * next() ** 2, ampUv: 50 + 250 * next() ** 3, logAlpha: 3 + 0.7 * next() };
  });
  const columns = Object.fromEntries(
    ["times", "amplitudes", "x", "y", "z", "alpha"].map((name) => [name, new Float64Array(n)]),
  );
  const unitOf = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const timeSec = (durationSec * (i + 0.5)) / n;
    unitOf[i] = Math.floor(next() ** 1.5 * nUnits);
    const unit = units[unitOf[i]];
    columns.y[i] = unit.depthUm + driftUm(timeSec) + 4 * normal();
    columns.x[i] = unit.xUm + 4 * normal();
    columns.times[i] = Math.round(timeSec * rateHz);
    columns.amplitudes[i] = -unit.ampUv * (1 + 0.1 * normal());
    columns.z[i] = Math.max(0.5, unit.zUm + 5 * normal());
    columns.alpha[i] = 10 ** (unit.logAlpha + 0.05 * normal());
  }
  return { ...columns, unitOf, timeSec: columns.times.map((sample) => sample / rateHz) };
}

const writerInto = (folder) => (name, descr, shape, values) =>
  writeFileSync(join(folder, name), Buffer.concat([npyHeader(descr, shape), Buffer.from(values.buffer)]));

/**
 * Write `n` spikes into `folder`, in order of time. Returns when and where they are.
 * @param {string} folder
 * @param {number} n
 */
export function writeManySpikes(folder, n) {
  mkdirSync(folder, { recursive: true });
  const { timeSec, times, amplitudes, x, y, z, alpha } = simulated(n);
  const channels = new Int32Array(n);
  const anchors = new Float32Array(3 * n);
  for (let i = 0; i < n; i++) {
    const row = Math.min(nChannels / 2 - 1, Math.max(0, Math.round(y[i] / 20)));
    channels[i] = 2 * row + (x[i] > 24 ? 1 : 0);
    anchors.set([24, 20 * row, 0], 3 * i);
  }
  const write = writerInto(folder);
  write("spike_times.npy", "<f8", [n], times);
  write("spike_amplitudes.npy", "<f8", [n], amplitudes);
  write("spike_channels.npy", "<i4", [n], channels);
  write("spike_anchors.npy", "<f4", [n, 3], anchors);
  for (const [name, values] of Object.entries({ x, y, z, alpha })) write(`spike_locs_${name}.npy`, "<f8", [n], values);
  write("fs.npy", "<f8", [1], Float64Array.of(rateHz));
  write("channel_locations.npy", "<f8", [nChannels, 2], Float64Array.from(sites.flat()));
  writeWaveforms(join(folder, "waveforms_all.npy"), n);
  return { timeSec, depthUm: y };
}

/**
 * The same spikes as Kilosort4 leaves them: units with labels, positions after its own correction, and its drift beside them in
 * batches of two seconds. Returns when and where they were before that correction.
 * @param {string} folder
 * @param {number} n
 */
export function writeSorting(folder, n) {
  mkdirSync(folder, { recursive: true });
  const { timeSec, times, amplitudes, x, y, unitOf } = simulated(n);
  const batchSec = 60_000 / rateHz;
  const batchTimesSec = Float64Array.from({ length: durationSec / batchSec }, (_, k) => (k + 0.5) * batchSec);
  const positions = new Float32Array(2 * n);
  const driftAt = (sec) => driftUm(batchTimesSec[Math.min(batchTimesSec.length - 1, Math.floor(sec / batchSec))]);
  for (let i = 0; i < n; i++) positions.set([x[i], y[i] - driftAt(timeSec[i])], 2 * i);
  const write = writerInto(folder);
  write("spike_times.npy", "<i8", [n], BigInt64Array.from(times, BigInt));
  write("spike_clusters.npy", "<i4", [n], unitOf);
  write("spike_positions.npy", "<f4", [n, 2], positions);
  write(
    "amplitudes.npy",
    "<f4",
    [n],
    Float32Array.from(amplitudes, (uv) => -uv / 4),
  );
  write("channel_map.npy", "<i4", [nChannels], Int32Array.from(sites.keys()));
  write("channel_positions.npy", "<f8", [nChannels, 2], Float64Array.from(sites.flat()));
  write(
    "dshift.npy",
    "<f8",
    [batchTimesSec.length, 1],
    batchTimesSec.map((sec) => -driftUm(sec)),
  );
  write("yblk.npy", "<f8", [1], Float64Array.of(1920));
  const label = (unit) => (unit % 8 === 7 ? "noise" : unit % 3 === 2 ? "mua" : "good");
  const labels = Array.from({ length: nUnits }, (_, unit) => `${unit}\t${label(unit)}\n`).join("");
  writeFileSync(join(folder, "cluster_group.tsv"), `cluster_id\tgroup\n${labels}`);
  const params = { dat_path: "'session.bin'", n_channels_dat: nChannels, dtype: "'int16'", offset: 0 };
  const lines = Object.entries({ ...params, sample_rate: `${rateHz}.`, hp_filtered: "False" });
  writeFileSync(join(folder, "params.py"), lines.map(([key, value]) => `${key} = ${value}\n`).join(""));
  return { timeSec, depthUm: y };
}

function writeWaveforms(path, n) {
  const shape = (sample) => -Math.exp(-(((sample - 30) / 5) ** 2)) + 0.4 * Math.exp(-(((sample - 42) / 9) ** 2));
  const next = uniforms(11);
  const block = new Int8Array(repeatAfter * 900);
  for (let i = 0; i < block.length; i++) {
    const slot = Math.floor(i / 90) % 10;
    block[i] = 90 * shape(i % 90) * Math.exp(-Math.abs(slot - 4.5) / 3) + 4 * (next() - 0.5);
  }
  const file = openSync(path, "w");
  writeSync(file, npyHeader("|i1", [n, 10, 90]));
  for (let from = 0; from < n; from += repeatAfter) writeSync(file, block, 0, 900 * Math.min(repeatAfter, n - from));
  closeSync(file);
}
