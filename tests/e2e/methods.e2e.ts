import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { axeViolations, drop, fileIn, painted, rawRecording, setParams, smallRecording } from "./page.ts";

const tab = (page: Page, title: string) => page.locator(".dv-tab", { hasText: new RegExp(`^${title}$`) }).click();

async function saved(page: Page, panel: string, format: "png" | "data"): Promise<Uint8Array> {
  const button = page.getByTestId(`save-${panel}-${format}`);
  if (!(await button.isVisible())) await page.getByTestId(`save-${panel}`).click();
  const [download] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return new Uint8Array(readFileSync(await download.path()));
}

async function computeAll(page: Page, panel: string): Promise<void> {
  const button = page.getByTestId(`compute-all-${panel}`);
  await button.click();
  await expect(button).toHaveText("All computed", { timeout: 30_000 });
}

test("every set of positions with every motion: ρ̄, matrices, rasters and a stack, swapped by a click, and saved", async ({
  page,
}) => {
  test.setTimeout(240_000);
  await page.goto("/?compute=cpu");
  await drop(page, [rawRecording(24, 6)]);
  await setParams(page, {}, "detect-localize");
  const step = page.getByTestId("step-detect-localize");
  await step.getByTestId("run").click();
  await expect(step).toHaveAttribute("data-state", "done", { timeout: 90_000 });

  await tab(page, "Methods");
  await expect(page.getByTestId("method-0-1")).toContainText("n/a");
  await expect(page.getByTestId("method-0-1")).toHaveAttribute("aria-pressed", "true");
  await computeAll(page, "methods");
  await expect(page.getByTestId("method-0-1")).toContainText(/ρ̄ 0\.\d+/);
  await page.getByTestId("method-0-1").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("method-1-1")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByTestId("positions").locator("option:checked")).toHaveText("centre of mass");
  expect(new TextDecoder().decode(await saved(page, "methods", "data"))).toContain("monopolar");
  expect(await axeViolations(page)).toEqual([]);

  await page.getByTestId("methods-stack").click();
  await painted(page, "projections-stack");
  const png = await saved(page, "methods", "png");
  const width = await page.getByTestId("picture-projections-stack").evaluate((element) => element.clientWidth);
  expect(new DataView(png.buffer).getUint32(16)).toBe(2 * width);

  await tab(page, "Correlation grid");
  await computeAll(page, "grid-correlation");
  await painted(page, "grid-correlation");
  await page.getByTestId("picture-grid-correlation").click({ position: { x: 110, y: 60 } });
  await expect(page.getByTestId("positions").locator("option:checked")).toHaveText("monopolar");
  await page.getByTestId("methods-numbers").click();
  await expect(page.getByTestId("method-0-0")).toHaveAttribute("aria-pressed", "true");

  await tab(page, "Raster grid");
  await painted(page, "grid-raster");
  await page.keyboard.press("t");
  const files = unzipSync(await saved(page, "grid-raster", "data"));
  expect(JSON.parse(new TextDecoder().decode(fileIn(files, "about.json")))).toMatchObject({ picture: /monopolar/ });
  expect(Object.keys(files).filter((name) => name.endsWith("values.npy"))).toHaveLength(8);

  // another data set has a block of its own, and a click on the first one's brings that back as it was
  await tab(page, "Methods");
  await drop(page, smallRecording({ durationSec: 20 }).paths);
  await expect(page.getByTestId("methods-aside")).toContainText(/ρ̄ 0\.\d+/, { timeout: 30_000 });
  await expect(page.getByTestId("method-1-0")).toHaveCount(0);
  await page.getByTestId("methods-aside").getByRole("button", { name: "peak channel, truth" }).click();
  await expect(page.getByTestId("method-2-1")).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByTestId("method-2-1")).toContainText(/ρ̄ 0\.\d+/);
});
