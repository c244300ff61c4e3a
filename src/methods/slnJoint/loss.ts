import {
  add,
  concat,
  keep,
  mul,
  pad,
  reshape,
  slice,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  tidy,
  transpose,
  zeros,
} from "@tensorflow/tfjs-core";
import { type JointWeights, outputTether } from "../../core/jointLoss.ts";
import { canBeExplained } from "../../core/monopolarResidual.ts";
import { correctDepths, correctLateral } from "../../core/motion.ts";
import type { SoftGrid } from "../../core/softHistogram.ts";
import type { Motion } from "../../core/types.ts";
import { countPairs, meanCorrelation } from "../../ops/meanCorrelation.ts";
import { meanEntropy } from "../../ops/meanEntropy.ts";
import { monopolarResidual } from "../../ops/monopolarResidual.ts";
import { softHistogram, softHistogramGrad } from "../../ops/softHistogram.ts";

/** What the loss wants to know of a block of N spikes besides the network's output. */
export interface LossBlock {
  /** [N] bin in the block */
  bin: Int32Array;
  nBins: number;
  /** [nBins] 1 for a bin with spikes enough */
  valid: Float32Array;
  maxPerBin: number;
  /** [N] s, the middle of each spike's bin */
  timeSec: Float64Array;
  /** [N, 2] µm */
  anchorsUm: Float32Array;
  /** [N, nOut] output that the tether holds to */
  baseline: Float32Array;
  /** [N] absent when there is one */
  shank?: Int32Array;
  /** what a point source is to explain; absent when the residual has no weight */
  amplitudes?: BlockAmplitudes;
}

/** As core/monopolarResidual takes them. */
export interface BlockAmplitudes {
  /** [N, K], −1 for a slot that is not in use */
  amplitude: Float32Array;
  /** [N, K, 2] µm from the anchor */
  contactUm: Float32Array;
  nSlots: number;
}

export interface BlockLoss {
  /** [3] ρ̄, H̄, mean residual (0 without weight); on the compute backend, so that nothing waits for them */
  terms: Tensor1D;
  tether: number;
  /** [N, nOut] gradient of the loss with respect to the output */
  outGrad: Tensor2D;
  /** [2, N] gradient of the loss with respect to corrected x and y: what motion feels, with its sign turned */
  positionGrad: Tensor2D;
}

/**
 * Loss of a block and its gradient, as core/jointLoss. out: [N, nOut] offsets from the anchors. Motion is looked up at the
 * middle of the bin and the uncorrected predicted depth, both of them constants; positions are corrected in float64 before
 * they are rounded, since far up a probe a float32 is 1e-4 µm coarse. The caller disposes the three tensors.
 */
export function blockLoss(
  out: ArrayLike<number>,
  block: LossBlock,
  motion: Motion,
  grid: SoftGrid,
  weights: JointWeights,
): BlockLoss {
  const nOut = weights.tetherScale.length;
  const corrected = correctedPositions(out, nOut, block, motion);
  const moved = Float64Array.from(block.baseline, (b, at) => out[at] - b);
  const held = outputTether(moved, weights.tetherScale);
  const { nBins, valid, maxPerBin } = block;
  const { terms, outGrad, positionGrad } = tidy(() => {
    const [x, y] = [tensor1d(Float32Array.from(corrected.xUm)), tensor1d(Float32Array.from(corrected.yUm))];
    const bin = tensor1d(block.bin, "int32");
    const isValid = tensor2d(valid, [nBins, 1]);
    const histogram = softHistogram(x, y, bin, nBins, maxPerBin, grid);
    const flat = reshape(histogram, [nBins, grid.nx * grid.ny]) as Tensor2D;
    const rho = meanCorrelation(flat, isValid, Math.max(1, countPairs(valid, weights.window)), weights.window);
    const nValid = valid.reduce((n, v) => n + v, 0);
    const entropy = meanEntropy(flat, isValid, Math.max(1, nValid));
    const toHistogram = add(mul(rho.grad, -weights.rho), mul(entropy.grad, -weights.entropy));
    const toPositions = softHistogramGrad(x, y, bin, reshape(toHistogram, histogram.shape) as Tensor3D, grid);
    const fromTether = tensor2d(
      Float32Array.from(held.grad, (g) => weights.tether * g),
      [block.bin.length, nOut],
    );
    const point = residualTerm(out, nOut, block, weights.residual);
    const grads: Tensor[] = [widened(transpose(toPositions) as Tensor2D, nOut), fromTether, ...point.grads];
    return {
      terms: keep(concat([rho.value, entropy.value, point.value])) as Tensor1D,
      outGrad: keep(grads.reduce((total, g) => add(total, g))) as Tensor2D,
      positionGrad: keep(toPositions),
    };
  });
  return { terms, outGrad, positionGrad, tether: held.value };
}

/** Columns of zeros to the right, so that x, y (and z) become an output. */
function widened(columns: Tensor2D, nOut: number): Tensor {
  return pad(columns, [
    [0, 0],
    [0, nOut - columns.shape[1]],
  ]);
}

/** Mean over the spikes that can be explained, and its weighted gradient; nothing without weight. */
function residualTerm(
  out: ArrayLike<number>,
  nOut: number,
  { bin, amplitudes }: LossBlock,
  weight: number,
): { value: Tensor1D; grads: Tensor[] } {
  if (!amplitudes || weight === 0) return { value: zeros([1]), grads: [] };
  const { amplitude, contactUm, nSlots } = amplitudes;
  const n = bin.length;
  const offset = Float32Array.from({ length: 3 * n }, (_, at) => out[Math.floor(at / 3) * nOut + (at % 3)]);
  let nExplained = 0;
  for (let row = 0; row < n; row++) if (canBeExplained(amplitude, row, nSlots)) nExplained++;
  const share = 1 / Math.max(1, nExplained);
  const found = monopolarResidual(
    tensor2d(offset, [n, 3]),
    tensor2d(amplitude, [n, nSlots]),
    tensor2d(contactUm, [n, 2 * nSlots]),
  );
  const value = reshape(mul(sum(slice(found, [0, 0], [n, 1])), share), [1]) as Tensor1D;
  const grad = mul(slice(found, [0, 1], [n, 3]), weight * share) as Tensor2D;
  return { value, grads: [widened(grad, nOut)] };
}

/** anchor + offset − motion, [N] each, float64. */
export function correctedPositions(
  out: ArrayLike<number>,
  nOut: number,
  { anchorsUm, timeSec, shank }: Pick<LossBlock, "anchorsUm" | "timeSec" | "shank">,
  motion: Motion,
): { xUm: Float64Array; yUm: Float64Array } {
  const axis = (k: number) => timeSec.map((_, n) => anchorsUm[2 * n + k] + out[n * nOut + k]);
  return { xUm: correctLateral(motion, timeSec, axis(0)), yUm: correctDepths(motion, timeSec, axis(1), shank) };
}
