import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const folder = join(here, "assembly");
const id = "virtual:simd-kernels";

function sourceNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .sort();
}

/** Compile the AssemblyScript kernels once per content; the result is cached beside the other tool caches. */
async function compile(): Promise<string> {
  const sources = new Map(sourceNames().map((name) => [name, readFileSync(join(folder, name), "utf8")]));
  const text = [...sources].flat().join("\n");
  const cacheDir = join(root, "node_modules", ".cache", "driftscope");
  const cached = join(cacheDir, `kernels-${createHash("sha1").update(text).digest("hex")}.b64`);
  if (existsSync(cached)) return readFileSync(cached, "utf8");
  const asc = await import("assemblyscript/asc");
  let wasm: Uint8Array | null = null;
  const { error, stderr } = await asc.main(
    [
      "kernels.ts",
      "-o",
      "kernels.wasm",
      "-O3",
      "--noAssert",
      "--runtime",
      "stub",
      "--importMemory",
      "--sharedMemory",
      "--initialMemory",
      "1",
      "--maximumMemory",
      "65536",
      "--enable",
      "simd",
      "--enable",
      "threads",
    ],
    {
      readFile: (name: string) => sources.get(name) ?? null,
      writeFile: (name: string, contents: Uint8Array | string) => {
        if (name.endsWith(".wasm")) wasm = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error || !wasm)
    throw new Error(`The SIMD kernels did not compile: ${error?.message ?? ""}\n${stderr.toString()}`);
  const base64 = Buffer.from(wasm).toString("base64");
  mkdirSync(cacheDir, { recursive: true });
  // whole or not at all: others may be looking for it
  writeFileSync(`${cached}.${process.pid}`, base64);
  renameSync(`${cached}.${process.pid}`, cached);
  return base64;
}

/** `import { kernelsBase64 } from "virtual:simd-kernels"`: the compiled module as text, in the page, in Node and in tests. */
export function simdKernels(): Plugin {
  return {
    name: "driftscope-simd-kernels",
    resolveId: (name) => (name === id ? `\0${id}` : null),
    async load(name) {
      if (name !== `\0${id}`) return null;
      for (const source of sourceNames()) this.addWatchFile(join(folder, source));
      return `export const kernelsBase64 = ${JSON.stringify(await compile())};`;
    },
  };
}
