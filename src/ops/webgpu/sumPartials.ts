import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sumPartialsProgram } from "./networkPrograms.ts";
import { dispatch, groupsFor, type WebgpuBackend } from "./program.ts";

/** Write the sum of `partials` [nPartials, nValues] over its first axis into `total` from its element `at` on; frees the partials. */
export function sumPartialsInto(backend: WebgpuBackend, partials: TensorInfo, total: TensorInfo, at: number): void {
  const [nPartials, nValues] = partials.shape;
  dispatch(backend, sumPartialsProgram, { nPartials, nValues, at }, [partials, total], [groupsFor(nValues, 64)]);
  backend.disposeData(partials.dataId);
}

/** Sum [nPartials, nValues] over its first axis; frees the partials. */
export function sumPartials(backend: WebgpuBackend, partials: TensorInfo): TensorInfo {
  const total = backend.makeTensorInfo([partials.shape[1]], "float32");
  sumPartialsInto(backend, partials, total, 0);
  return total;
}
