import { join } from "node:path";
import { build } from "vite";

/** Bundle the command line for Node into build/cli. @param {string} root */
export async function buildCli(root) {
  await build({
    root,
    configFile: join(root, "vite.config.ts"),
    logLevel: "warn",
    publicDir: false,
    ssr: { noExternal: [/@tensorflow/, "fflate", "d3-scale-chromatic", "comlink", /^d3-/] },
    build: {
      ssr: true,
      outDir: join(root, "build", "cli"),
      emptyOutDir: true,
      target: "node20",
      rollupOptions: { input: join(root, "src", "cli", "main.ts"), output: { entryFileNames: "main.js" } },
    },
  });
}
