import { type backend_util, type DataId, type DataType, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { AppError, assert } from "../../core/errors.ts";
import type { Program, ScalarType } from "./programDef.ts";

/** Our own WGSL pipelines inside tfjs's webgpu backend: same device, same command encoder, same buffers, no extra submit. */

/** What we use of tfjs's WebGPUBackend beyond its public types. */
export interface WebgpuBackend {
  device: GPUDevice;
  commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  commandQueueOwnedIds: WeakSet<DataId>;
  tensorMap: {
    get(id: DataId): { resource: GPUBuffer | null; values: backend_util.BackendValues | null; refCount: number };
  };
  makeTensorInfo(shape: number[], dtype: DataType, values?: backend_util.BackendValues): TensorInfo;
  uploadToGPU(id: DataId): void;
  disposeData(id: DataId): boolean;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  makeUniforms(data: { type: string; data: number[] }[]): { offset: number; size: number; buffer: GPUBuffer };
}

/** As tfjs: a submit after this many dispatches keeps the GPU fed without flooding the driver. */
const dispatchesPerSubmit = 15;
const tfjsType: Record<ScalarType, string> = { u32: "uint32", i32: "int32", f32: "float32" };
const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

function pipelineOf(device: GPUDevice, program: Program): GPUComputePipeline {
  let perDevice = pipelines.get(device);
  if (!perDevice) {
    perDevice = new Map();
    pipelines.set(device, perDevice);
  }
  let pipeline = perDevice.get(program.name);
  if (!pipeline) {
    const module = device.createShaderModule({ label: program.name, code: program.source });
    pipeline = device.createComputePipeline({
      label: program.name,
      layout: "auto",
      compute: { module, entryPoint: "main" },
    });
    perDevice.set(program.name, pipeline);
  }
  return pipeline;
}

/** The GPU buffer of a tensor, uploaded or allocated if need be, and its size in bytes as the tensor sees it. */
function bindingOf(backend: WebgpuBackend, tensor: TensorInfo): GPUBufferBinding {
  backend.uploadToGPU(tensor.dataId);
  const buffer = backend.tensorMap.get(tensor.dataId).resource;
  assert(buffer !== null, "an uploaded tensor has a buffer");
  return { buffer, size: Math.max(4, 4 * util.sizeFromShape(tensor.shape)) }; // pooled buffers can be larger
}

/**
 * Record one dispatch. `tensors` in the order of `program.buffers`; `groups` counts workgroups per axis.
 * Nothing is submitted until tfjs's next submit or read.
 */
export function dispatch<P extends string>(
  backend: WebgpuBackend,
  program: Program<P>,
  params: Record<P, number>,
  tensors: readonly TensorInfo[],
  groups: readonly [number, number?, number?],
): void {
  assert(tensors.length === program.buffers.length, `${program.name} takes ${program.buffers.length} buffers`);
  const [gx, gy = 1, gz = 1] = groups;
  if (gx > 65535 || gy > 65535 || gz > 65535) {
    throw new AppError(
      "bad-parameter",
      `The kernel ${program.name} was given more data than one dispatch can hold; use a smaller batch or fewer bins.`,
      { gx, gy, gz },
    );
  }
  const entries = tensors.map((t) => bindingOf(backend, t));
  const uniforms = backend.makeUniforms(
    program.params.map(([name, type]) => ({ type: tfjsType[type], data: [params[name]] })),
  );
  const pipeline = pipelineOf(backend.device, program);
  const bindGroup = backend.device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: uniforms }, ...entries.map((resource, i) => ({ binding: i + 1, resource }))],
  });
  for (const t of tensors) backend.commandQueueOwnedIds.add(t.dataId); // freed only after the submit
  backend.ensureCommandEncoderReady();
  backend.computePassEncoder ??= backend.commandEncoder!.beginComputePass();
  const pass = backend.computePassEncoder;
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(gx, gy, gz);
  backend.dispatchCountInPass++;
  if (backend.dispatchCountInPass >= dispatchesPerSubmit) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
}

/** A tensor whose buffer is all zero bits: pooled buffers come dirty. */
export function zeroed(backend: WebgpuBackend, shape: number[], dtype: "float32" | "int32"): TensorInfo {
  const tensor = backend.makeTensorInfo(shape, dtype);
  const { buffer, size } = bindingOf(backend, tensor);
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.commandEncoder!.clearBuffer(buffer, 0, size);
  backend.commandQueueOwnedIds.add(tensor.dataId);
  return tensor;
}

/** Workgroups for n items at `width` per workgroup. */
export function groupsFor(n: number, width: number): number {
  return Math.max(1, Math.ceil(n / width));
}
