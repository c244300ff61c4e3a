import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { buildConstants } from "./src/cli/buildConstants.ts";
import { offlineFiles } from "./src/cli/offlineFiles.ts";
import { simdKernels } from "./src/ops/simd/vitePlugin.ts";
import { viewerScript } from "./src/viewer/vitePlugin.ts";

/** Cross-origin isolation gives the compute worker shared memory, hence threads in CPU mode. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  base: "./",
  define: buildConstants(),
  plugins: [react(), simdKernels(), viewerScript(), offlineFiles("workers/offline.js")],
  worker: { format: "es", plugins: () => [simdKernels()] },
  // found in workers only, where the development server would discover them late and reload the page
  optimizeDeps: {
    include: [
      "@tensorflow/tfjs-core",
      "@tensorflow/tfjs-core/dist/register_all_gradients",
      "@tensorflow/tfjs-backend-wasm",
      "@tensorflow/tfjs-backend-webgpu",
      "comlink",
      "d3-scale-chromatic",
      "dockview-react",
      "fflate",
      "plotly.js/lib/core",
      "zarrita",
    ],
  },
  server: { headers: isolation },
  preview: { headers: isolation, port: 4173 },
  build: { target: "es2022", chunkSizeWarningLimit: 6000, assetsInlineLimit: 0 },
});
