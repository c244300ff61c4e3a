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

export function slnRecording(nUnits: number, durationSec: number, spikesPerSec: number): SlnRecording {
  const random = new Random(3);
  const positionsUm = staggeredProbe(nChannels);
  const { channels } = slotTables(positionsUm, new Int32Array(nChannels), nSlots)["depth-lateral"];
  const units = Array.from({ length: nUnits }, (_, u) => ({
    x: 5 + 45 * random.uniform(),
    y: 60 + (280 * (u + random.uniform())) / nUnits,
    z: 12 + 25 * random.uniform(),
    alpha: 2500 + 3000 * random.uniform(),
    width: 2.5 + 2 * random.uniform(),
  }));
  const nSpikes = durationSec * spikesPerSec;
  const unit = Int32Array.from({ length: nSpikes }, () => random.integer(nUnits));
  const timeSec = Float64Array.from(
    { length: nSpikes },
    (_, n) => Math.round(((n + 0.5) / spikesPerSec) * rateHz) / rateHz,
  );
  const trueUm = new Float64Array(3 * nSpikes);
  const channel = new Int32Array(nSpikes);
  const waveforms = new Float32Array(nSpikes * nSlots * nSamples);
  const ampUv = new Float32Array(nSpikes);
  for (let n = 0; n < nSpikes; n++) {
    const { x, z, alpha, width, ...own } = units[unit[n]];
    const y = own.y + driftUm(timeSec[n]);
    trueUm.set([x, y, z], 3 * n);
    const heights = Float64Array.from(
      { length: nChannels },
      (_, c) => alpha / Math.hypot(x - positionsUm[2 * c], y - positionsUm[2 * c + 1], z),
    );
    channel[n] = heights.indexOf(Math.max(...heights));
    ampUv[n] = -heights[channel[n]];
    for (let k = 0; k < nSlots; k++) {
      const height = heights[channels[channel[n] * nSlots + k]];
      const at = (n * nSlots + k) * nSamples;
      for (let t = 0; t < nSamples; t++) waveforms[at + t] = height * shape(t, width) + 4 * random.normal();
    }
  }
  const column = (k: number) => Float64Array.from({ length: nSpikes }, (_, n) => trueUm[3 * n + k]);
  const motion: Motion = {
    displacementUm: Float64Array.from({ length: durationSec }, (_, t) => driftUm(t + 0.5)),
    timeBinCentersSec: Float64Array.from({ length: durationSec }, (_, t) => t + 0.5),
    depthBinCentersUm: Float64Array.of(200),
  };
  const contacts = Array.from(channels.subarray(0, nChannels), (_, c): [number, number] => [
    positionsUm[2 * c],
    positionsUm[2 * c + 1],
  ]);
  const probe: ProbeSites = {
    model: "Neuropixels 1.0",
    partNumber: "",
    nShanks: 1,
    positionsUm: contacts,
    shank: contacts.map(() => 0),
    connected: contacts.map(() => true),
  };
  const set: WaveformSet = {
    waveforms: sourceOf(waveforms, nSpikes),
    rateHz,
    positionsUm: contacts,
    channel,
    anchorsUm: null,
    targetsUm: null,
    split: null,
    waveformScale: null,
  };
  const zero = new Int32Array(nSpikes);
  const sample = timeSec.map((t) => Math.round(t * rateHz));
  const known = { sample, segment: zero, channel, xUm: column(0), yUm: column(1), zUm: column(2), alpha: ampUv };
  return {
    inputs: {
      spikes: { nSpikes, timeSec, depthUm: Float64Array.from(channel, (c) => contacts[c][1]), ampUv, channel },
      recording: null,
      waveforms: set,
      probe,
      truth: { spikes: known, unit, rateHz, positionsUm: contacts, motion },
      motion,
    },
    trueUm,
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
