import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { drop, rawRecording } from "./page.ts";

/** Open a simulated recording with its true motion, and the menu that takes things home. */
async function openWithMotion(page: Page): Promise<void> {
  await page.goto("/?compute=cpu");
  await drop(page, [rawRecording(48, 4)]);
  await expect(page.getByTestId("dataset-summary")).toContainText("48 channels", { timeout: 60_000 });
  await page.getByRole("button", { name: "Export" }).click();
  await expect(page.getByTestId("export-corrected-none")).toBeEnabled({ timeout: 30_000 });
}

test("a recording and its motion become a corrected recording in the folder that was chosen", async ({ page }) => {
  // the browser's own file system stands for the folder: the picker is a window of the operating system
  await page.addInitScript(() => {
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle("chosen", { create: true }),
    });
  });
  await openWithMotion(page);
  await page.getByTestId("export-corrected-none").click();
  await expect(page.getByText(/Wrote .* corrected for motion/)).toBeVisible({ timeout: 60_000 });
  const sizes = await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen");
    const found: Record<string, number> = {};
    for await (const [name, handle] of folder.entries())
      found[name] = (await (handle as FileSystemFileHandle).getFile()).size;
    return found;
  });
  expect(Object.keys(sizes).sort()).toEqual([
    "demo_corrected_g0_t0.imec0.ap.bin",
    "demo_corrected_g0_t0.imec0.ap.meta",
  ]);
  expect(sizes["demo_corrected_g0_t0.imec0.ap.bin"] % (4 * 30_000 * 2)).toBe(0);
});

test("without a folder it is downloaded", async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { showDirectoryPicker: undefined });
  });
  await openWithMotion(page);
  const names: Record<string, string> = {};
  page.on("download", async (download) => {
    names[download.suggestedFilename()] = await download.path();
  });
  await page.getByTestId("export-corrected-highpass").click();
  await expect(page.getByText(/Wrote .* corrected for motion/)).toBeVisible({ timeout: 60_000 });
  await expect.poll(() => Object.keys(names).length, { timeout: 30_000 }).toBe(2);
  const meta = readFileSync(names["demo_corrected_g0_t0.imec0.ap.meta"], "utf8");
  const [, bytes] = /^fileSizeBytes=(\d+)$/m.exec(meta)!;
  expect(readFileSync(names["demo_corrected_g0_t0.imec0.ap.bin"]).length).toBe(Number(bytes));
  expect(meta).toContain("driftscopeCorrection=300 Hz high-pass, phase shift, global median; corrected for motion");
});
