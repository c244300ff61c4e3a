import { type NetworkSpec, networkLayout } from "../../core/network/layout.ts";
import { MARGIN_UM } from "../../core/scoreboard/grid.ts";
import type { ProbeSites, SpikeTable } from "../../core/types.ts";
import type { ParamValues } from "../../protocol/methods.ts";
import type { RunEstimate } from "../../protocol/recordings.ts";
import type { Machine, MethodInputs } from "../defineMethod.ts";
import { MATRIX_BINS } from "../slnJoint/checks.ts";
import { KEPT_SPIKES, MICRO_BATCH } from "../slnJoint/passes.ts";
import { batchSizeOf } from "../slnPretrain/batches.ts";

/**
 * What a training of a network needs at most, before it starts. Bytes that the kernels lay out (ops/simd/cnnTiles,
 * transformerTiles; ops/webgpu/cnnGraph, transformerGraph) and what the methods keep of every spike; the README has the same
 * figures as measured.
 */

/** the engine itself, with the browser's or Node's own code */
const baseBytes = 120e6;
/** one spike on 10 channels with 90 samples */
const waveformBytes = 3600;
/** of every spike: its row in the table, what waveforms are made of (40 half floats ×2 for a copy), anchors, channels */
const spikeBytes = 64 + 160 + 8 + 40;
/** places of every spike by one localizer: x, y, z, α */
const placeBytes = 16;
/** places as float64 columns, corrected and not, while they are scored */
const columnBytes = 6 * 8;
/** of a split: what a spike is for, and its place in the order */
const splitColumns = 3;
/** spikes whose waveforms the CPU's threads see at once */
const cpuChunk = 4096;
/** spikes that are placed at once when a network is validated */
const evaluateSpikes = 2048;
/** weights, their gradient, two moments of the optimiser, the best, the last, and what is on its way to disk */
const weightCopies = 7;

/** Bytes that activations and gradients take while `n` spikes go through the network at once. */
function passBytes({ kind }: NetworkSpec, n: number, { mode, threads }: Machine, batchStatistics: boolean): number {
  if (mode === "webgpu") return n * (kind === "cnn" ? 95e3 : 227e3);
  const perThread = kind === "cnn" ? 8e6 : 60e6;
  // a batch that is normalised by its own moments stays in memory between the stages
  const kept = kind === "cnn" && batchStatistics ? 62e3 * n : 0;
  return waveformBytes * Math.min(n, cpuChunk) + threads * perThread + kept;
}

function weightBytes(spec: NetworkSpec): number {
  return 4 * networkLayout(spec).nWeights;
}

/** What a pretraining needs; null while there are no spikes. */
export function pretrainMemory(inputs: MethodInputs, params: ParamValues, machine: Machine): RunEstimate | null {
  if (!inputs.spikes) return null;
  const n = inputs.spikes.nSpikes;
  const spec = pretrainedSpec(params);
  const batch = Math.max(batchSizeOf(params), evaluateSpikes);
  const perSpike = spikeBytes + (nPositionSets(inputs) + 1) * placeBytes + 4 * (spec.nOut + splitColumns);
  const weights = weightCopies * weightBytes(spec);
  const passes = 2 * waveformBytes * batch + passBytes(spec, batch, machine, true);
  return {
    memoryBytes: baseBytes + n * perSpike + weights + passes,
    diskBytes: 5 * weightBytes(spec) + n * placeBytes,
    basis: `for ${n} spikes, ${batch} of them at once`,
  };
}

/** What a joint optimisation needs; null while there are no spikes. */
export function jointMemory(inputs: MethodInputs, params: ParamValues, machine: Machine): RunEstimate | null {
  const { spikes, model, probe } = inputs;
  if (!spikes) return null;
  const p = params as Record<string, number>;
  const spec: NetworkSpec = model?.spec ?? { kind: "cnn", nOut: 3 };
  const n = spikes.nSpikes;
  const outer = p.outer_iterations;
  const nBins = Math.max(1, Math.ceil(spikes.timeSec[n - 1] / p.bin_s));
  const block = Math.min(n, Math.ceil(n * Math.min(1, p.block_bins / nBins) * 1.5)); // time bins differ
  const perSpike = spikeBytes + (nPositionSets(inputs) + outer + 3) * placeBytes + columnBytes;
  const weights = (weightCopies + 2 * outer) * weightBytes(spec);
  const part = Math.min(block, MICRO_BATCH);
  const waveforms = 2 * waveformBytes * Math.min(block, KEPT_SPIKES);
  const passes = passBytes(spec, part, machine, params.batch_norm === "batch");
  const histograms = 4 * nVoxels(spikes, probe, p.pitch_um) * (4 * p.block_bins + MATRIX_BINS);
  const dredge = params.motion === "dredge" ? dredgeBytes(spikes, nBins) : 0;
  return {
    memoryBytes: baseBytes + n * perSpike + weights + waveforms + passes + histograms + dredge,
    diskBytes: (5 + outer) * weightBytes(spec) + n * placeBytes,
    basis: `for ${n} spikes, blocks of about ${block} of them, ${part} at once`,
  };
}

const nPositionSets = ({ locations }: MethodInputs) => Object.keys(locations ?? {}).length;

function pretrainedSpec({ network }: ParamValues): NetworkSpec {
  if (network === "transformer") return { kind: "transformer", nOut: 3 };
  return { kind: "cnn", nOut: network === "cnn4d" ? 4 : 3 };
}

/** Voxels of the histogram: the probe, or what spikes span of it, with its margin. */
function nVoxels({ depthUm, xUm }: SpikeTable, probe: ProbeSites | undefined, pitchUm: number): number {
  const sites = probe?.positionsUm ?? [];
  const span = (values: ArrayLike<number>, usualUm: number) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
    return (high >= low ? high - low : usualUm) + 2 * MARGIN_UM;
  };
  const isKnown = sites.length > 0;
  const across = isKnown
    ? span(
        sites.map(([x]) => x),
        100,
      )
    : span(xUm ?? [], 100);
  const along = span(isKnown ? sites.map(([, y]) => y) : depthUm, 4000);
  return Math.ceil(across / pitchUm) * Math.ceil(along / pitchUm);
}

/** Displacements and weights of the pairs of time bins that DREDge compares, in every window; float32. */
function dredgeBytes({ depthUm }: SpikeTable, nBins: number): number {
  const spanUm = depthUm.reduce((high, y) => (y > high ? y : high), 0);
  const nWindows = Math.max(1, Math.ceil(spanUm / 400));
  return 8 * nWindows * nBins * Math.min(nBins, 1000);
}
