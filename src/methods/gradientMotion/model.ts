import {
  add,
  div,
  mul,
  neg,
  ones,
  pad,
  reshape,
  slice,
  squeeze,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
} from "@tensorflow/tfjs-core";
import { type AdamConfig, adamDefaults } from "../../core/adam.ts";
import type { Motion } from "../../core/types.ts";
import { type AdamSlot, adamStep } from "../../ops/adam.ts";
import { countPairs, meanCorrelation } from "../../ops/meanCorrelation.ts";
import { type SpikeBins, shiftDepths, shiftDepthsGrad } from "../../ops/shiftDepths.ts";
import { softHistogram, softHistogramGrad } from "../../ops/softHistogram.ts";
import { blurGrid, fillInvalid, type GradientData, levelDepth } from "./data.ts";

export interface ModelConfig {
  nLevels: number;
  pitchUm: number;
  /** bins; a bin is compared with those at most this far from it */
  window: number;
  /** bins on either side of the triangle that smooths the table; 0 does not smooth */
  smoothingBins: number;
}

/**
 * The motion table and what is needed to improve it: the gradient of ρ̄ through shifted depths, soft histogram and
 * correlation in closed form, by operations that run on every backend. Nothing of size T × T is made.
 *
 * The table [K, T] holds −displacement in units of the depth range, as core/shiftDepths wants it. Its mean over time at each
 * level is taken out: a constant that differs between levels squeezes the raster, and ρ̄ rises when everything is squeezed.
 */
export class GradientMotionModel {
  readonly #data: GradientData;
  readonly #config: ModelConfig;
  readonly #startUm: Float64Array;
  readonly #largestStartUm: number;
  readonly #spanUm: number;
  readonly #nPairs: number;
  readonly #bins: SpikeBins;
  readonly #depth: Tensor1D;
  readonly #x: Tensor1D;
  readonly #zeroNoise: Tensor1D;
  readonly #valid: Tensor2D;
  /** [1, T] 1 / the weight of the triangle inside the recording */
  readonly #perWeight: Tensor2D;
  /** [1, T] each bin's share in the mean over time: 1 / nValid, 0 for bins that take no part */
  readonly #share: Tensor2D;
  readonly #table: AdamSlot<Tensor2D>;
  #steps = 0;

  /** startUm: [T, K] displacement it starts from. */
  constructor(data: GradientData, startUm: Float64Array, config: ModelConfig) {
    const { nLevels, window } = config;
    const { nTimes, nSpikes } = data;
    this.#data = data;
    this.#config = config;
    this.#startUm = startUm;
    this.#largestStartUm = startUm.reduce((m, v) => Math.max(m, Math.abs(v)), 0);
    this.#spanUm = data.depthRangeUm[1] - data.depthRangeUm[0];
    this.#nPairs = Math.max(1, countPairs(data.valid, window));
    this.#bins = {
      timeBin: tensor1d(data.timeBin, "int32"),
      order: tensor1d(data.order, "int32"),
      binStart: tensor1d(data.binStart, "int32"),
    };
    this.#depth = tensor1d(data.depth);
    this.#x = data.xUm ? tensor1d(data.xUm) : zeros([nSpikes]);
    this.#zeroNoise = zeros([nSpikes]);
    this.#valid = tensor2d(data.valid, [nTimes, 1]);
    this.#perWeight = tidy(() => div(1, triangle(ones([1, nTimes]), config.smoothingBins)));
    this.#share = tensor2d(
      data.valid.map((v) => v / data.nValid),
      [1, nTimes],
    );
    const table = Float32Array.from(
      { length: nLevels * nTimes },
      (_, at) => -startUm[(at % nTimes) * nLevels + Math.floor(at / nTimes)] / this.#spanUm,
    );
    this.#table = { param: tensor2d(table, [nLevels, nTimes]), moments: zeros([2, table.length]) };
  }

  /** The table smoothed, less its mean over the bins that take part. */
  #motion(): Tensor2D {
    return tidy(() => {
      const smooth = mul(triangle(this.#table.param, this.#config.smoothingBins), this.#perWeight);
      return sub(smooth, sum(mul(smooth, this.#share), 1, true)) as Tensor2D;
    });
  }

  /** Gradient with respect to the table, from that with respect to `#motion()`. */
  #motionGrad(grad: Tensor2D): Tensor2D {
    const centred = sub(grad, mul(this.#share, sum(grad, 1, true)));
    return triangle(mul(centred, this.#perWeight) as Tensor2D, this.#config.smoothingBins);
  }

  /** ρ̄ [1] at a blur and its gradient [K, T] with respect to the table. The caller disposes. */
  gradient(sigmaUm: number): { rho: Tensor1D; tableGrad: Tensor2D } {
    const { nTimes, maxPerBin } = this.#data;
    const { nLevels, pitchUm, window } = this.#config;
    const { grid, xScale } = blurGrid(this.#data, sigmaUm, pitchUm, this.#largestStartUm);
    return tidy(() => {
      const { timeBin } = this.#bins;
      const shifted = shiftDepths(this.#motion(), this.#bins, this.#depth, this.#zeroNoise);
      const y = mul(shifted, this.#spanUm) as Tensor1D;
      const x = mul(this.#x, xScale) as Tensor1D;
      const histogram = softHistogram(x, y, timeBin, nTimes, maxPerBin, grid);
      const flat = reshape(histogram, [nTimes, grid.nx * grid.ny]) as Tensor2D;
      const { value, grad } = meanCorrelation(flat, this.#valid, this.#nPairs, window);
      const toHistogram = reshape(grad, [nTimes, grid.nx, grid.ny]) as Tensor3D;
      const toSpikes = softHistogramGrad(x, y, timeBin, toHistogram, grid);
      const toDepth = mul(squeeze(slice(toSpikes, [1, 0], [1, -1]), [0]), this.#spanUm) as Tensor1D;
      const toMotion = shiftDepthsGrad(toDepth, nLevels, this.#bins, this.#depth);
      return { rho: value, tableGrad: this.#motionGrad(toMotion) };
    });
  }

  /** One step of Adam up ρ̄. Returns ρ̄ [1] before it; the caller reads and disposes it. */
  step(sigmaUm: number, learningRateUm: number): Tensor1D {
    const { rho, tableGrad } = this.gradient(sigmaUm);
    const downhill = mul(tableGrad, -this.#data.nValid); // a bin's own share, so that Adam's ε stays far below it
    tableGrad.dispose();
    const config: AdamConfig = { ...adamDefaults, learningRate: learningRateUm / this.#spanUm, clipNorm: Infinity };
    adamStep([this.#table], [downhill], ++this.#steps, config).dispose();
    downhill.dispose();
    return rho;
  }

  /** The motion as it stands; bins without enough spikes are filled in with what their neighbours changed. */
  async motion(): Promise<Motion> {
    const tensor = tidy(() => neg(this.#motion()));
    const values = await tensor.data();
    tensor.dispose();
    const { nTimes, startSec, binSec, depthRangeUm, valid } = this.#data;
    const { nLevels } = this.#config;
    const changed = new Float64Array(nTimes * nLevels);
    for (let t = 0; t < nTimes; t++) {
      for (let k = 0; k < nLevels; k++) {
        const at = t * nLevels + k;
        changed[at] = values[k * nTimes + t] * this.#spanUm - this.#startUm[at];
      }
    }
    fillInvalid(changed, valid, nLevels);
    return {
      displacementUm: changed.map((v, at) => v + this.#startUm[at]),
      timeBinCentersSec: Float64Array.from({ length: nTimes }, (_, t) => startSec + (t + 0.5) * binSec),
      depthBinCentersUm: Float64Array.from(
        { length: nLevels },
        (_, k) => depthRangeUm[0] + levelDepth(k, nLevels) * this.#spanUm,
      ),
    };
  }

  dispose(): void {
    const tensors: Tensor[] = [this.#depth, this.#x, this.#zeroNoise, this.#valid, this.#perWeight, this.#share];
    for (const tensor of [...tensors, ...Object.values(this.#bins), this.#table.param, this.#table.moments])
      tensor.dispose();
  }
}

/** Rows [K, T] under the triangle 1 − |i|/(n + 1), |i| ≤ n, zero beyond the ends. It is its own transpose. */
function triangle(rows: Tensor2D, n: number): Tensor2D {
  if (n === 0) return rows.clone();
  const [nRows, nTimes] = rows.shape;
  const padded = pad(rows, [
    [0, 0],
    [n, n],
  ]);
  let total: Tensor = zeros([nRows, nTimes]);
  for (let i = -n; i <= n; i++)
    total = add(total, mul(slice(padded, [0, n + i], [nRows, nTimes]), 1 - Math.abs(i) / (n + 1)));
  return total as Tensor2D;
}
