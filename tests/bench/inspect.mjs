// How long `inspect` takes for each folder named, or for every one of the samples beside the checkout: the whole command with
// the start of Node, and its own work (the second time, when everything is compiled). Prints a table; asserts nothing.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeBenchmarks } from "./bundle.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const samples = join(root, "../shared/samples");
const GROUPS = ["spikeglx", "openephys"];

function everySample() {
  if (!existsSync(samples)) return [];
  const folders = readdirSync(samples, { withFileTypes: true }).filter((one) => one.isDirectory());
  return folders.flatMap(({ name }) =>
    GROUPS.includes(name)
      ? readdirSync(join(samples, name)).map((one) => join(samples, name, one))
      : [join(samples, name)],
  );
}

const named = process.argv.slice(2);
const { inspectMs } = await nodeBenchmarks(["inspect"]);
const rows = [];
for (const path of named.length > 0 ? named : everySample()) {
  const startMs = performance.now();
  const { status } = spawnSync(process.execPath, [join(root, "src/cli/launch.mjs"), "inspect", path]);
  const wholeMs = performance.now() - startMs;
  rows.push({
    folder: path.replace(`${samples}/`, ""),
    "whole command (ms)": Math.round(wholeMs),
    "own work (ms)": status === 0 ? Number((await inspectMs(path)).toFixed(1)) : "refused",
  });
}
console.table(rows);
