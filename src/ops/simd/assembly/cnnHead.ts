// AssemblyScript. The CNN's head over a tile of spikes: three linear layers, the loss, and back.
import {
  FLAT, GRAD1, GRAD4, HEAD1, HEAD1_BIAS, HEAD1_TURNED, HEAD4, HEAD4_BIAS, HEAD4_TURNED, HEAD7, NARROW, OUT_GRAD, Plan, SLOPES1, SLOPES4,
  UNITS1, UNITS4, WIDE,
} from "./cnnShape";
import { addRows, bend, timesEach } from "./dense";
import { multiply } from "./gemm";

const PLACE1: i32 = 1, PLACE4: i32 = 2; // of dropout, see core/network/dropout.ts

// units [n, width] = dropout(GELU(x·W + b)) and GELU's slopes, dropped alike.
function layer(
  x: usize, k: i32, weights: usize, bias: usize, units: usize, slopes: usize, width: i32, n: i32, place: i32, row: i32, plan: Plan,
): void {
  const bytes = <usize>width << 2;
  for (let s: usize = 0; s < <usize>n; s++) memory.copy(slopes + s * bytes, bias, bytes);
  multiply(x, k, 1, weights, width, slopes, width, n, width, k, true);
  for (let s = 0; s < n; s++) {
    const at = <usize>s * bytes;
    bend(slopes + at, units + at, width, place, row + s, plan.seed, plan.dropThreshold, plan.kept);
  }
}

function dot(x: usize, w: usize): f32 {
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < 256; k += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(x + k), v128.load(w + k)));
  return f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3));
}

// Outputs of n spikes, the first of them spike `start`. flat: [n, 1408].
export function headForward(flat: usize, start: i32, n: i32, plan: Plan): void {
  const w = plan.weights, scratch = plan.scratch, row = plan.firstRow + start, nOut = plan.nOut;
  layer(flat, FLAT, w + HEAD1, w + HEAD1_BIAS, scratch + UNITS1, scratch + SLOPES1, WIDE, n, PLACE1, row, plan);
  layer(scratch + UNITS1, WIDE, w + HEAD4, w + HEAD4_BIAS, scratch + UNITS4, scratch + SLOPES4, NARROW, n, PLACE4, row, plan);
  const bias = w + HEAD7 + (<usize>nOut << 8);
  let out = plan.out + (<usize>(start * nOut) << 2), units = scratch + UNITS4;
  for (let s = 0; s < n; s++, units += 256) {
    for (let o: usize = 0; o < <usize>nOut; o++, out += 4) store<f32>(out, dot(units, w + HEAD7 + (o << 8)) + load<f32>(bias + (o << 2)));
  }
}

// OUT_GRAD [n, nOut] from outputs and targets, see core/network/loss.ts; returns these spikes' part of the loss.
function lossGrad(start: i32, n: i32, plan: Plan): f64 {
  const nOut = plan.nOut, first = <usize>(start * nOut) << 2, target = plan.target + first, out = plan.out + first;
  const outGrad = plan.scratch + OUT_GRAD, bytes = <usize>(n * nOut) << 2, isSquare = plan.lossKind == 1;
  if (plan.lossKind == 2) { memory.copy(outGrad, target, bytes); return 0; }
  const beta: f64 = plan.beta, share: f64 = plan.share, scales = changetype<usize>(plan) + offsetof<Plan>("scale0");
  let loss: f64 = 0, o: usize = 0;
  for (let at: usize = 0; at < bytes; at += 4) {
    const scale: f64 = load<f32>(scales + (o << 2)), e = scale * (<f64>load<f32>(out + at) - <f64>load<f32>(target + at));
    const size = Math.abs(e), curvature: f64 = isSquare ? 2 : 1 / beta, isInside = isSquare || size < beta;
    loss += share * (isInside ? 0.5 * curvature * e * e : size - beta / 2);
    store<f32>(outGrad + at, <f32>(share * scale * (isInside ? curvature * e : e < 0 ? -1 : 1)));
    if (++o == <usize>nOut) o = 0;
  }
  return loss;
}

// out[64] += scale·x[64].
function addScaled(out: usize, x: usize, scale: f32): void {
  const s = f32x4.splat(scale);
  for (let k: usize = 0; k < 256; k += 16) v128.store(out + k, f32x4.add(v128.load(out + k), f32x4.mul(s, v128.load(x + k))));
}

// After headForward: the loss, the gradients of the head's weights, and in place of `flat` its own gradient.
export function headBackward(flat: usize, start: i32, n: i32, plan: Plan): f64 {
  const loss = lossGrad(start, n, plan), w = plan.weights, g = plan.grads, scratch = plan.scratch, nOut = plan.nOut;
  const bias = g + HEAD7 + (<usize>nOut << 8), grad1 = scratch + GRAD1, grad4 = scratch + GRAD4;
  memory.fill(grad4, 0, <usize>n << 8);
  let outGrad = scratch + OUT_GRAD;
  for (let s: usize = 0; s < <usize>n; s++) {
    for (let o: usize = 0; o < <usize>nOut; o++, outGrad += 4) {
      const own = load<f32>(outGrad);
      addScaled(g + HEAD7 + (o << 8), scratch + UNITS4 + (s << 8), own);
      addScaled(grad4 + (s << 8), w + HEAD7 + (o << 8), own);
      store<f32>(bias + (o << 2), load<f32>(bias + (o << 2)) + own);
    }
  }
  timesEach(grad4, scratch + SLOPES4, n * NARROW);
  addRows(g + HEAD4_BIAS, grad4, n, NARROW);
  multiply(scratch + UNITS1, 1, WIDE, grad4, NARROW, g + HEAD4, NARROW, WIDE, NARROW, n, true);
  multiply(grad4, NARROW, 1, w + HEAD4_TURNED, WIDE, grad1, WIDE, n, WIDE, NARROW, false);
  timesEach(grad1, scratch + SLOPES1, n * WIDE);
  addRows(g + HEAD1_BIAS, grad1, n, WIDE);
  multiply(flat, 1, FLAT, grad1, WIDE, g + HEAD1, WIDE, FLAT, WIDE, n, true);
  multiply(grad1, WIDE, 1, w + HEAD1_TURNED, FLAT, flat, FLAT, n, FLAT, WIDE, false);
  return loss;
}
