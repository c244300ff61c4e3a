import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { syntheticRecording } from "../../src/core/syntheticRecording.ts";
import { axeViolations, drop, folderOf, painted } from "./page.ts";

const N_SAMPLES = 29_999;

/** A second of 48 channels and a sync word, and nothing that says so. */
function headerlessFile(): string {
  const { samples } = syntheticRecording({ nChannels: 48, nUnits: 20, durationSec: 1 });
  const bytes = new Uint8Array(samples(0, 0, N_SAMPLES).buffer);
  return join(folderOf([{ path: "night.dat", bytes }]), "night.dat");
}

const look = (page: Page) => page.getByTestId("plain-heat-map").evaluate((c: HTMLCanvasElement) => c.toDataURL());

test("a headerless binary is asked about, seen, opened and given a probe", async ({ page }) => {
  const path = headerlessFile();
  await page.goto("/?compute=cpu");
  await drop(page, [path]);
  await expect(page.getByTestId("plain-form")).toBeVisible({ timeout: 30_000 });
  const count = page.getByTestId("plain-nSaved");
  await expect(count).toHaveValue("49");
  await expect(page.getByTestId("plain-candidate-49")).toHaveAttribute("aria-pressed", "true");
  const map = page.getByTestId("plain-heat-map");
  await expect(map).toHaveAttribute("data-painted", "512 × 49");
  await expect(page.getByTestId("plain-verdict")).toContainText("29,999 samples");
  expect(await axeViolations(page)).toEqual([]);
  const right = await look(page);

  await count.fill("50");
  await expect(map).toHaveAttribute("data-painted", "512 × 50");
  await expect(page.getByTestId("plain-verdict")).toContainText("bytes are left over");
  expect(await look(page)).not.toBe(right);
  await count.fill("0");
  await expect(page.getByTestId("plain-error")).toHaveText("night.dat: expected 1 to 65536 channels, found 0.");
  await expect(page.getByTestId("plain-open")).toBeDisabled();
  await page.getByTestId("plain-candidate-49").click();
  await expect.poll(() => look(page)).toBe(right);
  const [saved] = await Promise.all([page.waitForEvent("download"), page.getByTestId("plain-save").click()]);
  expect(JSON.parse(readFileSync(await saved.path(), "utf8")).kwargs.num_channels).toBe(49);

  await page.getByTestId("plain-open").click();
  await expect(page.getByTestId("dataset-summary")).toContainText("48 channels", { timeout: 30_000 });
  await expect(page.getByTestId("plain-form")).toBeHidden();
  const detect = page.getByTestId("step-detect-localize").getByTestId("run");
  await expect(detect).toBeDisabled({ timeout: 30_000 });
  const attach = page.getByTestId("attach-probe");
  await attach.getByTestId("probe-kind").selectOption("part");
  expect(await axeViolations(page)).toEqual([]);
  await attach.getByTestId("attach-probe-use").click();
  await expect(detect).toBeEnabled({ timeout: 30_000 });
  await painted(page, "probe");
  await painted(page, "traces");
});

test("a description that does not fit is said beside the form, whose answer is taken in its place", async ({
  page,
}) => {
  const path = headerlessFile();
  const kwargs = { file_paths: ["night.dat"], sampling_frequency: 30000, num_channels: 51, dtype: "int16" };
  const description = path.replace(/night\.dat$/, "night.binary.json");
  writeFileSync(description, JSON.stringify({ class: "BinaryRecordingExtractor", kwargs }));
  await page.goto("/?compute=cpu");
  await drop(page, [path, description]);
  await expect(page.getByTestId("plain-form")).toBeVisible({ timeout: 30_000 });
  const strip = page.getByTestId("error-strip");
  await expect(strip).toContainText("expected whole samples of 51 channels (102 bytes each, by night.binary.json)");
  await expect(page.getByTestId("plain-heat-map")).toHaveAttribute("data-painted", "512 × 49");
  await page.screenshot({ path: "test-results/plain-described-wrongly.png" });
  await page.getByTestId("plain-open").click();
  await expect(page.getByTestId("dataset-summary")).toContainText("48 channels", { timeout: 30_000 });
  await expect(strip).toBeHidden();
});
