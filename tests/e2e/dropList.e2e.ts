import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { npyBytes } from "../../src/io/write/npy.ts";
import { metaBytes } from "../cases/spikeglxFiles.ts";
import { axeViolations, drop, folderOf, painted } from "./page.ts";

/** One probe of a run: a second of nothing but a ramp, and a sorting of it beside. */
function probe(n: number): { path: string; bytes: Uint8Array }[] {
  const stem = `run_g0/run_g0_imec${n}/run_g0_t0.imec${n}.ap`;
  const nSamples = 30_000;
  const samples = Int16Array.from({ length: 5 * nSamples }, (_, i) => (i % 50) - 25);
  const column = (of: (i: number) => number) =>
    npyBytes(
      Float64Array.from({ length: 200 }, (_, i) => of(i)),
      [200],
      "<f8",
    );
  const sorting = `run_g0/run_g0_imec${n}/sorting`;
  return [
    { path: `${stem}.meta`, bytes: metaBytes({ fileSizeBytes: samples.byteLength, imDatPrb_sn: 100 + n }) },
    { path: `${stem}.bin`, bytes: new Uint8Array(samples.buffer) },
    { path: `${sorting}/peak_times.npy`, bytes: column((i) => (i + n / 2) / 210) },
    { path: `${sorting}/peak_depths.npy`, bytes: column((i) => 20 * (i % 3) + 5 * n) },
    { path: `${sorting}/peak_amplitudes.npy`, bytes: column((i) => -50 - (i % 40)) },
  ];
}

test("a folder of two probes and two sortings: a list, the first pair at once, the second at a click", async ({
  page,
}) => {
  const folder = folderOf([
    ...probe(0),
    ...probe(1),
    { path: "run_g0/old/peak_times.npy", bytes: npyBytes([1], [1], "<f8") },
  ]);
  await page.goto("/?compute=cpu");
  await drop(page, [join(folder, "run_g0")]);
  const list = page.getByTestId("drop-list");
  await expect(list).toBeVisible({ timeout: 15_000 });
  await expect(list.getByTestId("found-set")).toHaveCount(5);
  await expect(list).toContainText("of run_g0/run_g0_imec1/run_g0_t0.imec1.ap.bin, which is nearest");
  await expect(list).toContainText("MEDiCINe peaks in run_g0/old: expected");
  const row = (path: string) => list.getByTestId("found-set").filter({ hasText: `${path} ` });
  const [first, second] = [0, 1].map((n) => row(`run_g0/run_g0_imec${n}/sorting/peak_times.npy`));
  await expect(first.getByRole("button")).toHaveText("open");
  await painted(page, "raster-raw");
  await page.screenshot({ path: "test-results/drop-list.png" });
  await second.getByRole("button", { name: "Open" }).click();
  await expect(second.getByRole("button")).toHaveText("open");
  await expect(page.getByTestId("dataset-summary")).toContainText("200 spikes");
  await expect(page.getByTestId("recording-picker")).toHaveValue("1");
  await expect(first.getByRole("button")).toHaveText("Show");
  await page.keyboard.press("t");
  await page.screenshot({ path: "test-results/drop-list-light.png" });
  expect(await axeViolations(page)).toEqual([]);
  await first.getByRole("button").click();
  await expect(first.getByRole("button")).toHaveText("open");
  await expect(page.getByTestId("recording-picker")).toHaveValue("0");
  await list.getByRole("button", { name: "Close the list" }).click();
  await expect(list).toBeHidden();
  await page.getByTestId("data-sets").click();
  await page.getByRole("button", { name: "What was found in the last drop (5)" }).click();
  await expect(list).toBeVisible();
});
