import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { axeViolations, drop, exportZip, fileIn, painted, rawRecording, setParams } from "./page.ts";

const step = (page: Page, id: string): Locator => page.getByTestId(`step-${id}`);
const look = (page: Page, kind: string): Promise<Buffer> => page.getByTestId(`picture-${kind}`).screenshot();
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** A recording with the whole recipe on it, made so small that it ends in a minute. */
async function openSmall(page: Page, folder: string): Promise<void> {
  await drop(page, [folder]);
  await expect(step(page, "sln-joint")).toBeVisible({ timeout: 60_000 });
  await page.getByTestId("networks-included").check();
  await expect(page.getByTestId("run-all")).toContainText("Run all 3 steps");
  await setParams(page, { epochs: "2" }, "sln-pretrain");
  await setParams(page, { epochs: "2", bin_s: "1", min_spikes: "10", block_bins: "8", stride: "4" }, "sln-joint");
}

/** Longest task of the page's own thread in a trace, ms of processor time: what a busy machine adds does not count. */
function longestTaskMs(trace: Buffer): number {
  const { traceEvents } = JSON.parse(trace.toString()) as {
    traceEvents: { name: string; ph: string; pid: number; tid: number; tdur?: number; args: { name?: string } }[];
  };
  const main = new Set(
    traceEvents
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === "X" && /RunTask$/.test(name) && main.has(`${pid} ${tid}`),
  );
  expect(tasks.length).toBeGreaterThan(100);
  return Math.max(...tasks.map(({ tdur }) => (tdur ?? 0) / 1000));
}

/**
 * Numbers of each step of a run's metrics.json, but for those of its speed, to 12 digits: browser and Node may differ in the
 * last of a logarithm.
 */
function summaries(metrics: string): Record<string, number>[] {
  const { steps } = JSON.parse(metrics) as { steps: { summary: Record<string, number> }[] };
  return steps.map(({ summary }) =>
    Object.fromEntries(
      Object.entries(summary).flatMap(([name, value]) =>
        name === "spikes_per_sec" ? [] : [[name, Number(value.toPrecision(12))]],
      ),
    ),
  );
}

/** The same from the command line, for a recipe that the page exported. */
async function replay(recording: string, recipe: string): Promise<Record<string, number>[]> {
  const place = mkdtempSync(join(tmpdir(), "driftscope-replay-"));
  const [path, out] = [join(place, "recipe.json"), join(place, "run")];
  writeFileSync(path, recipe);
  const args = ["src/cli/launch.mjs", "run", path, "--input", recording, "--out", out, "--compute", "cpu"];
  await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 });
  return summaries(readFileSync(join(out, "metrics.json"), "utf8"));
}

test("a recording, a network and its refinement by one click, watched, reloaded, resumed, judged and exported", async ({
  page,
  browser,
}) => {
  test.setTimeout(400_000);
  const folder = rawRecording(64, 24);
  await page.goto("/?compute=cpu");
  await openSmall(page, folder);
  await browser.startTracing(page, { categories: ["toplevel"] });
  await page.getByTestId("run-all").click();

  await expect(step(page, "sln-pretrain")).toHaveAttribute("data-state", "running", { timeout: 120_000 });
  await painted(page, "training");
  await painted(page, "projections");
  await expect(step(page, "sln-pretrain").getByTestId("training-numbers")).toContainText("spikes/s", {
    timeout: 60_000,
  });
  const first = await look(page, "training");
  await expect.poll(async () => (await look(page, "training")).equals(first), { timeout: 60_000 }).toBe(false);

  await expect(step(page, "sln-joint")).toHaveAttribute("data-state", "running", { timeout: 120_000 });
  expect(longestTaskMs(await browser.stopTracing())).toBeLessThan(100);
  await expect(step(page, "sln-joint").getByTestId("progress")).toContainText("phase");
  await page.getByTestId("pause").click();
  await expect(page.getByTestId("run-state")).toContainText(/paused/i, { timeout: 30_000 });
  await page.getByTestId("resume").click();
  await expect(step(page, "sln-joint").getByTestId("gate")).toBeVisible({ timeout: 120_000 });
  await painted(page, "correlation");
  await expect(page.getByTestId("correlation-title")).toContainText("ρ̄");

  page.on("dialog", (dialog) => void dialog.accept());
  await page.reload();
  await page.getByTestId("resume-unfinished").click({ timeout: 60_000 });
  await expect(step(page, "sln-joint")).toHaveAttribute("data-state", "done", { timeout: 150_000 });
  const gate = step(page, "sln-joint").getByTestId("gate");
  await expect(gate).toContainText(/network is in use/);
  const positions = page.getByTestId("positions");
  const names = await positions.locator("option").allTextContents();
  for (const name of ["monopolar", "CNN, pretrained", "CNN, fine-tuned"]) expect(names).toContain(name);
  const raster = await look(page, "projections");
  await positions.selectOption({ label: "centre of mass" });
  await expect.poll(async () => (await look(page, "projections")).equals(raster)).toBe(false);
  await positions.selectOption({ index: 0 });

  await page.locator(".dv-tab", { hasText: "Checks" }).click();
  await expect(page.getByTestId("check-truth_rms_x")).toHaveText(/\d/);
  await expect(page.getByTestId("check-delta_rho")).toHaveText(/\d/);
  expect(await axeViolations(page)).toEqual([]);

  const { files } = await exportZip(page);
  for (const file of ["history.csv", "metrics.json", "config.json", ".safetensors", "locations/sln-cnn.npy"]) {
    expect(fileIn(files, file).length, file).toBeGreaterThan(0);
  }
  expect(JSON.parse(text(fileIn(files, "recipe.json"))).steps.map(({ method }: { method: string }) => method)).toEqual([
    "detect-localize",
    "sln-pretrain",
    "sln-joint",
  ]);

  const replayed = await replay(folder, text(fileIn(files, "recipe.json")));
  expect(replayed).toEqual(summaries(text(fileIn(files, "metrics.json"))));

  // the run goes on where it ended: the steps before it are not run again
  await step(page, "sln-joint").getByTestId("train-on").click();
  await expect(step(page, "sln-joint").getByTestId("progress")).toContainText("epoch 3 of 7", { timeout: 60_000 });
  await expect(step(page, "detect-localize")).toHaveAttribute("data-state", "done");
  await expect(step(page, "sln-joint")).toHaveAttribute("data-state", "done", { timeout: 150_000 });
});

test("the demo of the joint optimisation opens with its own recipe", async ({ page }) => {
  await page.goto("/?compute=cpu");
  await page.getByTestId("demo-joint").click();
  await expect(page.getByTestId("dataset-summary")).toContainText("100 channels", { timeout: 150_000 });
  await expect(page.getByTestId("run-all")).toContainText("Run all 3 steps", { timeout: 30_000 });
  await expect(page.getByTestId("run-all")).toBeEnabled();
  await expect(page.getByTestId("networks-included")).toBeChecked();
});
