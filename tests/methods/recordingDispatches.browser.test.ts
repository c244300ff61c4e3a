import { memory } from "@tensorflow/tfjs-core";
import { afterEach, expect, it } from "vitest";
import { syntheticRecording } from "../../src/core/syntheticRecording.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { checkParams, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { detectLocalize } from "../../src/methods/detectLocalize/detectLocalize.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";

const nChannels = 16;
const rateHz = 30000;
/** a tile with its margins fills its transform */
const rowsPerTile = 16384;

async function run(durationSec: number, params: ParamValues, onEvent: (event: Yielded) => void): Promise<MethodResult> {
  const reader = syntheticRecording({ nChannels, durationSec, nUnits: 12, motion: "none", seed: 5 });
  const identity = { path: "synthetic", bytes: 1, sha1OfFirstMb: "" };
  const context = { seed: 1, signal: new AbortController().signal, wantsImage: () => false, resume: false };
  const inputs = { spikes: null, waveforms: null, recording: { reader, identity, scratch: memoryScratch() } };
  const events = detectLocalize.run(inputs, checkParams(detectLocalize, params), context);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}

/** What goes to the GPU and comes back from it. */
interface Traffic {
  dispatches: number;
  uploadedBytes: number;
  readBytes: number;
}

const undo: (() => void)[] = [];
afterEach(() => {
  for (const restore of undo.splice(0)) restore();
});

/** Counts all traffic from now on, until the test ends. */
function countTraffic(): Traffic {
  const counts: Traffic = { dispatches: 0, uploadedBytes: 0, readBytes: 0 };
  const { dispatchWorkgroups } = GPUComputePassEncoder.prototype;
  const { createBuffer } = GPUDevice.prototype;
  const { writeBuffer } = GPUQueue.prototype;
  const { mapAsync } = GPUBuffer.prototype;
  GPUComputePassEncoder.prototype.dispatchWorkgroups = function (x, y, z) {
    counts.dispatches++;
    return dispatchWorkgroups.call(this, x, y, z);
  };
  GPUDevice.prototype.createBuffer = function (descriptor) {
    if (descriptor.mappedAtCreation) counts.uploadedBytes += descriptor.size;
    return createBuffer.call(this, descriptor);
  };
  GPUQueue.prototype.writeBuffer = function (...args: Parameters<typeof writeBuffer>) {
    counts.uploadedBytes += args[2].byteLength; // tfjs hands whole arrays over
    return writeBuffer.apply(this, args);
  };
  GPUBuffer.prototype.mapAsync = function (mode, offset, size) {
    if (mode === GPUMapMode.READ) counts.readBytes += this.size;
    return mapAsync.call(this, mode, offset, size);
  };
  undo.push(() => {
    Object.assign(GPUComputePassEncoder.prototype, { dispatchWorkgroups });
    Object.assign(GPUDevice.prototype, { createBuffer });
    Object.assign(GPUQueue.prototype, { writeBuffer });
    Object.assign(GPUBuffer.prototype, { mapAsync });
  });
  return counts;
}

it("takes few dispatches per tile on webgpu, uploads each sample once and reads back little", async () => {
  await chooseCompute("webgpu", () => undefined);
  const tensors = memory().numTensors;
  const counts = countTraffic();
  const tiles: { doneSec: number; nSpikes: number; counts: Traffic }[] = [];
  let nSpikes = 0;
  await run(2, { bad_channels: "keep" }, (event) => {
    if (event.kind === "spikes") nSpikes += event.spikes.nSpikes;
    if (event.kind === "progress") tiles.push({ doneSec: event.done, nSpikes, counts: { ...counts } });
  });
  expect(memory().numTensors).toBe(tensors);
  // the tiles at the ends are filtered elsewhere, and each is preprocessed while the one before is searched
  const [first, last] = [tiles[1], tiles[tiles.length - 3]];
  const nTiles = tiles.length - 4;
  const seconds = last.doneSec - first.doneSec;
  const perTile = (what: keyof Traffic) => (last.counts[what] - first.counts[what]) / nTiles;
  const spikesPerTile = (last.nSpikes - first.nSpikes) / nTiles;
  const sampleBytes = (2 * (nChannels + 1) * rateHz * seconds) / nTiles;
  const [dispatches, uploaded, read] = [perTile("dispatches"), perTile("uploadedBytes"), perTile("readBytes")];
  const tilesPerSec = nTiles / seconds;
  const samplesUp = 2 * (nChannels + 1) * rowsPerTile;
  const probeUp = ((uploaded - samplesUp + 2 * 385 * rowsPerTile) * tilesPerSec) / 1e6; // the rest are tables
  const probeRead = ((read * 384) / nChannels) * (tilesPerSec / 1e6);
  console.info(
    `a tile of ${(seconds / nTiles).toFixed(3)} s, ${nChannels} channels, ${spikesPerTile.toFixed(0)} spikes: ${dispatches} dispatches, ${uploaded} bytes up (${(uploaded / sampleBytes).toFixed(2)} × its samples), ${read} bytes back`,
  );
  console.info(
    `per second of 384 channels: ${(dispatches * tilesPerSec).toFixed(0)} dispatches, ${probeUp.toFixed(1)} MB up, ${probeRead.toFixed(1)} MB back`,
  );
  expect(nTiles).toBeGreaterThanOrEqual(1);
  expect(spikesPerTile).toBeGreaterThan(0);
  expect(dispatches).toBeGreaterThan(5);
  expect(dispatches).toBeLessThanOrEqual(40);
  expect(uploaded - samplesUp).toBeGreaterThan(0);
  expect(uploaded - samplesUp).toBeLessThan(400_000);
  expect(read / sampleBytes).toBeLessThan(0.2);
});

const idOf = ({ sampleIndex, channel }: SpikeTable, n: number) => `${sampleIndex![n]} ${channel![n]}`;

it("finds the same spikes on webgpu as in CPU mode", async () => {
  const found: SpikeTable[] = [];
  for (const mode of ["webgpu", "cpu"] as const) {
    await chooseCompute(mode, () => undefined);
    const { spikes } = await run(1, { other_localizers: "none" }, () => undefined);
    found.push(spikes!);
  }
  const [gpu, cpu] = found.map((spikes) => new Set(Array.from({ length: spikes.nSpikes }, (_, n) => idOf(spikes, n))));
  const nShared = [...gpu].filter((id) => cpu.has(id)).length;
  console.info(`${cpu.size} spikes in CPU mode, ${gpu.size} on webgpu, ${nShared} the same`);
  expect(cpu.size).toBeGreaterThan(50);
  expect(nShared).toBeGreaterThanOrEqual(0.999 * Math.max(gpu.size, cpu.size));
});
