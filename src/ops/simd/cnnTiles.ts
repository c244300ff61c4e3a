import { batchNormEpsilon, batchNormMomentum } from "../../core/network/cnn.ts";
import { dropThreshold } from "../../core/network/dropout.ts";
import { CNN_BLOCKS, networkLayout, placeOf } from "../../core/network/layout.ts";
import type { Arrays, HostOutput } from "../defineOp.ts";
import type { GradientAttrs, NetworkMachine, OutputAttrs } from "../network.ts";
import { addPackedGrad, type CnnPacking, cnnPacking, packWeights } from "./cnnWeights.ts";
import { Layout } from "./localizeTiles.ts";
import type { SimdPool } from "./pool.ts";

/**
 * Layout and calls of the SIMD kernel `cnnTiles`. With running moments a tile of 40 spikes goes forward and back in one call and
 * memory does not grow with the batch; with the batch's own, every stage waits for the sums over all spikes of the one
 * before, and a spike keeps 62 KB in between (40,000 spikes: 2.5 GB). Every thread adds gradients and sums of its own.
 */
const tile = 40;
/** Spikes whose waveforms lie in the pool's memory at once (14 MB). */
const spikesPerChunk = 4000;
const planBytes = 128;
/** of one thread: moments, backward sums, loss; see assembly/cnnShape.ts */
const momentDoubles = 130;
const nSums = 3 * momentDoubles + 3 * 128 + 2;
const scratchFloats = tile * (1408 + 3 * 256 + 3 * 64 + 4) + 5 * 47 * 32;
/** vectors of a block: mean, factor, β, mean gradient, slant */
const vectorFloats = 5 * 64;
const lossKinds = { huber: 0, mse: 1, given: 2 } as const;
const [firstStage, headStage, lastStage] = [0, 3, 6];

/** Bytes that a tile keeps: of each block input, traces and slopes, padded in time. */
const tileBytes = CNN_BLOCKS.reduce((bytes, { nIn, nOut, taps, steps }, b) => {
  const pad = (taps - 1) / 2;
  const rows = 2 * pad + tile * (steps + pad);
  return bytes + 4 * (rows * (nIn + nOut) + tile * (b === 2 ? steps : Math.floor(steps / 2)) * nOut);
}, 0);

interface Call {
  pool: SimdPool;
  packing: CnnPacking;
  inputs: Record<string, Float32Array>;
  attrs: OutputAttrs & Partial<GradientAttrs>;
  nSpikes: number;
  /** pointers; those in lists are a thread's own */
  waveforms: number;
  target: number;
  out: number;
  vectors: number;
  plans: number[];
  grads: number[];
  sums: number[];
  /** [S] after the batch */
  statistics: Float32Array;
}

/** Lay out everything one call needs, reserve the memory, bring in the weights and write the plans. */
function begin(pool: SimdPool, arrays: Arrays, attrs: OutputAttrs & Partial<GradientAttrs>): Call {
  const inputs = arrays as Record<string, Float32Array>;
  const { spec, pass, loss } = attrs;
  const nSpikes = inputs.waveforms.length / 900;
  const packing = cnnPacking(spec.nOut);
  const layout = new Layout(pool.heap);
  const floats = (n: number) => layout.take(4 * n);
  const each = <T>(make: (thread: number) => T): T[] => Array.from({ length: pool.nThreads }, (_, i) => make(i));
  const [waveforms, target, out] = [
    900 * Math.min(nSpikes, spikesPerChunk),
    nSpikes * spec.nOut,
    nSpikes * spec.nOut,
  ].map(floats);
  const nPacked = loss ? packing.from.length : packing.nGrads;
  const [weights, vectors] = [nPacked, 3 * vectorFloats].map(floats);
  const plans = each(() => layout.take(planBytes));
  const grads = each(() => floats(loss ? packing.nGrads : 0));
  const sums = each(() => layout.take(8 * nSums));
  const scratch = each(() => floats(scratchFloats));
  const nTiles = pass.batchStatistics ? Math.ceil(nSpikes / tile) : pool.nThreads;
  const state = layout.take(nTiles * tileBytes);
  pool.reserve(layout.bytes);
  packWeights(packing, inputs.weights, pool.floats(weights, nPacked));
  pool.floats(vectors, 3 * vectorFloats).fill(0);
  if (loss) pool.floats(target, inputs.target.length).set(inputs.target);
  plans.forEach((plan, i) => {
    pool.doubles(sums[i], nSums).fill(0);
    if (loss) pool.floats(grads[i], packing.nGrads).fill(0);
    const own = pass.batchStatistics ? [state, tileBytes] : [state + i * tileBytes, 0];
    const pointers = [waveforms, 0, target, out, spec.nOut, weights, vectors, grads[i], sums[i], scratch[i], ...own];
    pool.ints(plan, 14).set([...pointers, loss ? 1 : 0, pass.batchStatistics ? 1 : 0]);
    pool.ints(plan + 56, 1)[0] = lossKinds[loss?.kind ?? "given"];
    const share = loss ? 1 / (loss.count * spec.nOut) : 0;
    pool.floats(plan + 60, 6).set([loss?.beta ?? 1, share, ...(loss?.scale ?? [])]);
    pool.floats(plan + 88, 1)[0] = 1 / (1 - pass.dropout);
    pool.ints(plan + 84, 1)[0] = dropThreshold(pass.dropout);
    pool.ints(plan + 92, 2).set([pass.seed, pass.firstRow]);
  });
  const statistics = inputs.statistics.slice();
  return { pool, packing, inputs, attrs, nSpikes, waveforms, target, out, vectors, plans, grads, sums, statistics };
}

/** Stages [first, last] of spikes [from, to), in whole tiles per thread. */
function runStages({ pool, plans }: Call, from: number, to: number, first: number, last: number): void {
  const share = tile * Math.ceil(Math.ceil((to - from) / tile) / pool.nThreads);
  const at = (i: number) => Math.min(to, from + i * share);
  pool.run(
    "cnnTiles",
    plans.map((plan, i) => [plan, at(i), at(i + 1), first, last]),
  );
}

/** Stages from the first on, over the waveforms chunk by chunk. */
function runFromWaveforms(call: Call, last: number): void {
  const { pool, inputs, nSpikes, waveforms, plans } = call;
  for (let from = 0; from < nSpikes; from += spikesPerChunk) {
    const to = Math.min(nSpikes, from + spikesPerChunk);
    pool.floats(waveforms, 900 * (to - from)).set(inputs.waveforms.subarray(900 * from, 900 * to));
    for (const plan of plans) pool.ints(plan + 4, 1)[0] = from;
    runStages(call, from, to, firstStage, last);
  }
}

/** The tensors of one block's normalisation. */
function normOf({ attrs, inputs, statistics }: Call, block: number) {
  const layout = networkLayout(attrs.spec);
  const { at, nOut } = CNN_BLOCKS[block];
  const view = (flat: Float32Array, places: typeof layout.weights, name: string) => {
    const { offset } = placeOf(places, name);
    return flat.subarray(offset, offset + nOut);
  };
  return {
    nChannels: nOut,
    bias: view(inputs.weights, layout.weights, `features.${at}.bias`),
    gamma: view(inputs.weights, layout.weights, `features.${at + 1}.weight`),
    beta: view(inputs.weights, layout.weights, `features.${at + 1}.bias`),
    runningMean: view(statistics, layout.statistics, `features.${at + 1}.running_mean`),
    runningVar: view(statistics, layout.statistics, `features.${at + 1}.running_var`),
  };
}

/** What a block is normalised by: mean without the convolution's bias, and 1/sd. */
interface Moments {
  mean: Float64Array;
  inverseSd: Float64Array;
}

/** Moments of a block over all threads' spikes (Chan and others 1979); the running ones move towards them. */
function batchMoments(call: Call, block: number): Moments {
  const { pool, sums, nSpikes } = call;
  const { nChannels, bias, runningMean, runningVar } = normOf(call, block);
  const count = nSpikes * CNN_BLOCKS[block].steps;
  const parts = sums.map((pointer) => pool.doubles(pointer + 8 * momentDoubles * block, momentDoubles));
  const mean = new Float64Array(nChannels);
  const inverseSd = new Float64Array(nChannels);
  for (let c = 0; c < nChannels; c++) {
    for (const part of parts) mean[c] += (part[0] / nSpikes) * part[2 + c];
    let squares = 0;
    for (const part of parts)
      squares += part[66 + c] + part[0] * CNN_BLOCKS[block].steps * (part[2 + c] - mean[c]) ** 2;
    inverseSd[c] = 1 / Math.sqrt(squares / count + batchNormEpsilon);
    runningMean[c] = (1 - batchNormMomentum) * runningMean[c] + batchNormMomentum * (mean[c] + bias[c]);
    runningVar[c] = (1 - batchNormMomentum) * runningVar[c] + (batchNormMomentum * squares) / (count - 1);
  }
  return { mean, inverseSd };
}

function runningMoments(call: Call, block: number): Moments {
  const { bias, runningMean, runningVar } = normOf(call, block);
  return {
    mean: Float64Array.from(runningMean, (m, c) => m - bias[c]),
    inverseSd: Float64Array.from(runningVar, (v) => 1 / Math.sqrt(v + batchNormEpsilon)),
  };
}

const vector = ({ pool, vectors }: Call, block: number, which: number) =>
  pool.floats(vectors + 4 * (vectorFloats * block + 64 * which), 64);

function writeMoments(call: Call, block: number, { mean, inverseSd }: Moments): void {
  const { gamma, beta } = normOf(call, block);
  vector(call, block, 0).set(mean);
  vector(call, block, 1).set(inverseSd.map((s, c) => s * gamma[c]));
  vector(call, block, 2).set(beta);
}

/** Σ of the gradient before GELU and Σ of it · (trace − mean), over all threads: [2][64]. */
function gradSums({ pool, sums }: Call, block: number): [Float64Array, Float64Array] {
  const total: [Float64Array, Float64Array] = [new Float64Array(64), new Float64Array(64)];
  for (const pointer of sums) {
    const own = pool.doubles(pointer + 8 * (3 * momentDoubles + 128 * block), 128);
    for (let c = 0; c < 128; c++) total[c >> 6][c & 63] += own[c];
  }
  return total;
}

/** What a common shift and scale of a block's traces would have changed is taken out of their gradient. */
function writeGradMeans(call: Call, block: number, { inverseSd }: Moments): void {
  const count = call.nSpikes * CNN_BLOCKS[block].steps;
  const [plain, along] = gradSums(call, block);
  vector(call, block, 3).set(plain.map((sum) => sum / count));
  vector(call, block, 4).set(inverseSd.map((s, c) => (s * s * along[c]) / count));
}

/** The whole pass; returns what each block was normalised by. */
function runPass(call: Call): Moments[] {
  const isTraining = call.attrs.loss !== undefined;
  if (!call.attrs.pass.batchStatistics) {
    const moments = CNN_BLOCKS.map((_, b) => runningMoments(call, b));
    moments.forEach((own, b) => {
      writeMoments(call, b, own);
    });
    runFromWaveforms(call, isTraining ? lastStage : headStage);
    return moments;
  }
  runFromWaveforms(call, firstStage);
  const moments = CNN_BLOCKS.map((_, b) => {
    const own = batchMoments(call, b);
    writeMoments(call, b, own);
    runStages(call, 0, call.nSpikes, b + 1, b + 1);
    return own;
  });
  for (let b = CNN_BLOCKS.length - 1; isTraining && b >= 0; b--) {
    writeGradMeans(call, b, moments[b]);
    runStages(call, 0, call.nSpikes, lastStage - b, lastStage - b);
  }
  return moments;
}

/** Gradients of what the kernel does not hold as matrices: normalisations, and the convolutions' biases. */
function addNormGrads(call: Call, moments: Moments[], flat: Float32Array): void {
  const { weights: places } = networkLayout(call.attrs.spec);
  CNN_BLOCKS.forEach(({ at, nOut }, b) => {
    const [plain, along] = gradSums(call, b);
    const { gamma } = normOf(call, b);
    const { inverseSd } = moments[b];
    const [convolutionBias, scale, shift] = [`${at}.bias`, `${at + 1}.weight`, `${at + 1}.bias`].map(
      (name) => placeOf(places, `features.${name}`).offset,
    );
    for (let c = 0; c < nOut; c++) {
      flat[scale + c] = along[c] * inverseSd[c];
      flat[shift + c] = plain[c];
      // with the batch's own moments a shift of a channel is taken out again
      flat[convolutionBias + c] = call.attrs.pass.batchStatistics ? 0 : gamma[c] * inverseSd[c] * plain[c];
    }
  });
}

function outputs({ pool, attrs, nSpikes, out, statistics }: Call): HostOutput[] {
  const { nOut } = attrs.spec;
  return [
    { shape: [nSpikes, nOut], values: pool.floats(out, nSpikes * nOut) },
    { shape: [statistics.length], values: statistics },
  ];
}

/** The same meaning as core/network/cnn. */
export const cnnTiles: NonNullable<NetworkMachine["simd"]> = {
  output(pool, inputs, attrs) {
    const call = begin(pool, inputs, attrs);
    runPass(call);
    return outputs(call);
  },
  gradient(pool, inputs, attrs) {
    const call = begin(pool, inputs, attrs);
    const moments = runPass(call);
    const flat = new Float32Array(call.inputs.weights.length);
    for (const grad of call.grads) addPackedGrad(call.packing, pool.floats(grad, call.packing.nGrads), flat);
    addNormGrads(call, moments, flat);
    const loss = call.sums.reduce((sum, pointer) => sum + pool.doubles(pointer + 6192, 1)[0], 0);
    return [...outputs(call), { shape: [1], values: [loss] }, { shape: [flat.length], values: flat }];
  },
};
