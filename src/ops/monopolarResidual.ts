import type { Tensor2D } from "@tensorflow/tfjs-core";
import { leastZUm, monopolarResidual as oracle, residualColumns } from "../core/monopolarResidual.ts";
import { defineOp } from "./defineOp.ts";
import { monopolarResidualProgram } from "./webgpu/jointPrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";

const op = defineOp<Record<string, never>>({
  name: "MonopolarResidual",
  host({ offset, amplitude, contactUm }, _attrs, shapes) {
    const [n, nSlots] = shapes.amplitude;
    return [{ shape: [n, residualColumns], values: oracle(offset, amplitude, contactUm, nSlots) }];
  },
  webgpu(backend, { offset, amplitude, contactUm }) {
    const [nSpikes, nSlots] = amplitude.shape;
    const out = backend.makeTensorInfo([nSpikes, residualColumns], "float32");
    const tensors = [offset, amplitude, contactUm, out];
    dispatch(backend, monopolarResidualProgram, { nSpikes, nSlots, leastZUm }, tensors, [groupsFor(nSpikes, 64)]);
    return [out];
  },
});

/**
 * Residual of a point source and its gradient [N, 4]: r, ∂r/∂x, ∂r/∂y, ∂r/∂z. offset [N, 3] µm from the anchor; amplitude
 * [N, K], −1 for no contact; contactUm [N, 2K] from the anchor. At most 4 million spikes a call. See core/monopolarResidual.
 */
export function monopolarResidual(offset: Tensor2D, amplitude: Tensor2D, contactUm: Tensor2D): Tensor2D {
  return op({ offset, amplitude, contactUm }, {})[0] as Tensor2D;
}
