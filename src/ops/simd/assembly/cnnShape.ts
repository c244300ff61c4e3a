// AssemblyScript. The CNN: sizes of its three convolution blocks, what a tile of spikes keeps, and the plan of a call. Who calls:
// ../cnnTiles.ts, which states the same sizes.

export const TILE: i32 = 40; // spikes that go through the head together: its weights are read once a tile
export const GROUP: i32 = 5; // spikes that go through a convolution together, so that they stay in the second-level cache
export const FLAT: i32 = 1408; // inputs of the head: 22 steps × 64 channels, here in time order
export const WIDE: i32 = 256; // units of the head's layers
export const NARROW: i32 = 64;

@inline export function steps(block: i32): i32 { return block == 0 ? 90 : block == 1 ? 45 : 22; }
@inline export function nIn(block: i32): i32 { return block == 0 ? 10 : block == 1 ? 32 : 64; }
@inline export function nOut(block: i32): i32 { return block == 0 ? 32 : 64; }
@inline export function taps(block: i32): i32 { return block < 2 ? 5 : 3; }
@inline export function pad(block: i32): i32 { return taps(block) >> 1; }
// Rows of one spike: its steps, then zeros that also stand before the next one. With zeros before the first, taps · nIn
// numbers from any row on are what a convolution reads at that step: a product of matrices whose rows overlap.
@inline export function rows(block: i32): i32 { return steps(block) + pad(block); }
@inline function paddedRows(block: i32): i32 { return 2 * pad(block) + TILE * rows(block); }

// What a tile keeps of a block, one after another: its input [paddedRows, nIn], the convolution's output without its bias
// [paddedRows, nOut] (first row: step −pad; later its gradient), and the gradient before the normalisation [TILE, pooled steps,
// nOut]. Forward the latter holds GELU's slope where the pool looked, its lowest bit telling at which of two steps; the last
// block's holds the head's input.
@inline function inputBytes(block: i32): usize { return <usize>(paddedRows(block) * nIn(block)) << 2; }
@inline function tracesBytes(block: i32): usize { return <usize>(paddedRows(block) * nOut(block)) << 2; }
@inline function slopesBytes(block: i32): usize { return <usize>(TILE * (block == 2 ? 22 : steps(block) >> 1) * 64) << (block == 0 ? 1 : 2); }
function blockAt(state: usize, block: i32): usize {
  for (let i = 0; i < block; i++) state += inputBytes(i) + tracesBytes(i) + slopesBytes(i);
  return state;
}
export function inputAt(state: usize, block: i32): usize { return blockAt(state, block); }
export function tracesAt(state: usize, block: i32): usize { return blockAt(state, block) + inputBytes(block); }
export function slopesAt(state: usize, block: i32): usize { return blockAt(state, block) + inputBytes(block) + tracesBytes(block); }
export function tileBytes(): usize { return blockAt(0, 3); }

// Weights, in floats: of each block [taps·nIn, nOut] at 0, 1600, 11840; of the head [1408, 256] and its bias, [256, 64] and
// its bias, [nOut, 64] and its bias. Gradients have the same places. Only the weights have the transposed ones after them:
// of blocks 1, 2 [taps·nOut, nIn] with the taps turned round, of the head [256, 1408], [64, 256].
@inline export function convolutionAt(weights: usize, block: i32): usize { return weights + (block == 0 ? 0 : block == 1 ? 1600 << 2 : 11840 << 2); }
export const HEAD1: usize = 24128 << 2;
export const HEAD1_BIAS: usize = HEAD1 + (1408 * 256 << 2);
export const HEAD4: usize = HEAD1_BIAS + (256 << 2);
export const HEAD4_BIAS: usize = HEAD4 + (256 * 64 << 2);
export const HEAD7: usize = HEAD4_BIAS + (64 << 2);
export const TURNED: usize = HEAD7 + (65 * 4 << 2);
@inline export function turnedAt(weights: usize, block: i32): usize { return weights + TURNED + (block == 1 ? 0 : 10240 << 2); }
export const HEAD1_TURNED: usize = TURNED + (22528 << 2);
export const HEAD4_TURNED: usize = HEAD1_TURNED + (1408 * 256 << 2);

// Of each block five vectors of 64: mean (without the convolution's bias) and factor of the normalisation, its β, and from the
// backward sums the mean gradient and the mean of gradient · ẑ over the standard deviation.
@inline export function vectorsAt(vectors: usize, block: i32): usize { return vectors + <usize>block * 1280; }
export const FACTOR: usize = 256, BETA: usize = 512, MEAN_GRAD: usize = 768, SLANT: usize = 1024;

// Doubles of a thread: of each block the number of spikes, mean [64] and sum of squares [64] so far (padded to 130), then of each
// the backward sums [64] of the gradient and [64] of gradient · (trace − mean), then the loss.
@inline export function momentsAt(sums: usize, block: i32): usize { return sums + <usize>block * 1040; }
@inline export function gradSumsAt(sums: usize, block: i32): usize { return sums + 3120 + <usize>block * 1024; }
@inline export function lossAt(sums: usize): usize { return sums + 6192; }

// What one thread is told, a word each.
@unmanaged
export class Plan {
  // [spikes, 10, 90] of this chunk, the first of which is spike `chunkStart`
  waveforms: usize;
  chunkStart: i32;
  // [N, nOut] each
  target: usize;
  out: usize;
  nOut: i32;
  weights: usize;
  vectors: usize;
  grads: usize;
  sums: usize;
  scratch: usize;
  // of the first tile, and how far the next one's is: 0 where tiles follow each other through the same state
  state: usize;
  stateStep: usize;
  // whether the backward pass follows, and whether moments are gathered
  isTraining: i32;
  gathersMoments: i32;
  // 0 Huber, 1 mean square, 2 the target is the gradient itself
  lossKind: i32;
  beta: f32;
  // 1 / (count · nOut)
  share: f32;
  scale0: f32;
  scale1: f32;
  scale2: f32;
  scale3: f32;
  dropThreshold: i32;
  // 1 / (1 − p)
  kept: f32;
  seed: i32;
  firstRow: i32;
}

// Scratch of a thread, in bytes: GELU's slope in the last block, the gradient of a group's block input (forward: GELU of one
// spike's trace and its slope), and of the head's layers units, slopes, gradients.
export const SLOPES: usize = 0;
export const INPUT_GRAD: usize = SLOPES + (TILE * FLAT << 2);
export const UNITS1: usize = INPUT_GRAD + (GROUP * 47 * 32 << 2);
export const SLOPES1: usize = UNITS1 + (TILE * WIDE << 2);
export const GRAD1: usize = SLOPES1 + (TILE * WIDE << 2);
export const UNITS4: usize = GRAD1 + (TILE * WIDE << 2);
export const SLOPES4: usize = UNITS4 + (TILE * NARROW << 2);
export const GRAD4: usize = SLOPES4 + (TILE * NARROW << 2);
export const OUT_GRAD: usize = GRAD4 + (TILE * NARROW << 2);
