import { type NetworkSpec, networkLayout } from "../../core/network/layout.ts";
import type { Machine, MethodInputs } from "../defineMethod.ts";

/**
 * What a training of a network needs at most, before it starts. Bytes that the kernels lay out (ops/simd/cnnTiles,
 * transformerTiles; ops/webgpu/cnnGraph, transformerGraph) and what the methods keep of every spike; the README has the same
 * figures as measured.
 */

/** the engine itself, with the browser's or Node's own code */
export const baseBytes = 120e6;
/** one spike on 10 channels with 90 samples */
export const waveformBytes = 3600;
/** of every spike: its row in the table, what waveforms are made of (40 half floats ×2 for a copy), anchors, channels */
export const spikeBytes = 64 + 160 + 8 + 40;
/** places of every spike by one localizer: x, y, z, α */
export const placeBytes = 16;
/** spikes whose waveforms the CPU's threads see at once */
const cpuChunk = 4096;
/** weights, their gradient, two moments of the optimiser, the best, the last, and what is on its way to disk */
export const weightCopies = 7;

/** Bytes that activations and gradients take while `n` spikes go through the network at once. */
export function passBytes(
  { kind }: NetworkSpec,
  n: number,
  { mode, threads }: Machine,
  batchStatistics: boolean,
): number {
  if (mode === "webgpu") return n * (kind === "cnn" ? 95e3 : 227e3);
  const perThread = kind === "cnn" ? 8e6 : 60e6;
  // a batch that is normalised by its own moments stays in memory between the stages
  const kept = kind === "cnn" && batchStatistics ? 62e3 * n : 0;
  return waveformBytes * Math.min(n, cpuChunk) + threads * perThread + kept;
}

/** Bytes of one copy of the weights. */
export function weightBytes(spec: NetworkSpec): number {
  return 4 * networkLayout(spec).nWeights;
}

/** How many localizers have placed the spikes. */
export const nPositionSets = ({ locations }: MethodInputs): number => Object.keys(locations ?? {}).length;
