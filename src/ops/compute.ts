import { env, ready, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { AppError } from "../core/errors.ts";
import type { ComputeRequest, ComputeStatus } from "../protocol/methods.ts";
import { attachSimdPool } from "./defineOp.ts";
import { availableThreads, SimdPool } from "./simd/pool.ts";

/**
 * Choose the machine, once. 'auto' takes WebGPU when the adapter is real hardware, else tfjs-wasm with our SIMD threads;
 * either can be forced. Throws AppError no-webgpu when WebGPU is forced and there is no adapter.
 */
export async function chooseCompute(request: ComputeRequest, onLost: (reason: string) => void): Promise<ComputeStatus> {
  if (request === "cpu") return startCpu("CPU mode was asked for.");
  const adapter = await globalThis.navigator?.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (request === "webgpu") {
    if (!adapter)
      throw new AppError(
        "no-webgpu",
        "WebGPU was asked for, but this browser offers no adapter; open the page without compute=webgpu to compute on the CPU.",
      );
    return startWebgpu(
      adapter,
      isSoftware(adapter) ? "WebGPU was asked for; this adapter is software and slow." : "WebGPU was asked for.",
      onLost,
    );
  }
  if (!adapter) return startCpu("No WebGPU adapter was found, so everything runs on the CPU.");
  if (isSoftware(adapter)) return startCpu("The only WebGPU adapter is a software one, slower than the CPU itself.");
  return startWebgpu(adapter, "A hardware WebGPU adapter was found.", onLost);
}

function isSoftware(adapter: GPUAdapter): boolean {
  const info = adapter.info as GPUAdapterInfo & { isFallbackAdapter?: boolean };
  return (
    info.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|software/i.test(
      `${info.vendor} ${info.architecture} ${info.device} ${info.description}`,
    )
  );
}

function adapterName(info: GPUAdapterInfo): string {
  return (
    info.description || [info.vendor, info.architecture, info.device].filter(Boolean).join(" ") || "WebGPU adapter"
  );
}

/** Limits worth more than the baseline; the adapter's own are always granted. */
const wantedLimits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxStorageBuffersPerShaderStage",
] as const;

async function startWebgpu(
  adapter: GPUAdapter,
  reason: string,
  onLost: (reason: string) => void,
): Promise<ComputeStatus> {
  const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
  const requiredLimits = Object.fromEntries(wantedLimits.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures: GPUFeatureName[] = adapter.features.has("timestamp-query") ? ["timestamp-query"] : [];
  const device = await adapter.requestDevice({ requiredLimits, requiredFeatures });
  void device.lost.then((info) => {
    onLost(info.message || "the driver gave no reason");
  });
  removeBackend("webgpu"); // tfjs registered its own factory, which would ask for a second device
  registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info), 3);
  await setBackend("webgpu");
  await ready();
  return { mode: "webgpu", adapter: adapterName(adapter.info), threads: 1, reason };
}

async function startCpu(reason: string): Promise<ComputeStatus> {
  const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  const { wasmPaths } = await import("./wasmPaths.ts");
  // tfjs's threaded build breaks in a minified bundle; our own pool brings the threads instead
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  setWasmPaths(await wasmPaths());
  await setBackend("wasm");
  await ready();
  const pool = await SimdPool.create(await availableThreads());
  attachSimdPool(pool);
  const threads = pool.nThreads === 1 ? "1 thread" : `${pool.nThreads} threads`;
  return { mode: "cpu", adapter: `CPU (wasm, SIMD, ${threads})`, threads: pool.nThreads, reason };
}
