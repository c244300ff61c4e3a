import { expect, test } from "@playwright/test";
import { Random } from "../../src/core/random.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { runDirectoryFiles } from "../../src/io/write/runDirectory.ts";
import type { UnitInfo } from "../../src/protocol/datasets.ts";
import type { RunBundle } from "../../src/protocol/workers.ts";
import { axeViolations, drop, folderOf, painted } from "./page.ts";

const durationSec = 300;
const nUnits = 40;
const labels = ["good", "mua", "noise"];

/** 40 units of 250 spikes each that drift up and down by 30 µm, some of no unit, and the motion that they follow. */
function sortedRun(): RunBundle {
  const random = new Random(9);
  const shiftUm = (t: number) => 15 * Math.sin((2 * Math.PI * t) / 150);
  const homesUm = Array.from({ length: nUnits }, (_, k) => 60 + (900 * k) / nUnits + 8 * random.normal());
  const nSpikes = nUnits * 250 + 800;
  const timeSec = Float64Array.from({ length: nSpikes }, () => durationSec * random.uniform()).sort();
  const unit = Int32Array.from({ length: nSpikes }, (_, i) => (i % 13 === 12 ? -1 : 3 * random.integer(nUnits)));
  const depthUm = Float64Array.from(unit, (u, i) => {
    const home = u < 0 ? 960 * random.uniform() : homesUm[u / 3];
    return home + shiftUm(timeSec[i]) + 4 * random.normal();
  });
  const ampUv = Float32Array.from(unit, (u) => 8 + (u % 30) + 2 * random.uniform());
  const spikes: SpikeTable = { nSpikes, timeSec, depthUm, ampUv, unit };
  const timeBinCentersSec = Float64Array.from({ length: durationSec }, (_, i) => i + 0.5);
  const motion: Motion = {
    displacementUm: timeBinCentersSec.map(shiftUm),
    timeBinCentersSec,
    depthBinCentersUm: Float64Array.of(480),
  };
  const units = homesUm.map((_, k): UnitInfo => ({ id: 3 * k, nSpikes: 0, label: labels[k % 5 === 4 ? 2 : k % 2] }));
  const note = { id: "m1", title: "Known drift", isTruth: false, isActive: true } as const;
  return {
    spikes,
    format: "test",
    sorting: { units, amplitudeUnit: "Kilosort amplitude" },
    motions: [{ motion, note: { ...note, from: { kind: "file", format: "spikeinterface-motion", title: "Motion" } } }],
    result: {
      recipe: { driftscope: 1, title: "", seed: 0, steps: [] },
      steps: [],
      log: [],
      provenance: {
        ...{ driftscope: "0.1.0", commit: "abc", startedAt: "2026-01-01T00:00:00Z", seed: 0, inputs: [] },
        compute: { mode: "cpu", adapter: "test", threads: 1 },
        ...{ runtime: "node", stageSeconds: {}, peakMemoryBytes: null, complete: true },
      },
    },
  };
}

test("sorted spikes are coloured by unit, a click lets a unit stand out, and its drift is held against the motion", async ({
  page,
}) => {
  await page.goto("/?compute=cpu");
  await drop(page, [folderOf([...runDirectoryFiles(sortedRun(), [])])]);
  await painted(page, "raster-raw");
  await expect(page.getByTestId("raster-colour")).toHaveValue("unit");
  await page.keyboard.press("Shift+Digit4"); // Inspect
  await page.locator(".dv-tab", { hasText: "Unit drift" }).click();
  await expect(page.getByTestId("unit-list").locator("li")).toHaveCount(nUnits);

  // a click on a spike of a unit follows it and lets it stand out
  const box = (await page.getByTestId("picture-raster-raw").boundingBox())!;
  await expect(async () => {
    await page.mouse.click(
      box.x + (0.3 + 0.3 * Math.random()) * box.width,
      box.y + (0.3 + 0.3 * Math.random()) * box.height,
    );
    await expect(page.getByTestId("selected-spike")).toHaveText(/\(Kilosort amplitude\), unit \d+ (good|mua|noise)$/, {
      timeout: 500,
    });
  }).toPass();
  await painted(page, "unit-drift");
  const numbers = page.getByTestId("unit-numbers");
  await expect(numbers).toContainText("by Known drift");
  const um = async (id: string) => Number.parseFloat((await page.getByTestId(id).textContent()) ?? "");
  expect(await um("unit-range")).toBeGreaterThan(20);
  expect(await um("unit-range-corrected")).toBeLessThan(8);
  expect(await um("unit-r")).toBeGreaterThan(0.9);
  await expect(page.getByTestId("brushed")).toHaveText(/^2\d\d /);

  await expect(page.getByTestId("unit-summary")).toContainText(/^All 40 units .* 40 move less after correction\.$/);

  // the next unit by its key, then those of a label
  const before = await numbers.textContent();
  await page.keyboard.press("g");
  await expect(numbers).not.toHaveText(before ?? "");
  await page.screenshot({ path: "test-results/units-dark.png" });
  await page.getByTestId("unit-label").selectOption("good");
  await expect(page.getByTestId("unit-list").locator("li")).toHaveCount(16);
  await expect(page.getByTestId("brushed")).toHaveText(/^[34],\d\d\d /);
  await page.getByTestId("unit-order").selectOption("drift");
  await page.keyboard.press("t");
  expect(await axeViolations(page)).toEqual([]);
  await painted(page, "raster-raw");
  await page.screenshot({ path: "test-results/units-light.png" });

  // another visit by the link finds the unit again
  expect(page.url()).toMatch(/by=unit.*unit=\d+/);
});
