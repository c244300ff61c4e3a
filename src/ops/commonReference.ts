import { type Tensor2D, tensor1d } from "@tensorflow/tfjs-core";
import { commonReference as oracle, type ReferenceGroups } from "../core/commonReference.ts";
import { type Arrays, defineOp } from "./defineOp.ts";
import { referenceTiles } from "./simd/signalTiles.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";
import { commonReferenceMedianProgram, commonReferenceProgram } from "./webgpu/signalPrograms.ts";

const groupsOf = ({ groupOf, offsets, members }: Arrays) => ({ groupOf, offsets, members }) as ReferenceGroups;

const op = defineOp<Record<string, never>>({
  name: "CommonReference",
  host({ values, ...groups }, _attrs, shapes) {
    return [{ shape: shapes.values, values: oracle(values, groupsOf(groups)) }];
  },
  simd(pool, { values, ...groups }, _attrs, shapes) {
    return [{ shape: shapes.values, values: referenceTiles(pool, values as Float32Array, groupsOf(groups)) }];
  },
  webgpu(backend, { values, groupOf, offsets, members }) {
    const [nRows, nChannels] = values.shape;
    const nGroups = offsets.shape[0] - 1;
    const medians = backend.makeTensorInfo([nRows, nGroups], "float32");
    const sizes = { nRows, nChannels, nGroups };
    const buffers = [values, offsets, members, medians];
    dispatch(backend, commonReferenceMedianProgram, sizes, buffers, [groupsFor(nRows, 64), nGroups]);
    const out = backend.makeTensorInfo([nRows, nChannels], "float32");
    const grid = [groupsFor(nChannels, 64), nRows] as const;
    dispatch(backend, commonReferenceProgram, sizes, [values, groupOf, medians, out], grid);
    backend.disposeData(medians.dataId);
    return [out];
  },
});

/** values [T, C] less the median of each channel's group at every time, [T, C]; T at most 65535. See core/commonReference. */
export function commonReference(values: Tensor2D, groups: ReferenceGroups): Tensor2D {
  const lists = {
    groupOf: tensor1d(groups.groupOf, "int32"),
    offsets: tensor1d(groups.offsets, "int32"),
    members: tensor1d(groups.members, "int32"),
  };
  const [out] = op({ values, ...lists }, {});
  for (const list of Object.values(lists)) list.dispose();
  return out as Tensor2D;
}
