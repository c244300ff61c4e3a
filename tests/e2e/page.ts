import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
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
import { dropPaths } from "./drag.mjs";

/** Drop files or folders from disk onto the page with a real drag, as soon as the page listens. */
export async function drop(page: Page, paths: string[]): Promise<void> {
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  await dropPaths(page, paths);
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

/** Fill in parameters of a step of the recipe; a method of motion becomes the recipe's own. */
export async function setParams(page: Page, values: Record<string, string>, method = "medicine"): Promise<void> {
  const step = page.getByTestId(`step-${method}`);
  await expect(step).toBeAttached({ timeout: 30_000 });
  const choice = page.getByTestId("motion-method");
  if ((await choice.locator(`option[value="${method}"]`).count()) > 0) await choice.selectOption(method);
  await expect(step).toBeVisible();
  const fold = step.locator("details.fold", { hasText: /^Parameters/ });
  if ((await fold.getAttribute("open")) === null) await step.getByText(/^Parameters/).click();
  for (const [name, value] of Object.entries(values)) {
    const field = step.getByTestId(`param-${name}`);
    await expect(field).toHaveCount(1);
    if (!(await field.isVisible())) await step.getByText("More parameters").click();
    if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption(value);
    else await field.fill(value);
    await field.blur();
  }
}

/** A small simulated raw recording, written by the command line as SpikeGLX files with its truth beside it. */
export function rawRecording(nChannels: number, durationSec: number): string {
  const folder = join(mkdtempSync(join(tmpdir(), "driftscope-raw-")), "recording");
  const options = ["--channels", String(nChannels), "--duration", String(durationSec), "--seed", "3"];
  execFileSync(process.execPath, ["src/cli/launch.mjs", "demo", folder, ...options], { stdio: "pipe" });
  return folder;
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

/** What axe finds amiss on the page as it is, by all of its rules or by some: rule and the first element. */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<string[]> {
  await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  return page.evaluate(async (only) => {
    const { violations } = await (
      globalThis as unknown as {
        axe: {
          run(context: Document, options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
        };
      }
    ).axe.run(document, only ? { runOnly: only } : {});
    return violations.map((v) => `${v.id}: ${v.nodes[0].html.slice(0, 120)}`);
  }, rules);
}
