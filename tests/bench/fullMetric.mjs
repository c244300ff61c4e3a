// Memory and time of the whole matrix of correlations of a session as long as the published one: 1958 bins of 1 s on the
// canonical grid of 29,791 voxels. A process of its own, so that its peak is that of the metric.
//
//   node tests/bench/fullMetric.mjs [spikes per second]      default 1264, as published
//
// Prints one JSON object; the peak holds Node and the spikes too.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundled } from "./bundle.mjs";

const here = fileURLToPath(import.meta.url);
const [rateHz = "1264", href] = process.argv.slice(2);
if (href) {
  const { fullMetric } = await import(href);
  const found = await fullMetric(Number(rateHz));
  const status = existsSync("/proc/self/status") ? readFileSync("/proc/self/status", "utf8") : "";
  const peakMb = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? Number.NaN) / 1000;
  console.log(JSON.stringify({ ...found, peakMb, load: loadavg()[0] }, null, 2));
} else {
  process.chdir(join(dirname(here), "../.."));
  mkdirSync("node_modules/.cache", { recursive: true });
  const { hrefs } = await bundled(["fullMetric"]);
  process.exitCode = spawnSync(process.execPath, [here, rateHz, ...hrefs], { stdio: "inherit" }).status ?? 1;
}
