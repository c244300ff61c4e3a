import type { NetworkLoss } from "./types.ts";

export interface OutputLoss {
  loss: number;
  /** [N, nOut] gradient of the loss with respect to the output */
  outGrad: Float64Array;
}

/** Loss of an output [N, nOut] against `target` [N, nOut]; what it is, see NetworkLoss. */
export function outputLoss(
  out: ArrayLike<number>,
  target: ArrayLike<number>,
  nOut: number,
  { kind, beta, scale, count }: NetworkLoss,
): OutputLoss {
  if (kind === "given") return { loss: 0, outGrad: Float64Array.from(target) };
  const outGrad = new Float64Array(out.length);
  const share = 1 / (count * nOut);
  let loss = 0;
  for (let i = 0; i < out.length; i++) {
    const s = scale[i % nOut];
    const e = s * (out[i] - target[i]);
    const isSquare = kind === "mse" || Math.abs(e) < beta;
    const curvature = kind === "mse" ? 2 : 1 / beta; // of the square part
    loss += share * (isSquare ? 0.5 * curvature * e * e : Math.abs(e) - beta / 2);
    outGrad[i] = share * s * (isSquare ? curvature * e : Math.sign(e));
  }
  return { loss, outGrad };
}
