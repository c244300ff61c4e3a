import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { drop, painted, rawRecording, setParams } from "./page.ts";

const tab = (page: Page, title: string) => page.locator(".dv-tab", { hasText: new RegExp(`^${title}$`) }).click();

test("every set of positions with every motion: ρ̄, matrices and rasters side by side, swapped by a click, and saved", async ({
  page,
}) => {
  test.setTimeout(120_000);
  const folder = rawRecording(32, 12);
  await page.goto("/?compute=cpu");
  await drop(page, [folder]);
  await setParams(page, {}, "detect-localize");
  await page.getByTestId("step-detect-localize").getByTestId("run").click();
  await expect(page.getByTestId("step-detect-localize")).toHaveAttribute("data-state", "done", { timeout: 90_000 });
  await tab(page, "Methods");
  await page.screenshot({ path: "/tmp/figb-methods.png" });
  await page.getByTestId("compute-all-methods").click();
  await expect(page.getByTestId("compute-all-methods")).toContainText("All computed", { timeout: 30_000 });
  await page.screenshot({ path: "/tmp/figb-methods.png" });
  await tab(page, "Correlation grid");
  await page.getByTestId("compute-all-grid-correlation").click();
  await expect(page.getByTestId("compute-all-grid-correlation")).toContainText("All computed", { timeout: 30_000 });
  await painted(page, "grid-correlation");
  await page.screenshot({ path: "/tmp/figb-corr.png" });
  await tab(page, "Raster grid");
  await painted(page, "grid-raster");
  await page.screenshot({ path: "/tmp/figb-raster.png" });
  await page.keyboard.press("t");
  await page.waitForTimeout(500);
  await page.screenshot({ path: "/tmp/figb-raster-light.png" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByTestId("save-grid-raster-data").click(),
  ]);
  console.log(Object.keys(unzipSync(readFileSync(await download.path()))));
});
