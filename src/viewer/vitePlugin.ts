import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "vite";
import { buildConstants } from "../cli/buildConstants.ts";

const here = dirname(fileURLToPath(import.meta.url));
const id = "virtual:viewer-script";

/** The viewer with everything it imports as one script that needs no other file. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    root: join(here, "../.."),
    publicDir: false,
    logLevel: "error", // that nothing of import.meta is left is what is wanted
    define: buildConstants(),
    build: {
      write: false,
      target: "es2022",
      modulePreload: false,
      // an exported page shows no films, so what the painter would load to write them is left out
      rollupOptions: { input: join(here, "main.ts"), output: { format: "iife" }, external: ["mediabunny"] },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ("output" in one ? one.output : []));
  const chunks = outputs.flatMap((one) => (one.type === "chunk" ? [one.code] : []));
  if (chunks.length !== 1 || outputs.length !== 1)
    throw new Error(`The viewer must build to one script alone; it built to ${outputs.map((one) => one.fileName)}`);
  return chunks[0];
}

/** `import { viewerScript } from "virtual:viewer-script"`: the script of exported pages as text, where it is asked for. */
export function viewerScript(): Plugin {
  return {
    name: "driftscope-viewer-script",
    resolveId: (name) => (name === id ? `\0${id}` : null),
    async load(name) {
      if (name !== `\0${id}`) return null;
      for (const source of readdirSync(here)) this.addWatchFile(join(here, source));
      return `export const viewerScript = ${JSON.stringify(await bundle())};`;
    },
  };
}
