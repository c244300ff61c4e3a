import { type Tensor, type Tensor1D, type Tensor2D, tensor1d, tensor2d } from "@tensorflow/tfjs-core";
import { AppError } from "../core/errors.ts";
import { type GridPlan, gridConvolution as oracle } from "../core/gridConvolution.ts";
import { defineOp } from "./defineOp.ts";
import { gridTiles } from "./simd/localizeTiles.ts";
import { gridConvolutionProgram } from "./webgpu/localizePrograms.ts";
import { dispatch } from "./webgpu/program.ts";

/** Dots that a workgroup's memory holds. */
const maxTemplates = 3072;

const op = defineOp<{ plan: GridPlan }>({
  name: "GridConvolution",
  host({ projection, channel }, { plan }, shapes) {
    return [{ shape: [shapes.channel[0], 4], values: oracle(projection, channel, plan) }];
  },
  simd(pool, { projection, channel }, { plan }, shapes) {
    const values = gridTiles(pool, projection as Float32Array, channel as Int32Array, plan);
    return [{ shape: [shapes.channel[0], 4], values }];
  },
  webgpu(backend, inputs, { plan }) {
    if (plan.maxTemplates > maxTemplates)
      throw new AppError(
        "bad-parameter",
        `Expected at most ${maxTemplates} templates around a contact, found ${plan.maxTemplates}; use a coarser grid or a smaller radius.`,
        { maxTemplates: plan.maxTemplates },
      );
    const nSpikes = inputs.channel.shape[0];
    const { projection, channel, templateStart, templateUm, weightStart, weightSlot, weight } = inputs;
    const location = backend.makeTensorInfo([nSpikes, 4], "float32");
    const nGroups = Math.max(1, Math.min(nSpikes, 65535));
    const params = { nSpikes, nSlots: plan.slots.nSlots, nGroups, share: 1 - plan.options.percentile / 100 };
    const tables = [templateStart, templateUm, weightStart, weightSlot, weight];
    dispatch(backend, gridConvolutionProgram, params, [projection, channel, ...tables, location], [nGroups]);
    return [location];
  },
});

/** A plan with its tables as tensors, which stay on the GPU from batch to batch. */
export interface GridTensors {
  plan: GridPlan;
  tables: Record<string, Tensor>;
  dispose(): void;
}

export function gridTensors(plan: GridPlan): GridTensors {
  const tables = {
    templateStart: tensor1d(plan.templateStart, "int32"),
    templateUm: tensor2d(plan.templateUm, [plan.templateUm.length / 3, 3]),
    weightStart: tensor1d(plan.weightStart, "int32"),
    weightSlot: tensor1d(plan.weightSlot, "int32"),
    weight: tensor1d(plan.weight),
  };
  const dispose = () => {
    for (const t of Object.values(tables)) t.dispose();
  };
  return { plan, tables, dispose };
}

/**
 * Grid convolution [N, 4]: x, y, z in µm, largest dot. projection [N, K] on the plan's slots; channel [N] int32.
 * See core/gridConvolution.
 */
export function gridConvolution(projection: Tensor2D, channel: Tensor1D, { plan, tables }: GridTensors): Tensor2D {
  return op({ projection, channel, ...tables }, { plan })[0] as Tensor2D;
}
