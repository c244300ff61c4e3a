import type { TensorInfo } from "@tensorflow/tfjs-core";
import type { NetworkLoss } from "../../core/network/types.ts";
import { networkLossProgram } from "./networkPrograms.ts";
import { dispatch, groupsFor, type WebgpuBackend, zeroed } from "./program.ts";
import { sumPartials } from "./sumPartials.ts";

/**
 * Loss [1] of a network's output [N, nOut] against `target`, and its gradient [N, nOut]; the caller frees both, but of kind
 * "given" the gradient is the target itself and stays the caller's (`isOwn` false). See core/network/loss.
 */
export function outputLoss(
  backend: WebgpuBackend,
  out: TensorInfo,
  target: TensorInfo,
  { kind, beta, scale, count }: NetworkLoss,
): { loss: TensorInfo; outGrad: TensorInfo; isOwn: boolean } {
  if (kind === "given") return { loss: zeroed(backend, [1], "float32"), outGrad: target, isOwn: false };
  const [n, nOut] = out.shape;
  const groups = groupsFor(n * nOut, 256);
  const outGrad = backend.makeTensorInfo([n, nOut], "float32");
  const partials = backend.makeTensorInfo([groups, 1], "float32");
  const [scale0, scale1 = 0, scale2 = 0, scale3 = 0] = scale;
  const params = {
    nValues: n * nOut,
    nOut,
    isSquare: kind === "mse" ? 1 : 0,
    beta,
    weight: 1 / (count * nOut),
    scale0,
    scale1,
    scale2,
    scale3,
  };
  dispatch(backend, networkLossProgram, params, [out, target, outGrad, partials], [groups]);
  return { loss: sumPartials(backend, partials), outGrad, isOwn: true };
}
