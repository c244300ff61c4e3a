import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { zigzagMotion } from "../../src/core/syntheticSpikes.ts";
import type { Motion } from "../../src/core/types.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";
import { applyEdits, type MotionEdit } from "../../src/protocol/motionEdits.ts";
import { axeViolations, drop, exportZip, fileIn, float64, folderOf, painted, smallRecording } from "./page.ts";

/** The imposed motion as an estimator with an artefact would give it: at 40 to 43 s it jumps by 160 µm and back. */
function withArtefact(): Motion {
  const truth = zigzagMotion(40, 60, 10, 800);
  const timeBinCentersSec = Float64Array.from({ length: 120 }, (_, t) => t + 0.5);
  const depthBinCentersUm = Float64Array.of(100, 400, 700);
  const displacementUm = Float64Array.from({ length: 360 }, (_, i) => {
    const timeSec = timeBinCentersSec[Math.floor(i / 3)];
    const bump = timeSec > 40 && timeSec < 43 ? 160 : 0;
    return truth(timeSec, depthBinCentersUm[i % 3]) + bump;
  });
  return { displacementUm, timeBinCentersSec, depthBinCentersUm };
}

/** What the motion panel says of the motion it shows, apart from its name. */
async function summary(page: Page): Promise<string> {
  return ((await page.getByTestId("motion-summary").textContent()) ?? "").replace(/^.*: /, "");
}

/** A drag over the motion picture between two fractions of its width and height. */
async function dragOver(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await page.getByTestId("picture-motion").boundingBox())!;
  const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2 - 0.05]), { steps: 6 });
  await page.mouse.move(...at(to), { steps: 6 });
  await page.mouse.up();
}

test("an estimate is cleaned, masked, drawn on and pasted into by hand, and every edit can be taken back", async ({
  page,
}) => {
  const motionFolder = join(folderOf(spikeinterfaceMotionFiles("estimate", withArtefact())), "estimate");
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  await drop(page, smallRecording({ motion: zigzagMotion(40, 60, 10, 800) }).paths);
  await painted(page, "raster-raw");
  await drop(page, [motionFolder]);
  await painted(page, "motion");
  await painted(page, "raster-corrected");
  const before = await summary(page);

  // a copy is edited; the count says what the cleaning would cut
  await page.getByTestId("motion-edit").click();
  const tool = page.getByTestId("edit-tool");
  await expect(tool).toContainText("Cuts 3 excursions: 9 of 360 values (2.5 %).");
  await page.getByTestId("clean-speed").fill("x");
  await expect(tool).toContainText("is not one");
  await expect(page.getByTestId("edit-apply")).toBeDisabled();
  await page.getByTestId("clean-speed").fill("30");
  await page.getByTestId("edit-apply").click();
  const edits = page.getByTestId("edit-list").getByRole("listitem");
  await expect(edits).toHaveText([/^cleaned above 30 µm\/s/]);
  await expect(page.getByTestId("motion-summary")).toContainText("(edited)");
  await expect.poll(() => summary(page)).not.toBe(before);
  const cleaned = await summary(page);
  await expect(tool).toContainText("Nothing is faster there and back");

  // undo and redo, by key and by button
  await page.getByTestId("panel-motion").click({ position: { x: 200, y: 8 } });
  await page.keyboard.press("Control+z");
  await expect.poll(() => summary(page)).toBe(before);
  await expect(edits).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await expect.poll(() => summary(page)).toBe(cleaned);
  await page.getByTestId("edit-undo").click();
  await expect.poll(() => summary(page)).toBe(before);

  // masks by drag and by number; one of them goes again
  await page.getByTestId("tool-mask").click();
  const view = await page.getByTestId("view-time").textContent();
  await dragOver(page, [0.3, 0.5], [0.5, 0.5]);
  await expect(edits).toHaveText([/^masked [\d.]+ – [\d.]+ s/]);
  await expect(page.getByTestId("view-time")).toHaveText(view!); // the drag has not moved the picture
  await page.getByTestId("mask-from").fill("40");
  await page.getByTestId("mask-to").fill("43");
  await page.keyboard.press("Enter");
  await expect(edits).toHaveCount(2);
  await page.getByRole("button", { name: "Take out: masked 40 – 43 s" }).click();
  await expect(edits).toHaveCount(1);
  await page.getByTestId("mask-from").fill("500");
  await page.getByTestId("mask-to").fill("600");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("edit-problem")).toHaveText(
    "No time bin of this motion has its middle within 500 – 600 s.",
  );

  // a drawn line, a pasted one, and one that is wrong
  await page.getByTestId("tool-draw").click();
  await page.getByTestId("edit-depth").selectOption("all");
  await dragOver(page, [0.55, 0.4], [0.8, 0.45]);
  await expect(edits.last()).toContainText(/^curve over [\d.]+ – [\d.]+ s, all depths/);
  await page.getByTestId("tool-paste").click();
  await page.getByTestId("edit-paste").fill("time_s, um\n90, 0\ntwo, 3");
  await page.getByTestId("edit-apply").click();
  await expect(page.getByTestId("edit-problem")).toContainText("Line 3");
  await page.getByTestId("edit-paste").fill("time_s, um\n90, 0\n110, 5");
  await page.getByTestId("edit-depth").selectOption("400");
  await page.getByTestId("edit-apply").click();
  await expect(edits.last()).toContainText("curve over 90 – 110 s, 400 µm");
  await expect(edits).toHaveCount(3);
  expect(await axeViolations(page)).toEqual([]);

  // the run directory holds the motion as it is edited, and how; opened again, it can be edited on
  const last = await summary(page);
  const { path, files } = await exportZip(page);
  const written = float64(fileIn(files, "motion/estimate-edited/displacement_seg0.npy"));
  expect([...written]).not.toEqual([...withArtefact().displacementUm]);
  const { edits: kept, of } = JSON.parse(new TextDecoder().decode(fileIn(files, "motion/estimate-edited/edits.json")));
  expect(of).toBe("estimate");
  expect([...applyEdits(withArtefact(), kept).displacementUm]).toEqual([...written]);
  await page.goto("/?compute=cpu");
  await drop(page, [path]);
  await expect(page.getByTestId("motion-summary")).toContainText(`estimate (edited): ${last}`);
  await painted(page, "raster-corrected");
  await page.getByTestId("motion-edit").click();
  await expect(edits).toHaveCount(3);
  await edits.last().getByRole("button").click();
  await expect(edits).toHaveCount(2);
  await page.getByTestId("edit-reset").click();
  await expect.poll(() => summary(page)).toBe(before);
  await page.getByTestId("edit-undo").click();
  await expect(edits).toHaveCount(2);
  await page.getByTestId("edit-done").click();
  await expect(page.getByTestId("motion-editor")).toHaveCount(0);
});

test("a motion alone is cleaned, exported and opened again", async ({ page }) => {
  const motionFolder = join(folderOf(spikeinterfaceMotionFiles("estimate", withArtefact())), "estimate");
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  await drop(page, [motionFolder]);
  await painted(page, "motion");
  await page.keyboard.press("e");
  await page.getByTestId("edit-apply").click();
  await expect(page.getByTestId("edit-list").getByRole("listitem")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("motion-editor")).toHaveCount(0);
  const { path, files } = await exportZip(page);
  const [edit]: MotionEdit[] = [{ kind: "clean", maxSpeedUmPerSec: 30, smoothSec: 0 }];
  expect([...float64(fileIn(files, "motion/estimate-edited/displacement_seg0.npy"))]).toEqual([
    ...applyEdits(withArtefact(), [edit]).displacementUm,
  ]);
  const edited = await summary(page);
  await page.goto("/?compute=cpu");
  await drop(page, [path]);
  await expect(page.getByTestId("motion-summary")).toContainText(`estimate (edited): ${edited}`);
});
