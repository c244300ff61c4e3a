import type { Tensor1D, Tensor2D } from "@tensorflow/tfjs-core";
import { type MonopolarOptions, monopolarColumns, monopolar as oracle, penaltyWeight } from "../core/monopolar.ts";
import { defineOp } from "./defineOp.ts";
import { monopolarTiles } from "./simd/localizeTiles.ts";
import { monopolarProgram } from "./webgpu/localizePrograms.ts";
import { dispatch, groupsFor } from "./webgpu/program.ts";

const op = defineOp<MonopolarOptions>({
  name: "Monopolar",
  host({ feature, channel, slots, positionsUm }, options, shapes) {
    const [n, nSlots] = shapes.feature;
    const table = { nSlots, channels: slots as Int32Array };
    return [{ shape: [n, monopolarColumns], values: oracle(feature, channel, table, positionsUm, options) }];
  },
  simd(pool, { feature, channel, slots, positionsUm }, options, shapes) {
    const [n, nSlots] = shapes.feature;
    const values = monopolarTiles(
      pool,
      feature as Float32Array,
      channel as Int32Array,
      slots as Int32Array,
      nSlots,
      positionsUm as Float32Array,
      options,
    );
    return [{ shape: [n, monopolarColumns], values }];
  },
  webgpu(backend, { feature, channel, slots, positionsUm }, { maxDistanceUm, logPenalty }) {
    const [nSpikes, nSlots] = feature.shape;
    const fit = backend.makeTensorInfo([nSpikes, monopolarColumns], "float32");
    const params = { nSpikes, nSlots, maxDistanceUm, penalty: logPenalty ? penaltyWeight : 0 };
    const tensors = [feature, channel, slots, positionsUm, fit];
    dispatch(backend, monopolarProgram, params, tensors, [groupsFor(nSpikes, 64)]);
    return [fit];
  },
});

/**
 * Monopolar triangulation [N, 5]: x, y, z in µm, α, objective. feature [N, K]; channel [N] int32; slots [C, K] int32, −1 for
 * none; positionsUm [C, 2]. At most 4 million spikes a call. See core/monopolar.
 */
export function monopolar(
  feature: Tensor2D,
  channel: Tensor1D,
  slots: Tensor2D,
  positionsUm: Tensor2D,
  options: MonopolarOptions,
): Tensor2D {
  return op({ feature, channel, slots, positionsUm }, options)[0] as Tensor2D;
}
