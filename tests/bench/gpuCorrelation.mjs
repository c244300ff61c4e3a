// DREDge's correlation on the GPU of this machine, as a share of the rate of its matrix product. Prints one JSON object.
//   node tests/bench/gpuCorrelation.mjs
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright";
import { createServer } from "vite";
import { chromiumArgs, findChromium } from "../chromium.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const server = await createServer({ root, configFile: join(root, "vite.config.ts"), logLevel: "error" });
await server.listen(4186);
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArgs });
try {
  const page = await browser.newPage();
  const url = server.resolvedUrls?.local[0] ?? "http://localhost:4186/";
  // the page's own policy allows no modules that a server compiles on request
  await page.route("**/empty", (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${url}empty`);
  const found = await page.evaluate(async () => {
    const path = "/tests/bench/gpuCorrelation.bench.ts";
    const { gpuCorrelation } = await import(path);
    return gpuCorrelation();
  });
  const shareOfMatMul = found.correlation.gflops / found.matMul.gflops;
  console.log(JSON.stringify({ ...found, shareOfMatMul }, null, 2));
} finally {
  await browser.close();
  await server.close();
}
