import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { driftAsMotion } from "../../src/core/syntheticDrift.ts";
import type { Motion, Recording } from "../../src/core/types.ts";
import { type ByteSource, memorySource } from "../../src/io/byteSource.ts";
import { readColumn, readTable } from "../../src/io/columns.ts";
import type { SpikeTruth } from "../../src/io/truth.ts";
import { spikeglxMetaFile, spikeglxStem } from "../../src/io/write/spikeglx.ts";

const root = "../shared/golden/sim_raw";
const [RATE_HZ, UV_PER_BIT, NOISE_UV] = [30000, 4.6875, 7];

async function source(name: string): Promise<ByteSource> {
  return (await nodeSources([`${root}/${name}.npy`]))[0];
}

const column = async (name: string) => (await readColumn(await source(name))).values;

async function recordingOf(nSamples: number): Promise<Recording> {
  const geometry = await readTable(await source("geom"));
  const nChannels = geometry.nRows;
  const positionsUm = Array.from({ length: nChannels }, (_, c): [number, number] => [
    geometry.values[2 * c],
    geometry.values[2 * c + 1],
  ]);
  return {
    stream: "ap",
    rateHz: RATE_HZ,
    nChannels,
    nSavedChannels: nChannels,
    sync: 0,
    segments: [{ startSec: 0, nSamples }],
    uvPerBit: new Float64Array(nChannels).fill(UV_PER_BIT),
    delaySamples: new Float64Array(nChannels),
    probe: {
      model: "Neuropixels 1.0",
      partNumber: "NP1000",
      nShanks: 1,
      positionsUm,
      shank: positionsUm.map(() => 0),
      connected: positionsUm.map(() => true),
    },
  };
}

/**
 * The reference's small drifting recording as SpikeGLX files in memory (92 MB). Its channels were sampled at the same moment,
 * which ~muxTbl says by having one group.
 */
export async function simRawSources(): Promise<ByteSource[]> {
  const bytes = new Uint8Array(gunzipSync(readFileSync(`${root}/traces_int16.bin.gz`)));
  const { nRows: nChannels } = await readTable(await source("geom"));
  const meta = spikeglxMetaFile(await recordingOf(bytes.length / 2 / nChannels), 0, "sim_raw");
  return [memorySource(`${spikeglxStem("sim_raw", 0)}.bin`, bytes), memorySource(meta.path, meta.bytes)];
}

/** Its true spikes. */
export async function simRawTruth(): Promise<SpikeTruth> {
  const { probe } = await recordingOf(0);
  const [sample, unit, scale] = await Promise.all(["spike_sample", "spike_unit", "spike_scale"].map(column));
  const { values: xyz } = await readTable(await source("spike_xyz"));
  const unitAlpha = await column("unit_alpha");
  const axis = (k: number) => sample.map((_, i) => xyz[3 * i + k]);
  const [xUm, yUm, zUm] = [axis(0), axis(1), axis(2)];
  const channel = sample.map((_, i) => {
    const squares = probe.positionsUm.map(([x, y]) => (x - xUm[i]) ** 2 + (y - yUm[i]) ** 2);
    return squares.indexOf(Math.min(...squares));
  });
  const alpha = sample.map((_, i) => unitAlpha[unit[i]] * scale[i]);
  const spikes = { sample, segment: sample.map(() => 0), channel, xUm, yUm, zUm, alpha };
  return { spikes, unit, rateHz: RATE_HZ, positionsUm: probe.positionsUm, noiseUv: NOISE_UV };
}

/** Its true motion: common(t) plus grad(t) times the rest depth from the middle, in units of the probe's length. */
export async function simRawMotion(): Promise<Motion> {
  const [timeSec, common, grad] = await Promise.all(
    ["motion_time_s", "motion_common_um", "motion_grad_um"].map(column),
  );
  const [middleUm, lengthUm] = [310, 620];
  const at = (values: Float64Array, sec: number) => {
    const place = Math.min(timeSec.length - 1.001, sec / (timeSec[1] - timeSec[0]));
    const i = Math.floor(place);
    return values[i] + (place - i) * (values[i + 1] - values[i]);
  };
  const drift = (sec: number, restUm: number) => at(common, sec) + at(grad, sec) * ((restUm - middleUm) / lengthUm);
  return driftAsMotion(drift, "nonrigid", timeSec[timeSec.length - 1], lengthUm);
}
