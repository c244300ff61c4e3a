import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sumPartialsProgram } from "./networkPrograms.ts";
import { dispatch, groupsFor, type WebgpuBackend } from "./program.ts";

/** Sum [nPartials, nValues] over its first axis; frees the partials. */
export function sumPartials(backend: WebgpuBackend, partials: TensorInfo): TensorInfo {
  const [nPartials, nValues] = partials.shape;
  const total = backend.makeTensorInfo([nValues], "float32");
  dispatch(backend, sumPartialsProgram, { nPartials, nValues }, [partials, total], [groupsFor(nValues, 64)]);
  backend.disposeData(partials.dataId);
  return total;
}
