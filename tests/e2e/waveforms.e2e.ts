import { expect, test } from "@playwright/test";
import { syntheticSln } from "../cases/slnFolder.ts";
import { axeViolations, drop, exportZip, fileIn, folderOf, painted, setParams } from "./page.ts";

test("spikes that came with their waveforms show them at a click, say their slot order and are localized", async ({
  page,
}) => {
  const { files } = syntheticSln("depth-lateral", 400);
  const folder = folderOf(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));
  await page.goto("/?compute=cpu");
  await drop(page, [folder]);
  await painted(page, "raster-raw");
  const step = page.getByTestId("step-localize");
  await expect(step).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId("step-dredge")).toBeVisible();
  await expect(page.getByTestId("panel-probe")).toHaveCount(0); // panels of a recording are not there

  const box = (await page.getByTestId("picture-raster-raw").boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await expect(page.getByTestId("selected-spike")).toHaveText(/^spike/);
  await painted(page, "waveform");
  const note = page.getByTestId("waveform-note");
  await expect(note).toHaveText(
    /^Slot order: by depth, then across \(correlation of distance with amplitude −0\.\d\d; −?0\.\d\d if ordered nearest first\)\.$/,
  );
  const look = () => page.getByTestId("picture-waveform").screenshot();
  const found = await look();
  await setParams(page, { slot_order: "distance" }, "localize");
  await expect(note).toContainText("nearest first, as chosen");
  await expect(note).toContainText("fit the other slot order");
  await expect.poll(async () => (await look()).equals(found)).toBe(false);
  await setParams(page, { slot_order: "auto" }, "localize");
  await expect(note).not.toContainText("as chosen");
  expect(await axeViolations(page)).toEqual([]);

  const selected = (await page.getByTestId("selected-spike").textContent())!;
  const before = await look();
  await step.getByTestId("run").click();
  await expect(page.getByTestId("outcome-0")).toContainText("Done. 400 spikes", { timeout: 60_000 });
  await expect(step).toContainText("Slot order: by depth, then across");
  await expect(page.getByTestId("dataset-summary")).toContainText("SLN data set"); // the same spikes, elsewhere
  await expect(page.getByTestId("selected-spike")).toContainText(selected.split(":")[0]);
  await expect(page.getByTestId("selected-spike")).not.toHaveText(selected); // its depth is another one
  await expect.poll(async () => (await look()).equals(before)).toBe(false); // what the localizers say
  await expect(note).toContainText("Slot order");
  const { files: written } = await exportZip(page);
  for (const id of ["monopolar", "com", "peak-channel", "grid"])
    expect(fileIn(written, `locations/${id}.npy`).length).toBeGreaterThan(400 * 16);
});
