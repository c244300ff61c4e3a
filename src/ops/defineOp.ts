import "@tensorflow/tfjs-core/dist/register_all_gradients";
import {
  type Attribute,
  engine,
  type GradConfig,
  type KernelBackend,
  type NamedTensorInfoMap,
  type NamedTensorMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
  type TypedArray,
  util,
} from "@tensorflow/tfjs-core";
import type { SimdPool } from "./simd/pool.ts";
import type { WebgpuBackend } from "./webgpu/program.ts";

/**
 * One operation of ours as a tfjs kernel on every backend, so that a method never knows where it runs.
 *
 * `host` computes on plain arrays (usually the oracle in src/core) and serves 'cpu' and 'wasm'; `simd`, when given, takes
 * its place on 'wasm'; `webgpu` records dispatches.
 */
export type Arrays = Record<string, Float32Array | Int32Array>;
export type Shapes = Record<string, number[]>;

export interface HostOutput {
  shape: number[];
  /** an Int32Array becomes an int32 tensor, anything else a float32 one */
  values: ArrayLike<number>;
}

export interface OpDefinition<A extends object> {
  name: string;
  host(inputs: Arrays, attrs: A, shapes: Shapes): HostOutput[];
  /** values may be views of the pool's memory: they are copied before anything else runs */
  simd?(pool: SimdPool, inputs: Arrays, attrs: A, shapes: Shapes): HostOutput[];
  webgpu(backend: WebgpuBackend, inputs: Record<string, TensorInfo>, attrs: A): TensorInfo[];
  grad?: GradConfig["gradFunc"];
  /** inputs kept for the gradient */
  savedInputs?: string[];
  /** outputs kept for the gradient */
  savedOutputs?: boolean[];
}

let pool: SimdPool | null = null;

/** Give the 'wasm' kernels their threads. Without it they compute on plain arrays. */
export function attachSimdPool(simd: SimdPool | null): void {
  pool = simd;
}

export type Op<A extends object> = (inputs: Record<string, Tensor>, attrs: A) => Tensor[];

/** Register the operation everywhere and return the function that calls it. */
export function defineOp<A extends object>(definition: OpDefinition<A>): Op<A> {
  const kernelName = `Driftscope${definition.name}`;
  for (const backendName of ["cpu", "wasm"]) {
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) =>
        onHost(definition, inputs, backend as HostBackend, attrs as unknown as A, backendName),
    });
  }
  registerKernel({
    kernelName,
    backendName: "webgpu",
    kernelFunc: ({ inputs, backend, attrs }) =>
      definition.webgpu(
        backend as unknown as WebgpuBackend,
        inputs as Record<string, TensorInfo>,
        attrs as unknown as A,
      ),
  });
  if (definition.grad) {
    registerGradient({
      kernelName,
      inputsToSave: definition.savedInputs ?? [],
      outputsToSave: definition.savedOutputs ?? [],
      gradFunc: definition.grad,
    });
  }
  return (inputs, attrs) => {
    const result: unknown = engine().runKernel(
      kernelName,
      inputs as NamedTensorMap,
      attrs as unknown as Record<string, Attribute>,
    );
    return Array.isArray(result) ? (result as Tensor[]) : [result as Tensor];
  };
}

/** What the two host backends share, and the one call in which they differ. */
interface HostBackend extends KernelBackend {
  readSync(id: object): TypedArray;
  /** 'cpu' */
  makeTensorInfo(shape: number[], dtype: string, values: TypedArray): TensorInfo;
  /** 'wasm': its heap, and where tensors lie in it */
  wasm?: { HEAPU8: Uint8Array };
  dataIdMap?: { get(id: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: string, offset: number | undefined, values: TypedArray): TensorInfo;
}

/**
 * The numbers of a tensor. On 'wasm' a view of the heap, since copying a tile of traces takes longer than scanning it: it
 * holds until tfjs allocates, which it does not before the outputs are made.
 */
function valuesOf(backend: HostBackend, info: TensorInfo): Float32Array | Int32Array {
  const entry = backend.dataIdMap?.get(info.dataId);
  if (!entry || !backend.wasm) return backend.readSync(info.dataId) as Float32Array | Int32Array;
  const View = info.dtype === "int32" ? Int32Array : Float32Array;
  return new View(backend.wasm.HEAPU8.buffer as ArrayBuffer, entry.memoryOffset, util.sizeFromShape(info.shape));
}

function onHost<A extends object>(
  definition: OpDefinition<A>,
  inputs: NamedTensorInfoMap,
  backend: HostBackend,
  attrs: A,
  backendName: string,
): TensorInfo[] {
  const arrays: Arrays = {};
  const shapes: Shapes = {};
  for (const [name, info] of Object.entries(inputs)) {
    if (!info) continue;
    arrays[name] = valuesOf(backend, info);
    shapes[name] = info.shape;
  }
  const outputs =
    backendName === "wasm" && pool && definition.simd
      ? definition.simd(pool, arrays, attrs, shapes)
      : definition.host(arrays, attrs, shapes);
  return outputs.map(({ shape, values }) => {
    const isInt = values instanceof Int32Array;
    const typed = isInt || values instanceof Float32Array ? values : Float32Array.from(values);
    const dtype = isInt ? "int32" : "float32";
    return backendName === "wasm"
      ? backend.makeOutput(shape, dtype, undefined, typed)
      : backend.makeTensorInfo(shape, dtype, typed);
  });
}
