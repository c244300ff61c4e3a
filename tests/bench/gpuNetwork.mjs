// Training and application of the CNN on the GPU of this machine. Prints one JSON object and a row for the table of speeds.
//   node tests/bench/gpuNetwork.mjs
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { createServer } from "vite";
import { chromiumArgs, findChromium } from "../chromium.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const server = await createServer({ root, configFile: join(root, "vite.config.ts"), logLevel: "error" });
await server.listen(4187);
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs });
try {
  const page = await browser.newPage();
  const url = server.resolvedUrls?.local[0] ?? "http://localhost:4187/";
  // the page's own policy allows no modules that a server compiles on request
  await page.route("**/empty", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${url}empty`);
  const found = await page.evaluate(async () => {
    const path = "/tests/bench/gpuNetwork.bench.ts";
    const { gpuNetwork } = await import(path);
    return gpuNetwork();
  });
  const { training, application, bytesPerSpike, adapter } = found;
  console.log(JSON.stringify(found, null, 2));
  const rate = ({ spikesPerSec, gflops, batch }) =>
    `${spikesPerSec.toPrecision(3)} spikes/s (${gflops.toPrecision(2)} GFLOP/s, batch ${batch})`;
  const kB = (bytesPerSpike / 1e3).toFixed(0);
  console.log(
    `| CNN, webgpu (${adapter}) | training ${rate(training)}, ${training.dispatches} dispatches a step, ${kB} kB per spike; ` +
      `application ${rate(application)}, ${application.dispatches} dispatches | at most 120 dispatches |`,
  );
} finally {
  await browser.close();
  await server.close();
}
