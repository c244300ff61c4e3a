// Takes the screenshots of the README: builds the page, runs the real demo for a while, and looks away at the right moment.
//   node tests/e2e/screenshots.mjs [seconds of training, default 150]
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { withPage } from "./serve.mjs";

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
  await page.getByTestId("run").click();
  await page.waitForTimeout(1000 * seconds);
  await shot("medicine-live");
  await page.getByTestId("cancel").click();
  await page.getByTestId("outcome-0").waitFor({ timeout: 60_000 });
  await page.getByText("Figures", { exact: true }).first().click();
  await page.getByTestId("figure-corrected_motion_raster").waitFor();
  await page.waitForTimeout(1500);
  await shot("figures");
});
console.log(`wrote ${folder}`);
