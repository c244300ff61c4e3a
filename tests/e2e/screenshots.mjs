// Takes the screenshots of the README: builds the page, detects spikes in a simulated recording, runs the real demo for a
// while, and looks away at the right moment.
//   node tests/e2e/screenshots.mjs [seconds of training, default 150]
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { dropPaths, withPage } from "./serve.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const seconds = Number(process.argv[2] ?? 150);
const folder = join(root, "tests", "e2e", "screenshots");
mkdirSync(folder, { recursive: true });

await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error" });
await withPage(root, async (page, url) => {
  const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  await page.goto(`${url}?compute=cpu`);
  await page.getByTestId("demo-nhp").waitFor();
  await shot("first-visit");
  await page.getByTestId("demo-nhp").click();
  await page.locator('[data-testid="picture-raster-raw"] canvas[data-painted="true"]').waitFor();
  await page.getByTestId("motion-method").selectOption("medicine");
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await page.waitForTimeout(1000 * seconds);
  await shot("medicine-live");
  await page.getByTestId("cancel").click();
  await page.getByTestId("outcome-0").waitFor({ timeout: 60_000 });
  await page.getByText("Figures", { exact: true }).first().click();
  await page.getByTestId("figure-corrected_motion_raster").waitFor();
  await page.waitForTimeout(1500);
  await shot("figures");
});
const recording = join(mkdtempSync(join(tmpdir(), "driftscope-shot-")), "recording");
const options = ["--channels", "384", "--duration", "20", "--units", "200"];
execFileSync(process.execPath, [join(root, "src/cli/launch.mjs"), "demo", recording, ...options], {
  cwd: root,
  stdio: "pipe",
});
await withPage(root, async (page, url) => {
  const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  const painted = (kind) => page.locator(`[data-testid="picture-${kind}"] canvas[data-painted="true"]`).waitFor();
  await page.goto(`${url}?compute=cpu`);
  await page.getByTestId("drop-zone").waitFor();
  await dropPaths(page, [recording]);
  await painted("traces");
  await page.waitForTimeout(1000);
  await shot("recording");
  const step = page.getByTestId("step-detect-localize");
  await step.getByTestId("run").click();
  await page.waitForFunction(
    () => Number(document.querySelector('[data-testid="progress"]')?.getAttribute("data-fraction")) > 0.5,
    undefined,
    { timeout: 600_000 },
  );
  await page.keyboard.press("]");
  await page.waitForTimeout(1500);
  await shot("detection-live");
  await page.getByTestId("outcome-0").waitFor({ timeout: 600_000 });
  await page.keyboard.press("]");
  await painted("waveform");
  await page.keyboard.press("h");
  await page.keyboard.press("w");
  await page.waitForTimeout(2500);
  await shot("heat-map");
});
console.log(`wrote ${folder}`);
