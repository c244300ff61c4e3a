import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Pictures of the panels around single spikes, methods and films, of what the joint demo has found. */

const settled = (page) => page.waitForTimeout(2000);

/** Type into the palette and take the first that it finds. */
export async function command(page, text) {
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill(text);
  await page.keyboard.press("Enter");
  await page.getByTestId("palette").waitFor({ state: "hidden" });
}

const choose = (testId) => (page) => page.getByTestId(testId).click();
const computeAll = (panel) => async (page) => {
  const button = page.getByTestId(`compute-all-${panel}`);
  if (await button.isEnabled()) await button.click();
  await button.filter({ hasText: "All computed" }).waitFor({ timeout: 120_000 });
};

/** White to black by log α, the strongest on top. */
async function strongestByAlpha(page) {
  await page.getByTestId("raster-colour").selectOption("alpha");
  await command(page, "greys");
  await page.getByTestId("colour-scale").click();
  await page.getByTestId("strongest-on-top").check();
  await page.keyboard.press("Escape");
}

/** file, panel, and what is chosen in it first */
const PANELS = [
  ["projections", "Projections"],
  ["local-pairs", "Local pairs"],
  ["alpha-axes", "α"],
  ["alpha-local", "α", choose("show-alpha-local")],
  ["alpha-variability", "α", choose("show-alpha-variability")],
  ["displacement", "Displacement"],
  ["agreement", "Agreement"],
  ["correlation", "Correlation"],
  ["methods", "Methods", computeAll("methods")],
  ["projections-stack", "Methods", choose("methods-stack")],
  ["grid-correlation", "Correlation grid", computeAll("grid-correlation")],
  ["grid-raster", "Raster grid"],
  ["compare-fields", "Compare", choose("compare-fields")],
  ["scores", "Compare", choose("compare-scores")],
  ["training", "Training"],
  ["film", "Film", (page) => page.getByTestId("film-scrub").press("PageUp")],
  ["film-run", "Film", choose("film-of-optimisation")],
  ["runs", "Runs"],
  ["raster-z", "Raster (raw)", (page) => page.getByTestId("raster-colour").selectOption("z")],
  ["raster-alpha", "Raster (raw)", strongestByAlpha],
];

/** @param {import("playwright").Page} page @param {string} folder */
export async function takeGallery(page, folder) {
  const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  for (const [file, panel, prepare] of PANELS) {
    await command(page, `Panel: ${panel}`);
    await page.getByRole("button", { name: `Show ${panel} alone`, exact: true }).click();
    if (prepare) await prepare(page);
    await settled(page);
    await shot(file);
    await page.getByRole("button", { name: "Put the panels beside each other again" }).first().click();
  }
  await command(page, "colour map: inferno");
  await page.getByTestId("colour-scale").click();
  await page.getByTestId("strongest-on-top").uncheck();
  await page.keyboard.press("Escape");
  await command(page, "layout inspect");
  await page.getByTestId("raster-colour").selectOption("alpha");
  await settled(page);
  await command(page, "a spike at random");
  await settled(page);
  await shot("inspect");
  await page.keyboard.press("t");
  await settled(page);
  await shot("inspect-light");
  await page.keyboard.press("t");
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill("ras");
  await settled(page);
  await shot("palette");
  await page.keyboard.press("Escape");
  await takeInteractivePage(page, folder);
}

/** The page that is exported, opened from the disk without a network. */
async function takeInteractivePage(page, folder) {
  await page.getByTestId("export-menu").click();
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 120_000 }),
    page.getByTestId("export-page").click(),
  ]);
  const path = join(mkdtempSync(join(tmpdir(), "driftscope-page-")), "page.html");
  await download.saveAs(path);
  const context = await page
    .context()
    .browser()
    .newContext({ offline: true, viewport: { width: 1500, height: 920 } });
  const opened = await context.newPage();
  await opened.goto(pathToFileURL(path).href);
  await settled(opened);
  const box = await opened.getByTestId("picture-projections").boundingBox();
  await opened.mouse.click(box.x + 0.6 * box.width, box.y + 0.25 * box.height);
  await settled(opened);
  await opened.screenshot({ path: join(folder, "interactive-page.png") });
  await context.close();
}
