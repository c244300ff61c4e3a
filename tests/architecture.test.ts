import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * Who may import whom. This table is the law; a reason stands beside every row.
 * A layer is a folder of src, or `workers`. `packages` lists what a layer may take from npm.
 */
const layers: Record<string, { imports: string[]; packages: RegExp; because: string }> = {
  core: { imports: [], packages: /^$/, because: "pure numbers: run and tested anywhere" },
  protocol: { imports: ["core"], packages: /^comlink$/, because: "what crosses threads" },
  io: {
    imports: ["core", "protocol"],
    packages: /^fflate$|^h5wasm$|^zarrita$|^@rgrove\/parse-xml$/,
    because: "bytes in, nouns out; no DOM, no compute",
  },
  ops: {
    imports: ["core", "protocol"],
    packages: /^@tensorflow\/|^node:|^virtual:/,
    because: "our kernels as tfjs kernels",
  },
  nn: { imports: ["core", "protocol", "ops"], packages: /^@tensorflow\//, because: "networks from operations" },
  methods: {
    imports: ["core", "protocol", "ops", "nn"],
    packages: /^@tensorflow\//,
    because: "no DOM, no worker, no React",
  },
  paint: {
    imports: ["core", "protocol"],
    packages: /^fflate$|^d3-scale-chromatic$|^mediabunny$/,
    because: "numbers to pixels",
  },
  viewer: {
    imports: ["core", "protocol", "paint", "app/viewMath", "app/format", "ui/pictureAxes"],
    packages: /^fflate$/,
    because: "the exported page: the same pictures and gestures, without workers and React",
  },
  app: {
    imports: ["core", "protocol"],
    packages: /^zustand|^comlink$|^react$|^virtual:viewer-script$/,
    because: "state and clients; never the engine itself",
  },
  ui: {
    imports: ["core", "protocol", "app", "panels/registry"],
    packages: /^react|^dockview-react|^plotly\.js|^tinykeys$|^zustand|^comlink$/,
    because: "the page",
  },
  panels: {
    imports: ["core", "protocol", "app", "ui"],
    packages: /^react|^zustand/,
    because: "nouns to a dock; never another panel",
  },
  cli: {
    imports: ["core", "protocol", "io", "ops", "nn", "methods", "paint"],
    packages: /^node:|^vite$/,
    because: "the same engine in Node",
  },
  workers: {
    imports: ["core", "protocol", "io", "ops", "nn", "methods", "paint"],
    packages: /^comlink$/,
    because: "entries only",
  },
};

/** Imports that carry a type or an asset, not code: allowed where stated. */
const exceptions: { from: RegExp; to: RegExp; because: string }[] = [
  { from: /^src\/ops\/simd\/pool\.ts$/, to: /^workers\/simd\.js\?raw$/, because: "the thread's source as text" },
  { from: /^src\/ops\/webgpu\/\w+Programs\.ts$/, to: /^shaders\/.*\.wgsl\?raw$/, because: "shader sources as text" },
  {
    from: /^src\/ops\/simd\/vitePlugin\.ts$/,
    to: /^(vite|assemblyscript\/asc|node:.*)$/,
    because: "runs at build time",
  },
  {
    from: /^src\/viewer\/vitePlugin\.ts$/,
    to: /^(vite|node:.*|src\/cli\/buildConstants\.ts)$/,
    because: "runs at build time",
  },
  {
    from: /^src\/io\/hdf5\/engine\.ts$/,
    to: /^node_modules\/h5wasm\/dist\/esm\/hdf5_util\.js$/,
    because: "the package names only a layer above its module, of which there is one for the life of a page",
  },
  { from: /^src\/main\.tsx$/, to: /.*/, because: "the page's entry" },
];

const root = resolve(import.meta.dirname, "..");

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "assembly" ? [] : filesBelow(path);
    return /\.(ts|tsx)$/.test(entry.name) ? [path] : [];
  });
}

const files = [...filesBelow(join(root, "src")), ...filesBelow(join(root, "workers"))];

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  const statement = /^\s*(?:import\s+(?:[^"';]*?\sfrom\s+)?|export\s+[^"';=]*?\sfrom\s+)["']([^"']+)["']/gm;
  const dynamic = /\bimport\(\s*(?:\/\*[^*]*\*\/\s*)?["']([^"']+)["']\s*\)/g;
  return [...text.matchAll(statement), ...text.matchAll(dynamic)].map((m) => m[1]);
}

function layerOf(path: string): string {
  const [top, second] = path.split("/");
  return top === "src" ? second : top;
}

function violation(file: string, target: string): string | null {
  const from = relative(root, file);
  const layer = layerOf(from);
  const rule = layers[layer];
  const isRelative = target.startsWith(".");
  const to = isRelative ? relative(root, resolve(dirname(file), target)) : target;
  if (exceptions.some((e) => e.from.test(from) && e.to.test(to))) return null;
  if (!rule) return `${from} lies in no layer`;
  if (!isRelative) return rule.packages.test(target) ? null : `${from} imports the package ${target}`;
  if (/\.css$/.test(to)) return null;
  if (layer === "panels" && layerOf(to) === "panels") {
    const sameFolder = to.split("/")[2] === from.split("/")[2];
    return sameFolder || from === "src/panels/registry.ts" ? null : `${from} imports another panel, ${to}`;
  }
  const allowed =
    layerOf(to) === layer || rule.imports.includes(layerOf(to)) || rule.imports.some((i) => to.startsWith(`src/${i}`));
  return allowed ? null : `${from} (${layer}) imports ${to}`;
}

describe("architecture", () => {
  it("keeps to the layer table", () => {
    const broken = files.flatMap((file) => importsOf(file).map((target) => violation(file, target))).filter(Boolean);
    expect(broken).toEqual([]);
  });

  it("keeps tfjs and React apart", () => {
    const both = files.filter((file) => {
      const targets = importsOf(file);
      return targets.some((t) => t.startsWith("@tensorflow/")) && targets.some((t) => t.startsWith("react"));
    });
    expect(both).toEqual([]);
  });

  it("keeps worker entries short", () => {
    const long = files.filter(
      (f) => relative(root, f).startsWith("workers/") && readFileSync(f, "utf8").split("\n").length > 80,
    );
    expect(long).toEqual([]);
  });

  it("keeps files under 300 lines", () => {
    const tests = readdirSync(join(root, "tests"), { recursive: true, encoding: "utf8" })
      .filter((f) => /\.(ts|mjs)$/.test(f))
      .map((f) => join(root, "tests", f));
    const shaders = readdirSync(join(root, "shaders"), { recursive: true, encoding: "utf8" })
      .filter((f) => f.endsWith(".wgsl"))
      .map((f) => join(root, "shaders", f));
    const long = [...files, ...tests, ...shaders].filter((f) => readFileSync(f, "utf8").split("\n").length > 300);
    expect(long.map((f) => relative(root, f))).toEqual([]);
  });

  it("has no way around the type checker", () => {
    const loose = files.filter((f) =>
      /:\s*any\b|\bas any\b|<any>|@ts-ignore|@ts-expect-error|@ts-nocheck/.test(readFileSync(f, "utf8")),
    );
    expect(loose.map((f) => relative(root, f))).toEqual([]);
  });
});
