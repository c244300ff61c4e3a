import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { npyBytes } from "../../src/io/write/npy.ts";
import { axeViolations, drop, exportZip, fileIn, folderOf, painted, rawRecording } from "./page.ts";

const DETECT = "step-detect-localize";

const detection = (page: Page): Locator => page.getByTestId(DETECT);
const look = (page: Page, kind: string): Promise<Buffer> => page.getByTestId(`picture-${kind}`).screenshot();

async function openRecording(page: Page, folder: string): Promise<void> {
  await drop(page, [folder]);
  await expect(page.getByTestId("dataset-summary")).toContainText("SpikeGLX AP: 64 channels", { timeout: 30_000 });
  await expect(detection(page)).toBeVisible({ timeout: 30_000 });
}

/** Click about a picture until a click has hit something, which `found` then says. */
async function clickUntil(page: Page, kind: string, found: Locator): Promise<void> {
  const box = (await page.getByTestId(`picture-${kind}`).boundingBox())!;
  for (let k = 0; k < 60 && ((await found.textContent()) ?? "") === ""; k++) {
    // golden-ratio steps cover the picture evenly, whatever its size
    const [fx, fy] = [(0.5 + 0.618034 * k) % 1, (0.5 + 0.414214 * k) % 1];
    await page.mouse.click(box.x + box.width * (0.2 + 0.6 * fx), box.y + box.height * (0.15 + 0.65 * fy));
    await page.waitForTimeout(60);
  }
  await expect(found).not.toHaveText("");
}

test("a recording is dropped, spikes are found while one watches, and each shows its traces and waveform", async ({
  page,
}) => {
  await page.goto("/?compute=cpu");
  await openRecording(page, rawRecording(64, 12));
  await painted(page, "probe");
  await painted(page, "traces");
  await expect(page.getByTestId("estimate")).toContainText("of memory");
  await expect(page.getByTestId("motion-summary")).toContainText("truth: range");
  expect(await axeViolations(page)).toEqual([]);
  const emptyProbe = await look(page, "probe");

  await detection(page).getByTestId("run").click();
  const found = page.getByTestId("spikes-found");
  const count = async () => Number(((await found.textContent()) ?? "").replaceAll(/\D/g, ""));
  await expect(found).toContainText("spikes", { timeout: 60_000 });
  const first = await count();
  expect(first).toBeGreaterThan(0);
  await painted(page, "raster-raw");
  const [raster, probe] = [await look(page, "raster-raw"), await look(page, "probe")];
  expect(probe.equals(emptyProbe)).toBe(false);
  await expect.poll(count, { timeout: 60_000, message: "the number of spikes grows" }).toBeGreaterThan(first);
  await expect(page.getByTestId("outcome-0")).toContainText(/Done\. [\d,]+ spikes/, { timeout: 120_000 });
  await expect.poll(async () => (await look(page, "raster-raw")).equals(raster)).toBe(false);
  await expect.poll(async () => (await look(page, "probe")).equals(probe)).toBe(false);

  await clickUntil(page, "probe", page.getByTestId("selected-channel"));
  await expect(page.getByTestId("selected-channel")).toHaveText(/^channel \d+, x .* µm, depth .* µm$/);
  await painted(page, "traces");
  const before = await page.getByTestId("traces-at").textContent();
  await page.keyboard.press(".");
  await expect(page.getByTestId("traces-at")).not.toHaveText(before!);
  const lines = await look(page, "traces");
  await page.keyboard.press("h");
  await expect(page.getByTestId("traces-style")).toHaveAttribute("aria-pressed", "true");
  await expect.poll(async () => (await look(page, "traces")).equals(lines)).toBe(false);

  await clickUntil(page, "raster-raw", page.getByTestId("selected-spike"));
  await painted(page, "waveform");
  expect(await axeViolations(page)).toEqual([]);
  await expect(detection(page)).toHaveAttribute("data-state", "done");
  await expect(page.getByTestId("step-dredge").getByTestId("run")).toBeEnabled();
});

test("a run that was cancelled goes on after a reload, and ends as if it had not been", async ({ page }) => {
  const folder = rawRecording(64, 20);
  const files = [
    "spikes/sample_index.npy",
    "spikes/channel.npy",
    "locations/monopolar.npy",
    "waveforms/coefficients.npy",
  ];
  const finished = async () => {
    await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 150_000 });
    const { files: exported } = await exportZip(page);
    return files.map((file) => Buffer.from(fileIn(exported, file)));
  };
  await page.goto("/?compute=cpu");
  await openRecording(page, folder);
  await detection(page).getByTestId("run").click();
  await page.waitForFunction(
    () => Number(document.querySelector('[data-testid="progress"]')?.getAttribute("data-fraction")) > 0.3,
    undefined,
    { timeout: 120_000 },
  );
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("outcome-0")).toContainText("Stopped", { timeout: 60_000 });
  await expect(detection(page).getByTestId("resume-offer")).toBeVisible();

  await page.reload();
  const offer = page.getByTestId("resume-unfinished");
  await expect(offer).toHaveText(/Resume at \d+ % \([\d,]+ spikes\)/, { timeout: 30_000 });
  await offer.click();
  const resumed = await finished();
  await expect(page.getByTestId("resume-offer")).toBeHidden();

  await detection(page).getByTestId("run").click();
  await expect(detection(page)).toHaveAttribute("data-state", "running");
  const whole = await finished();
  expect(resumed[0].length).toBeGreaterThan(1000);
  for (const [k, file] of files.entries()) expect(resumed[k].equals(whole[k]), file).toBe(true);
});

test("a recording without its contacts says what to drop, and takes it when it is dropped", async ({ page }) => {
  const folder = rawRecording(64, 1);
  const meta = readdirSync(folder).find((name) => name.endsWith(".meta"))!;
  const told = readFileSync(join(folder, meta), "utf8");
  const silent = told
    .replace(/^~sns(Geom|Shank)Map=.*\r?\n/gm, "")
    .replace(/^(imDatPrb_pn|imDatPrb_type)=\w+/gm, "$1=9999");
  writeFileSync(join(folder, meta), silent);
  const positions = Float64Array.from({ length: 128 }, (_, i) => (i % 2 === 0 ? 16 * ((i >> 1) % 2) : 20 * (i >> 2)));
  const geometry = folderOf([{ path: "channel_locations.npy", bytes: npyBytes(positions, [64, 2], "<f8") }]);
  await page.goto("/?compute=cpu");
  await openRecording(page, folder);
  await expect(page.getByTestId("dataset-summary")).toContainText("positions unknown");
  await expect(detection(page).getByTestId("why-not")).toContainText("channel_locations.npy");
  await expect(page.getByTestId("panel-probe")).toContainText("does not say where its contacts are");
  await drop(page, [join(geometry, "channel_locations.npy")]);
  await expect(detection(page).getByTestId("run")).toBeEnabled({ timeout: 30_000 });
  await painted(page, "probe");
});

test("the demo simulates a recording on this machine and opens it with its truth", async ({ page }) => {
  await page.goto("/?compute=cpu");
  await page.getByTestId("demo-recording").click();
  await expect(page.getByText(/Simulating .* of 30 s/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId("dataset-summary")).toContainText("96 channels", { timeout: 120_000 });
  await expect(detection(page).getByTestId("run")).toBeEnabled({ timeout: 30_000 });
});
