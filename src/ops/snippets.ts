import { type Tensor2D, type Tensor3D, tensor1d, tensor2d, tidy } from "@tensorflow/tfjs-core";
import { assert } from "../core/errors.ts";
import { snippets as oracle } from "../core/snippets.ts";
import type { SlotTable } from "../core/types.ts";
import { defineOp } from "./defineOp.ts";
import { snippetsProgram, striding } from "./webgpu/detectionPrograms.ts";
import { dispatch } from "./webgpu/program.ts";

interface Attrs {
  samplesBefore: number;
  nSamples: number;
}

const op = defineOp<Attrs>({
  name: "Snippets",
  host({ traces, row, channel, slots }, { samplesBefore, nSamples }, shapes) {
    const [nSlots, n] = [shapes.slots[1], shapes.row[0]];
    const table = { nSlots, channels: slots as Int32Array };
    const values = oracle(traces as Float32Array, shapes.traces[1], row, channel, table, samplesBefore, nSamples);
    return [{ shape: [n, nSlots, nSamples], values }];
  },
  webgpu(backend, { traces, row, channel, slots }, { samplesBefore, nSamples }) {
    const [nRows, nChannels] = traces.shape;
    const nSlots = slots.shape[1];
    const waveforms = backend.makeTensorInfo([row.shape[0], nSlots, nSamples], "float32");
    const nValues = row.shape[0] * nSlots * nSamples;
    const { groups, nThreads } = striding(nValues);
    const params = { nRows, nChannels, nSlots, samplesBefore, nSamples, nValues, nThreads };
    dispatch(backend, snippetsProgram, params, [traces, row, channel, slots, waveforms], groups);
    return [waveforms];
  },
});

/**
 * Waveforms [n, K, L] of spikes at (row, channel) of a tile of traces [T, C], n ≥ 1. Zeros outside the tile and in slots
 * of −1; row may lie outside the tile. See core/snippets.
 */
export function snippets(
  traces: Tensor2D,
  row: Int32Array,
  channel: Int32Array,
  slots: SlotTable,
  samplesBefore: number,
  nSamples: number,
): Tensor3D {
  const nChannels = traces.shape[1];
  assert(row.length > 0 && row.length === channel.length, "spikes, each with a row and a channel");
  assert(slots.channels.length === nChannels * slots.nSlots, "a slot table of these channels");
  return tidy(() => {
    const inputs = {
      traces,
      row: tensor1d(row, "int32"),
      channel: tensor1d(channel, "int32"),
      slots: tensor2d(slots.channels, [nChannels, slots.nSlots], "int32"),
    };
    return op(inputs, { samplesBefore, nSamples })[0] as Tensor3D;
  });
}
