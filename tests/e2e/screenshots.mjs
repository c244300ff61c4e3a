// Takes the screenshots of the README: builds the page, estimates the motion of the real demo twice, compares and edits it,
// detects spikes in a simulated recording, looks at simulated sorted spikes, and trains a network together with the motion, whose
// results fill the gallery.
//   node tests/e2e/screenshots.mjs [motion|recording|sorting|joint]...
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { writeSorting } from "../bench/manySpikes.mjs";
import { dropPaths } from "./drag.mjs";
import { command, takeGallery } from "./gallery.mjs";
import { withPage } from "./serve.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = join(root, "tests", "e2e", "screenshots");
mkdirSync(folder, { recursive: true });

await build({ root, configFile: join(root, "vite.config.ts"), logLevel: "error" });
const asked = process.argv.slice(2);
const isAsked = (part) => asked.length === 0 || asked.includes(part);

if (isAsked("motion")) await takeMotion();
if (isAsked("recording")) await takeRecording();
if (isAsked("sorting")) await takeSorting();
if (isAsked("joint")) await takeJoint();
console.log(`wrote ${folder}`);

async function takeMotion() {
  await withPage(root, async (page, url) => {
    const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
    await page.goto(`${url}?compute=cpu`);
    await page.getByTestId("demo-nhp").waitFor();
    await shot("first-visit");
    await page.getByTestId("demo-nhp").click();
    await page.locator('[data-testid="picture-raster-raw"] canvas[data-painted="true"]').waitFor();
    for (const method of ["dredge", "gradient-motion"]) {
      await page.getByTestId("motion-method").selectOption(method);
      const step = page.getByTestId(`step-${method}`);
      await step.getByTestId("run").click();
      if (method === "gradient-motion") {
        await page.waitForTimeout(4000);
        await shot("motion-live");
      }
      await page.locator(`[data-testid="step-${method}"][data-state="done"]`).waitFor({ timeout: 600_000 });
    }
    await page.locator(".dv-tab", { hasText: "Compare" }).first().click();
    await page.waitForTimeout(2000);
    await shot("compare");
    await page.getByRole("button", { name: "Edit" }).first().click();
    await page.locator(".dv-tab", { hasText: "Raster (corrected)" }).first().click();
    await page.waitForTimeout(2000);
    await shot("edit");
  });
}

async function takeRecording() {
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
}

/** A folder as Kilosort4 leaves it, with one unit held against the drift that Kilosort took off. */
async function takeSorting() {
  const sorting = join(mkdtempSync(join(tmpdir(), "driftscope-shot-")), "kilosort4");
  writeSorting(sorting, 400_000);
  await withPage(root, async (page, url) => {
    await page.goto(`${url}?compute=cpu`);
    await page.getByTestId("drop-zone").waitFor();
    await dropPaths(page, [sorting]);
    await page.locator('[data-testid="picture-raster-corrected"] canvas[data-painted="true"]').waitFor();
    await command(page, "depth 2200 to 2800");
    await page.getByTestId("unit-list").getByText("2497").click();
    await page.waitForTimeout(2000);
    await page.getByRole("button", { name: "none", exact: true }).first().click(); // all in their colours again
    await page.locator(".dv-tab", { hasText: "Unit drift" }).click();
    await page.waitForTimeout(3000);
    await page.screenshot({ path: join(folder, "sorting.png") });
  });
}

/** The demo of the joint optimisation: while it runs, after its first epoch, and when it is done. */
async function takeJoint() {
  await withPage(root, async (page, url) => {
    const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
    const joint = page.getByTestId("step-sln-joint");
    await page.goto(`${url}?compute=cpu`);
    const started = performance.now();
    await page.getByTestId("demo-joint").click();
    await joint.waitFor({ timeout: 300_000 });
    await page.getByTestId("run-all").click();
    await page.getByTestId("correlation-title").waitFor({ timeout: 1_200_000 });
    await page.waitForTimeout(8000);
    await joint.evaluate((card) => card.scrollIntoView({ block: "start" }));
    await shot("joint-live");
    await page.locator('[data-testid="step-sln-joint"][data-state="done"]').waitFor({ timeout: 1_200_000 });
    console.log(
      `the demo of the joint optimisation, from its first click: ${Math.round((performance.now() - started) / 1000)} s`,
    );
    await page.locator(".dv-tab", { hasText: "Checks" }).first().click();
    await page.waitForTimeout(4000);
    await joint.evaluate((card) => card.scrollIntoView({ block: "start" }));
    await shot("joint-done");
    await takeGallery(page, folder);
  });
}
