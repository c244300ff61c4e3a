import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { unzipSync } from "fflate";
import {
  type SyntheticConfig,
  syntheticDefaults,
  syntheticSpikes,
  zigzagMotion,
} from "../../src/core/syntheticSpikes.ts";
import { npyBytes } from "../../src/io/write/npy.ts";

/** Drop files or folders from disk onto the page with a real drag: enter, over, drop, as the browser itself sends them. */
export async function drop(page: Page, paths: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 700, y: 450, data });
  }
  await session.detach();
}

/** Write files into a fresh folder; returns its path. */
export function folderOf(files: readonly { path: string; bytes: Uint8Array }[]): string {
  const folder = mkdtempSync(join(tmpdir(), "driftscope-e2e-"));
  for (const { path, bytes } of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
  }
  return folder;
}

export const tripleNames = ["peak_times.npy", "peak_depths.npy", "peak_amplitudes.npy"];

/** A small simulated recording as the three files MEDiCINe reads. */
export function smallRecording(overrides: Partial<SyntheticConfig> = {}): { folder: string; paths: string[] } {
  const config = {
    ...syntheticDefaults,
    durationSec: 120,
    nUnits: 60,
    rateHz: 2,
    depthUm: 800,
    motion: zigzagMotion(40, 60, 0, 800),
    ...overrides,
  };
  const { spikes } = syntheticSpikes(config);
  const n = [spikes.nSpikes];
  const folder = folderOf([
    { path: tripleNames[0], bytes: npyBytes(spikes.timeSec, n, "<f8") },
    { path: tripleNames[1], bytes: npyBytes(spikes.depthUm, n, "<f8") },
    { path: tripleNames[2], bytes: npyBytes(spikes.ampUv, n, "<f4") },
  ]);
  return { folder, paths: tripleNames.map((name) => join(folder, name)) };
}

/** Fill in parameters of the recipe's only step. */
export async function setParams(page: Page, values: Record<string, string>): Promise<void> {
  const step = page.getByTestId("step-medicine");
  if (!(await page.getByTestId("param-training_steps").isVisible())) await step.getByText(/^Parameters/).click();
  for (const [name, value] of Object.entries(values)) {
    const field = page.getByTestId(`param-${name}`);
    await expect(field).toHaveCount(1);
    if (!(await field.isVisible())) await step.getByText("More parameters").click();
    await field.fill(value);
    await field.blur();
  }
}

/** Export the run and unpack it. */
export async function exportZip(page: Page): Promise<{ path: string; files: Record<string, Uint8Array> }> {
  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("export-zip").click()]);
  const path = await download.path();
  return { path, files: unzipSync(readFileSync(path)) };
}

/** The file of an exported run whose path ends so; the archive may have a folder of its own at the top. */
export function fileIn(files: Record<string, Uint8Array>, ending: string): Uint8Array {
  const name = Object.keys(files).find((key) => key.endsWith(ending));
  if (!name) throw new Error(`the export lacks ${ending}; it has ${Object.keys(files).join(", ")}`);
  return files[name];
}

/** float64 values of a v1 .npy. */
export function float64(bytes: Uint8Array): Float64Array {
  const start = 10 + new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  return new Float64Array(Uint8Array.from(bytes.subarray(start)).buffer);
}

/** Wait until the paint worker has drawn a picture with content. */
export async function painted(page: Page, kind: string): Promise<void> {
  const canvas = page.getByTestId(`picture-${kind}`).locator("canvas");
  await expect(canvas).toHaveAttribute("data-painted", "true", { timeout: 30_000 });
}
