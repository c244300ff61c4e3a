import { dropThreshold } from "../../core/network/dropout.ts";
import type { Arrays, HostOutput } from "../defineOp.ts";
import type { GradientAttrs, NetworkMachine, OutputAttrs } from "../network.ts";
import { Layout } from "./localizeTiles.ts";
import type { SimdPool } from "./pool.ts";
import {
  biasFloats,
  type FoldedLinear,
  foldedLinears,
  gatherGrad,
  gradRows,
  placeLinear,
} from "./transformerWeights.ts";

/**
 * Layout and calls of the SIMD kernel `transformerTiles`: 10 spikes at a time go forward and back in the cache, every thread
 * adds its gradient into a copy of its own. Memory does not grow with the batch beyond its waveforms, which pass in blocks.
 */
const tile = 10;
const nTokens = 10 * tile;
/** Spikes whose waveforms lie in the pool's memory at once (15 MB). */
const spikesPerBlock = 4096;
const lossKinds = { huber: 0, mse: 1, given: 2 } as const;
const optionBytes = 96;

/** Floats of a tile's scratch, in the order of the kernel's plan: first what it needs once, then what each layer keeps. */
const once = [
  ...[nTokens * 96, nTokens * 128, nTokens * 128, nTokens * 128, nTokens * 384, nTokens * 256, 80 * 12],
  ...[tile * 8, tile * 64, tile * 64, tile * 192, tile * 128, tile * 128],
  ...[tile * 64, tile * 64, tile * 8, tile * 8, tile * 192, tile * 128],
];
const perLayer = [
  ...[nTokens * 128, nTokens, (nTokens + 2) * 384, tile * 80 * 12, tile * 80 * 12, nTokens * 128],
  ...[nTokens * 128, nTokens, nTokens * 256, nTokens * 256],
];
const nLayers = 4;

interface Region {
  pointer: number;
  floats: number;
}

interface Copies {
  forward: Region;
  bias: Region;
  backward: Region;
}

interface Grads {
  weights: Region;
  bias: Region;
}

interface TilePlan {
  linears: readonly FoldedLinear[];
  waveforms: Region;
  centroids: Region;
  target: Region;
  out: Region;
  options: number;
  copies: Copies[];
  /** per thread: gradients of every layer, plan words, loss */
  grads: Grads[][];
  plans: number[];
  losses: number[];
}

/** Lay out everything one call needs, reserve the memory and write the plans. Without a gradient all layers share one scratch. */
function planTiles(pool: SimdPool, nOut: number, nSpikes: number, isTraining: boolean): TilePlan {
  const linears = foldedLinears(nOut);
  const layout = new Layout(pool.heap);
  const take = (floats: number): Region => ({ pointer: layout.take(4 * floats), floats });
  const each = <T>(make: () => T): T[] => Array.from({ length: pool.nThreads }, make);
  const n = Math.min(nSpikes, spikesPerBlock);
  const copiesOf = (linear: FoldedLinear): Copies => ({
    forward: take(linear.nIn * linear.nWide),
    bias: take(biasFloats(linear)),
    backward: take(isTraining ? linear.nWide * linear.width : 0),
  });
  const gradsOf = (linear: FoldedLinear): Grads => ({
    weights: take(isTraining ? gradRows(linear) * linear.width : 0),
    bias: take(isTraining ? biasFloats(linear) : 0),
  });
  const layerScratch = () => perLayer.map((floats) => take(floats).pointer);
  const plan: TilePlan = {
    linears,
    waveforms: take(900 * n),
    centroids: take(2 * n),
    target: take(nOut * n),
    out: take(nOut * n),
    options: layout.take(optionBytes),
    copies: linears.map(copiesOf),
    grads: each(() => linears.map(gradsOf)),
    plans: each(() => layout.take(4 * (9 * linears.length + once.length + nLayers * perLayer.length))),
    losses: each(() => layout.take(8)),
  };
  const scratch = each(() => {
    const own = once.map((floats) => take(floats).pointer);
    const layers = Array.from({ length: isTraining ? nLayers : 1 }, layerScratch);
    return [...own, ...Array.from({ length: nLayers }, (_, l) => layers[l % layers.length]).flat()];
  });
  pool.reserve(layout.bytes);
  plan.plans.forEach((pointer, thread) => {
    const words = linears.flatMap((linear, i) => {
      const { forward, bias, backward } = plan.copies[i];
      const grads = plan.grads[thread][i];
      const pointers = [forward, bias, backward, grads.weights, grads.bias].map((region) => region.pointer);
      return [...pointers, linear.nIn, linear.width, linear.nWide, biasFloats(linear)];
    });
    pool.ints(pointer, words.length + scratch[thread].length).set([...words, ...scratch[thread]]);
  });
  return plan;
}

const viewOf = (pool: SimdPool, { pointer, floats }: Region) => pool.floats(pointer, floats);

/** Weights into their copies; gradients and losses to zero. */
function placeWeights(pool: SimdPool, plan: TilePlan, params: Float32Array, isTraining: boolean): void {
  plan.linears.forEach((linear, i) => {
    const { forward, bias, backward } = plan.copies[i];
    placeLinear(params, linear, {
      forward: viewOf(pool, forward).fill(0),
      bias: viewOf(pool, bias).fill(0),
      backward: isTraining ? viewOf(pool, backward).fill(0) : null,
    });
  });
  for (const grads of plan.grads.flat()) {
    viewOf(pool, grads.weights).fill(0);
    viewOf(pool, grads.bias).fill(0);
  }
  for (const pointer of plan.losses) pool.doubles(pointer, 1)[0] = 0;
}

/** The words that the kernel's accessors name. */
function writeOptions(
  pool: SimdPool,
  pointer: number,
  statistics: Float32Array,
  { spec, pass, loss }: OutputAttrs & Partial<GradientAttrs>,
  firstRow: number,
): void {
  const ints = pool.ints(pointer, optionBytes / 4).fill(0);
  const floats = pool.floats(pointer, optionBytes / 4);
  ints.set([dropThreshold(pass.dropout) | 0, pass.seed | 0]);
  floats[2] = 1 / (1 - pass.dropout);
  ints[3] = firstRow;
  floats.set(statistics, 4);
  ints[8] = loss ? lossKinds[loss.kind] : -1;
  ints[9] = spec.nOut;
  if (!loss) return;
  floats[10] = loss.beta;
  pool.doubles(pointer + 48, 1)[0] = 1 / (loss.count * spec.nOut);
  floats.set(loss.scale, 14);
}

interface Found {
  out: Float32Array;
  plan: TilePlan;
}

function runTiles(pool: SimdPool, inputs: Arrays, attrs: OutputAttrs & Partial<GradientAttrs>): Found {
  const { waveforms, centroids, target, statistics } = inputs as Record<string, Float32Array>;
  const { nOut } = attrs.spec;
  const nSpikes = centroids.length / 2;
  const isTraining = attrs.loss !== undefined;
  const plan = planTiles(pool, nOut, nSpikes, isTraining);
  placeWeights(pool, plan, inputs.weights as Float32Array, isTraining);
  const out = new Float32Array(nSpikes * nOut);
  for (let first = 0; first < nSpikes; first += spikesPerBlock) {
    const rows = Math.min(spikesPerBlock, nSpikes - first);
    const bring = (region: Region, from: Float32Array, perSpike: number) =>
      pool.floats(region.pointer, rows * perSpike).set(from.subarray(first * perSpike, (first + rows) * perSpike));
    bring(plan.waveforms, waveforms, 900);
    bring(plan.centroids, centroids, 2);
    if (isTraining) bring(plan.target, target, nOut);
    writeOptions(pool, plan.options, statistics, attrs, attrs.pass.firstRow + first);
    const share = tile * Math.ceil(Math.ceil(rows / tile) / pool.nThreads);
    pool.run(
      "transformerTiles",
      plan.plans.map((own, i) => [
        ...[plan.waveforms, plan.centroids, plan.target, plan.out].map(({ pointer }) => pointer),
        ...[Math.min(rows, i * share), Math.min(rows, (i + 1) * share), own, plan.options, plan.losses[i]],
      ]),
    );
    out.set(pool.floats(plan.out.pointer, rows * nOut), first * nOut);
  }
  return { out, plan };
}

const outputs = (out: Float32Array, inputs: Arrays, nOut: number): HostOutput[] => [
  { shape: [out.length / nOut, nOut], values: out },
  { shape: [inputs.statistics.length], values: inputs.statistics },
];

/** The same meaning as core/network/transformer. */
export const transformerTiles: NonNullable<NetworkMachine["simd"]> = {
  output: (pool, inputs, attrs) => outputs(runTiles(pool, inputs, attrs).out, inputs, attrs.spec.nOut),
  gradient(pool, inputs, attrs) {
    const { out, plan } = runTiles(pool, inputs, attrs);
    const weights = inputs.weights as Float32Array;
    const weightGrad = new Float32Array(weights.length);
    for (const grads of plan.grads)
      plan.linears.forEach((linear, i) => {
        const own = { weights: viewOf(pool, grads[i].weights), bias: viewOf(pool, grads[i].bias) };
        gatherGrad(weights, linear, own, weightGrad);
      });
    const loss = plan.losses.reduce((sum, pointer) => sum + pool.doubles(pointer, 1)[0], 0);
    return [
      ...outputs(out, inputs, attrs.spec.nOut),
      { shape: [1], values: [loss] },
      { shape: [weightGrad.length], values: weightGrad },
    ];
  },
};
