// AssemblyScript. The CNN, forward and backward, a tile of spikes at a time.
import { headBackward, headForward } from "./cnnHead";
import { activate, activatePooled, addMoments, bendLast, bendPooled, differenceLast, differencePooled, spread } from "./cnnLayers";
import {
  convolutionAt, gradSumsAt, GROUP, inputAt, INPUT_GRAD, lossAt, momentsAt, nIn, nOut, pad, Plan, rows, SLOPES, slopesAt, steps, taps,
  TILE, tracesAt, turnedAt, vectorsAt, FLAT,
} from "./cnnShape";
import { multiply } from "./gemm";

// Step 0 of spike `first` in a padded array of `width` channels.
@inline function stepAt(array: usize, block: i32, first: i32, width: i32): usize {
  return array + (<usize>((pad(block) + first * rows(block)) * width) << 2);
}

// Spike `first` in [TILE, pooled steps, nOut].
@inline function pooledAt(array: usize, block: i32, first: i32): usize {
  return array + (<usize>(first * (steps(block) >> 1) * nOut(block)) << 2);
}

// The block's input, its convolution and, when gathered, its moments.
function blockForward(block: i32, state: usize, start: i32, n: i32, plan: Plan): void {
  const x = inputAt(state, block), z = tracesAt(state, block), perRow = nIn(block), width = nOut(block);
  memory.fill(x, 0, <usize>(pad(block) * perRow) << 2);
  for (let first = 0; first < n; first += GROUP) {
    const group = min(GROUP, n - first), to = stepAt(x, block, first, perRow), out = stepAt(z, block, first, width);
    if (block == 0) {
      spread(plan.waveforms + <usize>(start + first - plan.chunkStart) * 3600, to, group);
    } else {
      const below = stepAt(tracesAt(state, block - 1), block - 1, first, nOut(block - 1));
      const slopes = pooledAt(slopesAt(state, block - 1), block - 1, first);
      activatePooled(block - 1, below, to, slopes, vectorsAt(plan.vectors, block - 1), group, plan.scratch + INPUT_GRAD);
    }
    const from = to - (<usize>(pad(block) * perRow) << 2);
    multiply(from, perRow, 1, convolutionAt(plan.weights, block), width, out, width, group * rows(block), width, taps(block) * perRow, false);
    if (plan.gathersMoments != 0) addMoments(block, out, group, momentsAt(plan.sums, block));
  }
}

// The head, and in training back to the last block's gradient before GELU.
function head(state: usize, start: i32, n: i32, plan: Plan): void {
  const z = stepAt(tracesAt(state, 2), 2, 0, 64), flat = slopesAt(state, 2), slopes = plan.scratch + SLOPES;
  const vectors = vectorsAt(plan.vectors, 2);
  for (let s: usize = 0; s < <usize>n; s++) {
    activate(z + s * (23 * 256), flat + s * (22 * 256), slopes + s * (22 * 256), vectors, 22 * 256, 256);
  }
  headForward(flat, start, n, plan);
  if (plan.isTraining == 0) return;
  const loss = lossAt(plan.sums);
  store<f64>(loss, load<f64>(loss) + headBackward(flat, start, n, plan));
  bendLast(flat, slopes, z, vectors, n, gradSumsAt(plan.sums, 2));
}

// From the block's gradient before GELU to its weights' and to that of the block below.
function blockBackward(block: i32, state: usize, n: i32, plan: Plan): void {
  const x = inputAt(state, block), z = tracesAt(state, block), perRow = nIn(block), width = nOut(block);
  const slopes = slopesAt(state, block), vectors = vectorsAt(plan.vectors, block);
  memory.fill(z, 0, <usize>(pad(block) * width) << 2);
  for (let first = 0; first < n; first += GROUP) {
    const group = min(GROUP, n - first), k = group * rows(block), out = stepAt(z, block, first, width);
    if (block == 2) differenceLast(out, slopes + (<usize>(first * FLAT) << 2), vectors, group);
    else differencePooled(block, out, pooledAt(slopes, block, first), vectors, group);
    const from = stepAt(x, block, first, perRow) - (<usize>(pad(block) * perRow) << 2);
    multiply(from, 1, perRow, out, width, convolutionAt(plan.grads, block), width, taps(block) * perRow, width, k - pad(block), true);
    if (block == 0) continue;
    const inputGrad = plan.scratch + INPUT_GRAD, before = out - (<usize>(pad(block) * width) << 2);
    multiply(before, width, 1, turnedAt(plan.weights, block), perRow, inputGrad, perRow, k, perRow, taps(block) * width, false);
    const below = block - 1, traces = stepAt(tracesAt(state, below), below, first, nOut(below));
    const belowSlopes = pooledAt(slopesAt(state, below), below, first);
    bendPooled(below, inputGrad, belowSlopes, traces, vectorsAt(plan.vectors, below), group, gradSumsAt(plan.sums, below));
  }
}

/**
 * Stages [first, last] of spikes [from, to), `from` a multiple of TILE: 0, 1, 2 the blocks forward, 3 the head, 4, 5, 6 the blocks
 * backward, last one first. In one go where the normalisation is known; with moments of the batch stage after stage, since
 * each needs sums over all spikes of the one before.
 */
export function cnnTiles(planAt: usize, from: i32, to: i32, first: i32, last: i32): void {
  const plan = changetype<Plan>(planAt);
  for (let start = from; start < to; start += TILE) {
    const n = min(TILE, to - start), state = plan.state + <usize>(start / TILE) * plan.stateStep;
    for (let stage = first; stage <= last; stage++) {
      if (stage < 3) blockForward(stage, state, start, n, plan);
      else if (stage == 3) head(state, start, n, plan);
      else blockBackward(6 - stage, state, n, plan);
    }
  }
}
