// Bundles TypeScript benchmarks for Node, as the command line is.
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");

/** Bundles the benchmarks `names`.bench.ts; the address of each, for a process of its own. */
export async function bundled(names) {
  const outDir = mkdtempSync(join(root, "node_modules", ".cache", "bench-"));
  await build({
    root,
    configFile: join(root, "vite.config.ts"),
    logLevel: "warn",
    publicDir: false,
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir,
      target: "node20",
      rollupOptions: {
        input: Object.fromEntries(names.map((name) => [name, join(here, `${name}.bench.ts`)])),
        output: { entryFileNames: "[name].js" },
      },
    },
  });
  return { outDir, hrefs: names.map((name) => pathToFileURL(join(outDir, `${name}.js`)).href) };
}

/** What the benchmarks `names`.bench.ts export, together. */
export async function nodeBenchmarks(names) {
  const { outDir, hrefs } = await bundled(names);
  globalThis.require = createRequire(import.meta.url); // tfjs-wasm's loader asks for it by name
  globalThis.__dirname = outDir;
  return Object.assign({}, ...(await Promise.all(hrefs.map((href) => import(href)))));
}
