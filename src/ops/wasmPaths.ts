import plain from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url";
import simd from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url";
import threaded from "@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url";
import { inNode, nodeModule } from "./nodeModule.ts";

/** Where tfjs's own wasm files are: assets of the page, or files of the package in Node. */
export async function wasmPaths(): Promise<
  Record<"tfjs-backend-wasm.wasm" | "tfjs-backend-wasm-simd.wasm" | "tfjs-backend-wasm-threaded-simd.wasm", string>
> {
  if (!inNode) {
    const absolute = (path: string) => new URL(path, globalThis.location.href).href;
    return {
      "tfjs-backend-wasm.wasm": absolute(plain),
      "tfjs-backend-wasm-simd.wasm": absolute(simd),
      "tfjs-backend-wasm-threaded-simd.wasm": absolute(threaded),
    };
  }
  const { createRequire } = await nodeModule<typeof import("node:module")>("module");
  const { dirname, join } = await nodeModule<typeof import("node:path")>("path");
  const dist = dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"));
  return {
    "tfjs-backend-wasm.wasm": join(dist, "tfjs-backend-wasm.wasm"),
    "tfjs-backend-wasm-simd.wasm": join(dist, "tfjs-backend-wasm-simd.wasm"),
    "tfjs-backend-wasm-threaded-simd.wasm": join(dist, "tfjs-backend-wasm-threaded-simd.wasm"),
  };
}
