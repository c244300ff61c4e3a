// AssemblyScript. The SLN's transformer, forward and backward per tile of 10 spikes (100 tokens); see core/network/transformer.ts.
// Two things are already in the weights (transformerTiles.ts): the weight and bias of a LayerNorm are multiplied into the linear
// layer after it, which so takes the normalised rows, and the queries are divided by 4.
import { attend, attendBackward, PROBABILITIES } from "./attention";
import { apply, applyBackward, bend, LINEAR, normBackward, residualNorm, timesEach } from "./dense";
import { dropUnits } from "./elementary";

const TILE: i32 = 10;
const TOKENS: i32 = 10;
const ROWS: i32 = TILE * TOKENS;
const WIDTH: i32 = 128;
const HIDDEN: i32 = 256;
const LAYERS: i32 = 4;

// Words of the plan: 22 linear layers in the order of the state_dict, then pointers to scratch, then ten per encoder layer.
const HEAD: i32 = 19; // linear layers: token projection 0, layer l from 1 + 4·l, centroids 17 and 18, head
const CENTROID: i32 = 17;
const WAVES: i32 = 0, X: i32 = 1, BRANCH: i32 = 2, GRAD: i32 = 3, WIDE: i32 = 4, HIDDEN_GRAD: i32 = 5, SCORES: i32 = 6;
const PLACE: i32 = 7, PLACE_SLOPE: i32 = 8, PLACE_HIDDEN: i32 = 9, JOINED: i32 = 10, SLOPE0: i32 = 11, HIDDEN0: i32 = 12;
const SLOPE1: i32 = 13, HIDDEN1: i32 = 14, OUT: i32 = 15, OUT_GRAD: i32 = 16, JOINED_GRAD: i32 = 17, SMALL_GRAD: i32 = 18;
const HAT1: i32 = 19, INVERSE1: i32 = 20, QKV: i32 = 21, PROBABILITY: i32 = 22, MASKED: i32 = 23, CONTEXT: i32 = 24;
const HAT2: i32 = 25, INVERSE2: i32 = 26, SLOPE: i32 = 27, BENT: i32 = 28, PER_LAYER: i32 = 10;

@inline function linearAt(plan: usize, i: i32): usize { return plan + <usize>i * LINEAR; }
@inline function scratchAt(plan: usize, i: i32): usize { return load<u32>(plan + 22 * LINEAR + (<usize>i << 2)); }
@inline function ofLayer(plan: usize, i: i32, layer: i32): usize { return scratchAt(plan, i + layer * PER_LAYER); }

// Words of the options: how a batch goes through, see core/network/types.ts.
@inline function threshold(o: usize): i32 { return load<i32>(o); }
@inline function seed(o: usize): i32 { return load<i32>(o, 4); }
@inline function kept(o: usize): f32 { return load<f32>(o, 8); }
@inline function firstRow(o: usize): i32 { return load<i32>(o, 12); }
@inline function centroidMean(o: usize, k: usize): f32 { return load<f32>(o + (k << 2), 16); }
@inline function centroidStd(o: usize, k: usize): f32 { return load<f32>(o + (k << 2), 24); }
@inline function lossKind(o: usize): i32 { return load<i32>(o, 32); } // 0 huber, 1 mse, 2 given, −1 forward alone
@inline function nOut(o: usize): i32 { return load<i32>(o, 36); }
@inline function beta(o: usize): f64 { return load<f32>(o, 40); }
@inline function share(o: usize): f64 { return load<f64>(o, 48); }
@inline function lossScale(o: usize, j: usize): f64 { return load<f32>(o + (j << 2), 56); }
@inline function placeOf(layer: i32, part: i32): i32 { return 16 + 4 * layer + part; }

// Dropout of rows of 128 (a residual branch or its gradient), spike by spike.
function dropBranch(x: usize, place: i32, row: i32, o: usize): void {
  if (threshold(o) == 0) return;
  const n = TOKENS * WIDTH;
  for (let s = 0; s < TILE; s++, x += <usize>n << 2) dropUnits(x, n, 0, place, row + s, seed(o), threshold(o), kept(o));
}

// Waveforms to rows of 96, centroids z-scored to rows of 8; spikes that the tile lacks are zero.
function bring(waveforms: usize, centroids: usize, first: i32, rows: i32, plan: usize, o: usize): void {
  const waves = scratchAt(plan, WAVES), place = scratchAt(plan, PLACE);
  memory.fill(waves, 0, <usize>(ROWS * 96) << 2);
  memory.fill(place, 0, <usize>(TILE * 8) << 2);
  for (let i = 0; i < rows * TOKENS; i++) {
    memory.copy(waves + <usize>(i * 96 << 2), waveforms + (<usize>(first * TOKENS + i) * 360), 360);
  }
  for (let s = 0; s < rows; s++) {
    for (let k: usize = 0; k < 2; k++) {
      const c = load<f32>(centroids + ((<usize>(first + s) * 2 + k) << 2));
      store<f32>(place + (<usize>s << 5) + (k << 2), (c - centroidMean(o, k)) / centroidStd(o, k));
    }
  }
}

function encode(plan: usize, layer: i32, row: i32, o: usize): void {
  const x = scratchAt(plan, X), branch = scratchAt(plan, BRANCH), linear = 1 + 4 * layer;
  const hat1 = ofLayer(plan, HAT1, layer), hat2 = ofLayer(plan, HAT2, layer), qkv = ofLayer(plan, QKV, layer);
  const context = ofLayer(plan, CONTEXT, layer), slope = ofLayer(plan, SLOPE, layer), bent = ofLayer(plan, BENT, layer);
  residualNorm(x, layer == 0 ? 0 : branch, hat1, ofLayer(plan, INVERSE1, layer), ROWS);
  apply(linearAt(plan, linear), hat1, qkv, 3 * WIDTH, ROWS);
  memory.fill(qkv + <usize>(ROWS * 3 * WIDTH << 2), 0, 2 * 3 * WIDTH << 2); // rows 10 and 11 of the last spike
  for (let s = 0; s < TILE; s++) {
    attend(
      context + <usize>(s * TOKENS * WIDTH << 2), qkv + <usize>(s * TOKENS * 3 * WIDTH << 2),
      ofLayer(plan, PROBABILITY, layer) + <usize>s * PROBABILITIES, ofLayer(plan, MASKED, layer) + <usize>s * PROBABILITIES,
      placeOf(layer, 0), row + s, seed(o), threshold(o), kept(o),
    );
  }
  apply(linearAt(plan, linear + 1), context, branch, WIDTH, ROWS);
  dropBranch(branch, placeOf(layer, 1), row, o);
  residualNorm(x, branch, hat2, ofLayer(plan, INVERSE2, layer), ROWS);
  apply(linearAt(plan, linear + 2), hat2, slope, HIDDEN, ROWS);
  const n = TOKENS * HIDDEN;
  for (let s = 0; s < TILE; s++) {
    const at = <usize>(s * n) << 2;
    bend(slope + at, bent + at, n, placeOf(layer, 2), row + s, seed(o), threshold(o), kept(o));
  }
  apply(linearAt(plan, linear + 3), bent, branch, WIDTH, ROWS);
  dropBranch(branch, placeOf(layer, 3), row, o);
}

// GRAD goes from the gradient of the layer's output to that of its input.
function encodeBackward(plan: usize, layer: i32, row: i32, o: usize): void {
  const grad = scratchAt(plan, GRAD), branch = scratchAt(plan, BRANCH), wide = scratchAt(plan, WIDE);
  const hiddenGrad = scratchAt(plan, HIDDEN_GRAD), linear = 1 + 4 * layer, bytes = <usize>(ROWS * WIDTH) << 2;
  const hat1 = ofLayer(plan, HAT1, layer), hat2 = ofLayer(plan, HAT2, layer);
  memory.copy(branch, grad, bytes);
  dropBranch(branch, placeOf(layer, 3), row, o);
  applyBackward(linearAt(plan, linear + 3), ofLayer(plan, BENT, layer), branch, hiddenGrad, ROWS);
  timesEach(hiddenGrad, ofLayer(plan, SLOPE, layer), ROWS * HIDDEN);
  applyBackward(linearAt(plan, linear + 2), hat2, hiddenGrad, branch, ROWS);
  normBackward(branch, hat2, ofLayer(plan, INVERSE2, layer), grad, ROWS);
  memory.copy(branch, grad, bytes);
  dropBranch(branch, placeOf(layer, 1), row, o);
  applyBackward(linearAt(plan, linear + 1), ofLayer(plan, CONTEXT, layer), branch, hiddenGrad, ROWS);
  for (let s = 0; s < TILE; s++) {
    const at = <usize>(s * TOKENS * 3 * WIDTH) << 2;
    attendBackward(
      wide + at, hiddenGrad + <usize>(s * TOKENS * WIDTH << 2), ofLayer(plan, QKV, layer) + at,
      ofLayer(plan, PROBABILITY, layer) + <usize>s * PROBABILITIES, ofLayer(plan, MASKED, layer) + <usize>s * PROBABILITIES,
      scratchAt(plan, SCORES), placeOf(layer, 0), row + s, seed(o), threshold(o), kept(o),
    );
  }
  applyBackward(linearAt(plan, linear), hat1, wide, branch, ROWS);
  normBackward(branch, hat1, ofLayer(plan, INVERSE1, layer), grad, ROWS);
}

// Mean over the tokens of x + branch, beside the centroid's 64, and the head: OUT [10 spikes, 8].
function readOut(plan: usize): void {
  const joined = scratchAt(plan, JOINED), slope0 = scratchAt(plan, SLOPE0), slope1 = scratchAt(plan, SLOPE1);
  let x = scratchAt(plan, X), branch = scratchAt(plan, BRANCH);
  for (let s: usize = 0; s < <usize>TILE; s++, x += 5120, branch += 5120) {
    for (let k: usize = 0; k < 512; k += 16) {
      let sum = f32x4.splat(0);
      for (let i = k; i < 5120; i += 512) sum = f32x4.add(sum, f32x4.add(v128.load(x + i), v128.load(branch + i)));
      v128.store(joined + s * 768 + k, f32x4.mul(sum, f32x4.splat(0.1)));
    }
  }
  const placeSlope = scratchAt(plan, PLACE_SLOPE), placeHidden = scratchAt(plan, PLACE_HIDDEN);
  apply(linearAt(plan, CENTROID), scratchAt(plan, PLACE), placeSlope, 64, TILE);
  bend(placeSlope, placeHidden, TILE * 64, 0, 0, 0, 0, 1);
  apply(linearAt(plan, CENTROID + 1), placeHidden, joined + 512, 192, TILE);
  apply(linearAt(plan, HEAD), joined, slope0, 128, TILE);
  bend(slope0, scratchAt(plan, HIDDEN0), TILE * 128, 0, 0, 0, 0, 1);
  apply(linearAt(plan, HEAD + 1), scratchAt(plan, HIDDEN0), slope1, 64, TILE);
  bend(slope1, scratchAt(plan, HIDDEN1), TILE * 64, 0, 0, 0, 0, 1);
  apply(linearAt(plan, HEAD + 2), scratchAt(plan, HIDDEN1), scratchAt(plan, OUT), 8, TILE);
}

// OUT_GRAD from OUT and the targets, see core/network/loss.ts; returns the tile's part of the loss.
function lossGrad(plan: usize, target: usize, first: i32, rows: i32, o: usize): f64 {
  const out = scratchAt(plan, OUT), outGrad = scratchAt(plan, OUT_GRAD), n = nOut(o), kind = lossKind(o);
  memory.fill(outGrad, 0, <usize>(TILE * 8) << 2);
  let loss: f64 = 0;
  for (let s = 0; s < rows; s++) {
    for (let j = 0; j < n; j++) {
      const at = <usize>(s * 8 + j) << 2, aim: f64 = load<f32>(target + (<usize>((first + s) * n + j) << 2));
      if (kind == 2) { store<f32>(outGrad + at, <f32>aim); continue; }
      const scale = lossScale(o, j), e = scale * (<f64>load<f32>(out + at) - aim), size = Math.abs(e);
      const isSquare = kind == 1 || size < beta(o), curvature = kind == 1 ? 2 : 1 / beta(o);
      loss += share(o) * (isSquare ? 0.5 * curvature * e * e : size - beta(o) / 2);
      store<f32>(outGrad + at, <f32>(share(o) * scale * (isSquare ? curvature * e : e < 0 ? -1 : 1)));
    }
  }
  return loss;
}

// From OUT_GRAD to GRAD, the gradient of the last encoder layer's output.
function readOutBackward(plan: usize): void {
  const joinedGrad = scratchAt(plan, JOINED_GRAD), small = scratchAt(plan, SMALL_GRAD), branch = scratchAt(plan, BRANCH);
  applyBackward(linearAt(plan, HEAD + 2), scratchAt(plan, HIDDEN1), scratchAt(plan, OUT_GRAD), small, TILE);
  timesEach(small, scratchAt(plan, SLOPE1), TILE * 64);
  applyBackward(linearAt(plan, HEAD + 1), scratchAt(plan, HIDDEN0), small, branch, TILE);
  timesEach(branch, scratchAt(plan, SLOPE0), TILE * 128);
  applyBackward(linearAt(plan, HEAD), scratchAt(plan, JOINED), branch, joinedGrad, TILE);
  for (let s: usize = 0; s < <usize>TILE; s++) memory.copy(small + s * 256, joinedGrad + s * 768 + 512, 256);
  applyBackward(linearAt(plan, CENTROID + 1), scratchAt(plan, PLACE_HIDDEN), small, branch, TILE);
  timesEach(branch, scratchAt(plan, PLACE_SLOPE), TILE * 64);
  applyBackward(linearAt(plan, CENTROID), scratchAt(plan, PLACE), branch, 0, TILE);
  let grad = scratchAt(plan, GRAD);
  for (let i = 0; i < ROWS; i++, grad += 512) {
    const own = joinedGrad + <usize>(i / TOKENS) * 768;
    for (let k: usize = 0; k < 512; k += 16) v128.store(grad + k, f32x4.mul(v128.load(own + k), f32x4.splat(0.1)));
  }
}

/**
 * Spikes [from, to) through the network, and back where the options name a loss. waveforms: [N, 10, 90]; centroids: [N, 2];
 * target, out: [N, nOut]. plan and options: words as above; loss: one float64 that is added to, this thread's alone.
 */
export function transformerTiles(
  waveforms: usize, centroids: usize, target: usize, out: usize, from: i32, to: i32, plan: usize, options: usize, loss: usize,
): void {
  const n = nOut(options);
  for (let first = from; first < to; first += TILE) {
    const rows = min(TILE, to - first), row = firstRow(options) + first;
    bring(waveforms, centroids, first, rows, plan, options);
    apply(linearAt(plan, 0), scratchAt(plan, WAVES), scratchAt(plan, X), WIDTH, ROWS);
    for (let layer = 0; layer < LAYERS; layer++) encode(plan, layer, row, options);
    readOut(plan);
    for (let s = 0; s < rows; s++) {
      memory.copy(out + (<usize>((first + s) * n) << 2), scratchAt(plan, OUT) + (<usize>s << 5), <usize>n << 2);
    }
    if (lossKind(options) < 0) continue;
    store<f64>(loss, load<f64>(loss) + lossGrad(plan, target, first, rows, options));
    readOutBackward(plan);
    for (let layer = LAYERS - 1; layer >= 0; layer--) encodeBackward(plan, layer, row, options);
    applyBackward(linearAt(plan, 0), scratchAt(plan, WAVES), scratchAt(plan, GRAD), 0, ROWS);
  }
}
