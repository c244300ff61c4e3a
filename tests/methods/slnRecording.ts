import { tensor2d } from "@tensorflow/tfjs-core";
import { adamDefaults } from "../../src/core/adam.ts";
import type { NetworkSpec } from "../../src/core/network/layout.ts";
import { evaluation } from "../../src/core/network/types.ts";
import { Random } from "../../src/core/random.ts";
import { slotTables } from "../../src/core/slotOrder.ts";
import type { RecordingTruth } from "../../src/core/spikeScore.ts";
import type { Motion, ProbeSites, SpikeTable } from "../../src/core/types.ts";
import type { MethodInputs } from "../../src/methods/defineMethod.ts";
import { batchTensors, predictAll } from "../../src/methods/sln/apply.ts";
import { openFeed } from "../../src/methods/sln/feed.ts";
import { initialModel } from "../../src/nn/initialModel.ts";
import { Network } from "../../src/nn/network.ts";
import { networkLocations, type TrainedModel } from "../../src/protocol/models.ts";
import type { WaveformSet } from "../../src/protocol/waveforms.ts";
import { staggeredProbe } from "../cases/probes.ts";

/** Point sources beside a probe that moves, with their waveforms: what a joint optimisation starts from, and what is true. */
export interface SlnRecording {
  inputs: MethodInputs & { spikes: SpikeTable; waveforms: WaveformSet; truth: RecordingTruth; motion: Motion };
  /** [N, 3] µm */
  trueUm: Float64Array;
}

const nChannels = 40;
const nSlots = 10;
const nSamples = 90;
const rateHz = 30000;
const periodSec = 12;
const peakToPeakUm = 20;

function shape(t: number, width: number): number {
  const s = t - 30;
  return -Math.exp(-0.5 * (s / width) ** 2) + 0.35 * Math.exp(-0.5 * ((s - 14) / 6) ** 2);
}

const driftUm = (timeSec: number) =>
  peakToPeakUm * Math.abs(((timeSec / periodSec + 0.25) % 1) * 2 - 1) - peakToPeakUm / 2;

interface Unit {
  x: number;
  y: number;
  z: number;
  alpha: number;
  width: number;
}

const positionsUm = staggeredProbe(nChannels);
const contacts = Array.from({ length: nChannels }, (_, c): [number, number] => [
  positionsUm[2 * c],
  positionsUm[2 * c + 1],
]);
const slotChannels = slotTables(positionsUm, new Int32Array(nChannels), nSlots)["depth-lateral"].channels;
const probe: ProbeSites = {
  model: "Neuropixels 1.0",
  partNumber: "",
  nShanks: 1,
  positionsUm: contacts,
  shank: contacts.map(() => 0),
  connected: contacts.map(() => true),
};

/** Spikes at even times, each of a unit drawn at random. */
export function slnRecording(nUnits: number, durationSec: number, spikesPerSec: number): SlnRecording {
  const random = new Random(3);
  const units = Array.from(
    { length: nUnits },
    (_, u): Unit => ({
      x: 5 + 45 * random.uniform(),
      y: 60 + (280 * (u + random.uniform())) / nUnits,
      z: 12 + 25 * random.uniform(),
      alpha: 2500 + 3000 * random.uniform(),
      width: 2.5 + 2 * random.uniform(),
    }),
  );
  const nSpikes = durationSec * spikesPerSec;
  const unit = Int32Array.from({ length: nSpikes }, () => random.integer(nUnits));
  const atSec = (n: number) => Math.round(((n + 0.5) / spikesPerSec) * rateHz) / rateHz;
  const timeSec = Float64Array.from({ length: nSpikes }, (_, n) => atSec(n));
  const trueUm = new Float64Array(3 * nSpikes);
  const [channel, ampUv] = [new Int32Array(nSpikes), new Float32Array(nSpikes)];
  const waveforms = new Float32Array(nSpikes * nSlots * nSamples);
  for (let n = 0; n < nSpikes; n++) {
    const source = { ...units[unit[n]], y: units[unit[n]].y + driftUm(timeSec[n]) };
    trueUm.set([source.x, source.y, source.z], 3 * n);
    const traces = waveforms.subarray(n * nSlots * nSamples, (n + 1) * nSlots * nSamples);
    [channel[n], ampUv[n]] = addSpike(traces, source, random);
  }
  const motion: Motion = {
    displacementUm: Float64Array.from({ length: durationSec }, (_, t) => driftUm(t + 0.5)),
    timeBinCentersSec: Float64Array.from({ length: durationSec }, (_, t) => t + 0.5),
    depthBinCentersUm: Float64Array.of(200),
  };
  const depthUm = Float64Array.from(channel, (c) => contacts[c][1]);
  const inputs = {
    spikes: { nSpikes, timeSec, depthUm, ampUv, channel },
    recording: null,
    waveforms: waveformSet(waveforms, channel),
    probe,
    truth: truthOf(timeSec, trueUm, unit, channel, motion),
    motion,
  };
  return { inputs, trueUm };
}

/** Its waveform on the slots of its peak channel, [10, 90]; that channel and the amplitude there. */
function addSpike(traces: Float32Array, { x, y, z, alpha, width }: Unit, random: Random): [number, number] {
  const heights = contacts.map(([cx, cy]) => alpha / Math.hypot(x - cx, y - cy, z));
  const peak = heights.indexOf(Math.max(...heights));
  for (let k = 0; k < nSlots; k++) {
    const height = heights[slotChannels[peak * nSlots + k]];
    for (let t = 0; t < nSamples; t++) traces[k * nSamples + t] = height * shape(t, width) + 4 * random.normal();
  }
  return [peak, -heights[peak]];
}

function truthOf(
  timeSec: Float64Array,
  trueUm: Float64Array,
  unit: Int32Array,
  channel: Int32Array,
  motion: Motion,
): RecordingTruth {
  const column = (k: number) => timeSec.map((_, n) => trueUm[3 * n + k]);
  const sample = timeSec.map((t) => Math.round(t * rateHz));
  const segment = new Int32Array(timeSec.length);
  const places = { xUm: column(0), yUm: column(1), zUm: column(2) };
  const alpha = new Float32Array(timeSec.length).fill(1);
  return { spikes: { sample, segment, channel, ...places, alpha }, unit, rateHz, positionsUm: contacts, motion };
}

function waveformSet(waveforms: Float32Array, channel: Int32Array): WaveformSet {
  return {
    waveforms: sourceOf(waveforms, channel.length),
    rateHz,
    positionsUm: contacts,
    channel,
    anchorsUm: null,
    targetsUm: null,
    split: null,
    waveformScale: null,
  };
}

function sourceOf(values: Float32Array, nSpikes: number): WaveformSet["waveforms"] {
  const size = nSlots * nSamples;
  const readRows = async (rows: ArrayLike<number>) => {
    const out = new Float32Array(rows.length * size);
    for (let i = 0; i < rows.length; i++) out.set(values.subarray(rows[i] * size, (rows[i] + 1) * size), i * size);
    return out;
  };
  return { nSpikes, nSlots, nSamples, readRange: async (from, to) => values.slice(from * size, to * size), readRows };
}

/** A network taught where the sources are, to within noise, and the positions it says. */
export async function taught(
  { inputs, trueUm }: SlnRecording,
  spec: NetworkSpec,
  nSteps: number,
): Promise<{ model: TrainedModel; locations: Record<string, Float32Array> }> {
  const feed = await openFeed(inputs, { slotOrder: "depth-lateral", scale: 0 }, 0);
  const random = new Random(9);
  const noisy = trueUm.map((v) => v + 4 * random.normal());
  const middle = (k: number) => feed.anchorsUm.filter((_, i) => i % 2 === k).reduce((s, v) => s + v, 0) / feed.nSpikes;
  const network = new Network(initialModel(spec, random, { mean: [middle(0), middle(1)], std: [2, 100] }));
  const n = 96;
  for (let step = 0; step < nSteps; step++) {
    const rows = Int32Array.from({ length: n }, () => random.integer(feed.nSpikes));
    const target = Float32Array.from({ length: 3 * n }, (_, i) => {
      const [row, k] = [rows[Math.floor(i / 3)], i % 3];
      return noisy[3 * row + k] - (k < 2 ? feed.anchorsUm[2 * row + k] : 0);
    });
    const input = batchTensors(feed, rows, await feed.read(rows));
    const wanted = tensor2d(target, [n, 3]);
    const loss = { kind: "huber", beta: 5, scale: [1, 1, 1], count: n } as const;
    const pass = { ...evaluation, batchStatistics: true };
    const found = network.gradient(input, wanted, pass, loss, true);
    const learningRate = 1e-3 * (step > 0.8 * nSteps ? 0.2 : 1);
    network.step(found.weightGrad, { ...adamDefaults, learningRate, clipNorm: Infinity }).dispose();
    for (const tensor of [input.waveforms, input.centroids, wanted, ...Object.values(found)]) tensor.dispose();
  }
  const events = predictAll(network, feed, null, new AbortController().signal);
  let next = await events.next();
  while (!next.done) next = await events.next();
  const model = { spec, ...(await network.snapshot()), waveformScale: feed.scale, about: "taught the truth" };
  network.dispose();
  return { model: { ...model, optimizer: undefined }, locations: { [networkLocations.pretrained(spec)]: next.value } };
}
