import { copyFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { axeViolations, drop, exportZip, painted, setParams, smallRecording } from "./page.ts";

/** Everything that was to be kept has been written. */
async function kept(page: Page): Promise<void> {
  await expect(page.getByTestId("data-sets-kept")).toHaveAttribute("data-kept", "true", { timeout: 15_000 });
  await page.waitForTimeout(600);
}

test("a reload gives the same data, results, selection and view; data sets stand side by side", async ({ page }) => {
  await page.goto("/?compute=cpu");
  await drop(page, smallRecording().paths);
  await painted(page, "raster-raw");
  await setParams(page, { training_steps: "20", motion_noise_steps: "4", batch_size: "64" });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 60_000 });
  await page.keyboard.press("]");
  await page.keyboard.press("+");
  const selected = page.getByTestId("selected-spike");
  await expect(selected).toContainText("corrected");
  const before = {
    selected: await selected.textContent(),
    time: await page.getByTestId("view-time").textContent(),
    outcome: await page.getByTestId("outcome-0").textContent(),
    summary: await page.getByTestId("dataset-summary").textContent(),
    motions: await page.getByTestId("motion-list").textContent(),
  };
  await kept(page);
  await page.reload();
  await expect(page.getByTestId("restored")).toBeVisible({ timeout: 15_000 });
  await painted(page, "raster-corrected");
  await expect(selected).toHaveText(before.selected!);
  await expect(page.getByTestId("view-time")).toHaveText(before.time!);
  await expect(page.getByTestId("outcome-0")).toHaveText(before.outcome!);
  await expect(page.getByTestId("dataset-summary")).toHaveText(before.summary!);
  await expect(page.getByTestId("motion-list")).toHaveText(before.motions!);
  // a second run, and both beside each other
  await page.getByTestId("seed").fill("5");
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await page.locator(".dv-tab", { hasText: "Runs" }).click();
  await expect(page.getByTestId("run-MEDiCINe 2")).toContainText("shown", { timeout: 60_000 });
  for (const title of ["MEDiCINe", "MEDiCINe 2"]) await page.getByLabel(`Compare ${title}`, { exact: true }).check();
  await expect(page.getByTestId("runs-comparison")).toContainText("seed ≠");
  await page.getByTestId("show-run-MEDiCINe").click();
  await expect(page.getByTestId("outcome-0")).toHaveText(before.outcome!);
  await expect(page.getByTestId("motion-list").getByTestId("motion-MEDiCINe 2")).toBeVisible();
  expect(await axeViolations(page)).toEqual([]);

  // other data stand beside these
  const { path } = await exportZip(page);
  await page.keyboard.press("Escape");
  await drop(page, smallRecording({ durationSec: 40 }).paths);
  await expect(page.getByTestId("dataset-summary")).not.toHaveText(before.summary!);
  await expect(page.getByTestId("motion-list")).toBeHidden();
  const zip = `${path}.zip`;
  copyFileSync(path, zip);
  await drop(page, [zip]);
  await expect(page.getByTestId("motion-list")).toBeVisible();
  await page.locator(".dv-tab", { hasText: "Training" }).click();
  await painted(page, "training");
  await page.getByTestId("data-sets").click();
  await page.locator(".data-set-open").first().click();
  await expect(page.getByTestId("dataset-summary")).toHaveText(before.summary!);
  await expect(page.getByTestId("outcome-0")).toHaveText(before.outcome!);
  await expect(selected).toHaveText(before.selected!);
});
