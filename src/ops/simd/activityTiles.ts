import { nFeatures } from "../../core/activityNetwork.ts";
import type { SimdPool } from "./pool.ts";

/**
 * Layout and calls of the SIMD kernel `activityTiles`: layers are padded to whole vectors (padding is zero and stays
 * zero: a padded unit outputs ReLU(0) = 0 and its gradient is never read), the weights are also laid out transposed for
 * the backward pass, and every thread adds its gradient into a copy of its own.
 */
const paddedFeatures = 16;
const tile = 64;
const eights = (n: number) => Math.ceil(n / 8) * 8;

interface Region {
  pointer: number;
  floats: number;
}

export interface TilePlan {
  widths: number[];
  sizes: Region;
  y: Region;
  a: Region;
  result: Region;
  params: Region;
  transposed: Region;
  grads: Region[];
  losses: Region[];
  scratch: Region[];
}

function layerShapes(hidden: readonly number[], pad: boolean): { nIn: number; nOut: number }[] {
  const widths = pad ? [paddedFeatures, ...hidden.map(eights)] : [nFeatures, ...hidden];
  return widths.map((nIn, l) => ({ nIn, nOut: l + 1 < widths.length ? widths[l + 1] : 1 }));
}

/** Lay out everything one call needs and reserve the memory. n: spikes. */
export function planTiles(pool: SimdPool, hidden: readonly number[], n: number): TilePlan {
  const widths = [paddedFeatures, ...hidden.map(eights)];
  const nParams = layerShapes(hidden, true).reduce((sum, l) => sum + l.nIn * l.nOut + l.nOut, 0) + 8;
  const nTransposed = layerShapes(hidden, true)
    .slice(0, -1)
    .reduce((sum, l) => sum + l.nIn * l.nOut, 0);
  const nScratch = 2 * tile * widths.reduce((s, w) => s + w, 0) + tile;
  let pointer = pool.heap;
  const take = (floats: number): Region => {
    const region = { pointer, floats };
    pointer += Math.ceil(floats / 16) * 64; // whole cache lines: threads never share one
    return region;
  };
  const perThread = (floats: number) => Array.from({ length: pool.nThreads }, () => take(floats));
  const plan: TilePlan = {
    widths,
    sizes: take(widths.length),
    y: take(n),
    a: take(n),
    result: take(n),
    params: take(nParams),
    transposed: take(nTransposed),
    grads: perThread(nParams),
    losses: perThread(4),
    scratch: perThread(nScratch),
  };
  pool.reserve(pointer - pool.heap);
  pool.ints(plan.sizes.pointer, widths.length).set(widths);
  return plan;
}

/** Copy the flat parameters into their padded and transposed places. */
function placeParams(pool: SimdPool, plan: TilePlan, hidden: readonly number[], params: Float32Array): void {
  const out = pool.floats(plan.params.pointer, plan.params.floats).fill(0);
  const turned = pool.floats(plan.transposed.pointer, plan.transposed.floats).fill(0);
  const padded = layerShapes(hidden, true);
  let from = 0;
  let to = 0;
  let turn = 0;
  layerShapes(hidden, false).forEach(({ nIn, nOut }, l) => {
    const wide = padded[l];
    for (let i = 0; i < nIn; i++) {
      for (let j = 0; j < nOut; j++) out[to + i * wide.nOut + j] = params[from + i * nOut + j];
      if (l < hidden.length)
        for (let j = 0; j < nOut; j++) turned[turn + j * wide.nIn + i] = params[from + i * nOut + j];
    }
    from += nIn * nOut;
    to += wide.nIn * wide.nOut;
    turn += wide.nIn * wide.nOut;
    for (let j = 0; j < nOut; j++) out[to + j] = params[from + j];
    from += nOut;
    to += wide.nOut;
  });
}

/** Sum the threads' padded gradients into a flat vector [P]. */
function gatherGrads(pool: SimdPool, plan: TilePlan, hidden: readonly number[], nParams: number): Float32Array {
  const flat = new Float32Array(nParams);
  for (const region of plan.grads) {
    const grad = pool.floats(region.pointer, region.floats);
    const padded = layerShapes(hidden, true);
    let to = 0;
    let from = 0;
    layerShapes(hidden, false).forEach(({ nIn, nOut }, l) => {
      const wide = padded[l];
      for (let i = 0; i <= nIn; i++) {
        const row = from + (i < nIn ? i : wide.nIn) * wide.nOut; // row nIn is the bias
        for (let j = 0; j < nOut; j++) flat[to + i * nOut + j] += grad[row + j];
      }
      to += (nIn + 1) * nOut;
      from += (wide.nIn + 1) * wide.nOut;
    });
  }
  return flat;
}

function launch(pool: SimdPool, plan: TilePlan, n: number, nReal: number): void {
  const tiles = Math.ceil(n / tile);
  const perThread = Math.ceil(tiles / pool.nThreads) * tile;
  pool.run(
    "activityTiles",
    Array.from({ length: pool.nThreads }, (_, i) => [
      plan.y.pointer,
      plan.a.pointer,
      plan.result.pointer,
      Math.min(n, i * perThread),
      Math.min(n, (i + 1) * perThread),
      nReal,
      n,
      plan.sizes.pointer,
      plan.widths.length - 1,
      plan.params.pointer,
      plan.transposed.pointer,
      plan.grads[i].pointer,
      plan.losses[i].pointer,
      plan.scratch[i].pointer,
    ]),
  );
}

/** Contrastive loss and gradients of N spikes, the first nReal of them real. Same meaning as core/activityNetwork. */
export function activityLossTiles(
  pool: SimdPool,
  hidden: readonly number[],
  params: Float32Array,
  y: Float32Array,
  a: Float32Array,
  nReal: number,
): { real: number; fake: number; paramGrad: Float32Array; depthGrad: Float32Array } {
  const plan = planTiles(pool, hidden, y.length);
  placeParams(pool, plan, hidden, params);
  pool.floats(plan.y.pointer, y.length).set(y);
  pool.floats(plan.a.pointer, a.length).set(a);
  for (const region of plan.grads) pool.floats(region.pointer, region.floats).fill(0);
  for (const region of plan.losses) pool.doubles(region.pointer, 2).fill(0);
  launch(pool, plan, y.length, nReal);
  const losses = plan.losses.map((region) => pool.doubles(region.pointer, 2));
  return {
    real: losses.reduce((sum, l) => sum + l[0], 0),
    fake: losses.reduce((sum, l) => sum + l[1], 0),
    paramGrad: gatherGrads(pool, plan, hidden, params.length),
    depthGrad: pool.floats(plan.result.pointer, y.length).slice(),
  };
}

/** Probability that each of N spikes is real. */
export function activityProbabilityTiles(
  pool: SimdPool,
  hidden: readonly number[],
  params: Float32Array,
  y: Float32Array,
  a: Float32Array,
): Float32Array {
  const plan = planTiles(pool, hidden, y.length);
  placeParams(pool, plan, hidden, params);
  pool.floats(plan.y.pointer, y.length).set(y);
  pool.floats(plan.a.pointer, a.length).set(a);
  launch(pool, plan, y.length, -1);
  return pool.floats(plan.result.pointer, y.length).slice();
}
