import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { syntheticDefaults, syntheticSpikes, zigzagMotion } from "../../src/core/syntheticSpikes.ts";
import { spikeinterfaceMotionFiles } from "../../src/io/write/spikeinterfaceMotion.ts";
import { axeViolations, drop, exportZip, fileIn, folderOf, painted, setParams, smallRecording } from "./page.ts";

const motion = zigzagMotion(40, 60, 0, 800);

/** The motion that moved the spikes of `smallRecording`, in a folder of its name. */
function truthFolder(): string {
  const config = { ...syntheticDefaults, durationSec: 120, nUnits: 60, rateHz: 2, depthUm: 800, motion };
  return join(folderOf(spikeinterfaceMotionFiles("truth", syntheticSpikes(config).truth)), "truth");
}

async function runMedicine(page: Page, steps: number): Promise<void> {
  await setParams(page, {
    training_steps: String(steps),
    motion_noise_steps: "50",
    batch_size: "512",
    learning_rate: "0.003",
  });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("step-medicine")).toHaveAttribute("data-state", "done", { timeout: 120_000 });
}

/** Run DREDge where there is one, else MEDiCINe with other settings; returns the title of what came of it. */
async function runAnother(page: Page): Promise<string> {
  const dredge = page.getByTestId("step-dredge");
  if ((await dredge.count()) === 0) {
    await runMedicine(page, 60);
    return "MEDiCINe 2";
  }
  await setParams(page, {}, "dredge");
  await dredge.getByTestId("run").click();
  await expect(dredge).toHaveAttribute("data-state", "done", { timeout: 120_000 });
  return "DREDge";
}

const titles = (page: Page) => page.getByTestId("motion-list").locator(".motion-title").allTextContents();
const pairs = (page: Page) => page.getByTestId("pairs").locator("tbody tr").allInnerTexts();

async function compareView(page: Page, view: string): Promise<void> {
  await page.getByTestId(`compare-${view}`).click();
  if (view !== "scores") await painted(page, `compare-${view}`);
}

test("two estimates beside the truth: compared, scored, exported, and all of them back from the zip", async ({
  page,
}) => {
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  await drop(page, [...smallRecording({ motion }).paths, truthFolder()]);
  await expect(page.getByTestId("dataset-summary")).toContainText("MEDiCINe peaks");
  await expect(page.getByRole("button", { name: "truth is the truth" })).toHaveAttribute("aria-pressed", "true");
  await runMedicine(page, 300);
  expect(await titles(page)).toEqual(["truth", "MEDiCINe"]);
  await expect(page.getByTestId("motion-comparison")).toContainText("against truth");
  const second = await runAnother(page);
  expect((await titles(page))[2]).toContain(second.split(" ")[0]);

  // the active one corrects the rasters, and any may be it
  await expect(page.getByTestId("motion-summary")).not.toContainText("MEDiCINe: ");
  await page.getByRole("radio", { name: "Correct the rasters by MEDiCINe", exact: true }).check();
  await expect(page.getByTestId("motion-summary")).toContainText("MEDiCINe: ");
  await page.getByTestId("motion-list").locator(".motion-title").nth(2).click();
  await page.getByTestId("rename").fill("Another");
  await page.getByTestId("rename").press("Enter");
  expect(await titles(page)).toEqual(["truth", "MEDiCINe", "Another"]);

  await page.locator(".dv-tab", { hasText: /^Compare$/ }).click();
  await compareView(page, "fields");
  await compareView(page, "differences");
  await expect(page.getByTestId("pairs").locator("tbody tr")).toHaveCount(3);
  const numbers = await pairs(page);
  const r = Number(/\s([\d.]+)$/.exec(numbers.find((text) => text.startsWith("truth − MEDiCINe")) ?? "")?.[1]);
  console.info(`differences on screen: ${numbers.join(" | ")}`);
  expect(r).toBeGreaterThan(0.8);
  await compareView(page, "rasters");
  await compareView(page, "traces");
  const [svg] = await Promise.all([page.waitForEvent("download"), page.getByTestId("compare-export-svg").click()]);
  const drawing = readFileSync(await svg.path(), "utf8");
  for (const title of ["truth", "MEDiCINe", "Another"]) expect(drawing).toContain(`>${title}<`);
  await page.getByRole("button", { name: "Show Another" }).click();
  await expect(page.locator(".compare-count")).toHaveText("2 motions");
  await compareView(page, "differences");
  await expect(page.getByTestId("pairs").locator("tbody tr")).toHaveCount(1);

  await compareView(page, "scores");
  await page.getByTestId("score").click();
  await expect(page.getByTestId("scores")).toHaveAttribute("data-state", "done", { timeout: 120_000 });
  await expect(page.getByTestId("verdicts")).toContainText(/MEDiCINe: Correction helps: .* Against the truth/);
  await expect(page.getByTestId("scores")).toContainText(/Grid: .* time bins of/);
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByTestId("score-csv").click()]);
  expect(readFileSync(await csv.path(), "utf8")).toMatch(
    /^method,apply_rho_bar,apply_H_bar,.*truth_rmse_um.*\n"as opened, no correction",0\.\d/,
  );
  expect(await axeViolations(page)).toEqual([]);
  await page.getByRole("button", { name: "Show Another" }).click();
  await expect(page.getByTestId("scores")).toContainText("have changed since");

  const { path, files } = await exportZip(page);
  const folders = Object.keys(files).flatMap((name) => /motion\/([^/]+)\/displacement/.exec(name)?.[1] ?? []);
  expect(folders).toEqual(["truth", "medicine", second === "DREDge" ? "dredge" : "medicine-2"]);
  const note = JSON.parse(new TextDecoder().decode(fileIn(files, "motion/medicine/driftscope_motion.json")));
  expect(note).toMatchObject({ title: "MEDiCINe", isActive: true, from: { kind: "run", complete: true } });

  await page.goto("about:blank");
  await page.goto("/?compute=cpu");
  await page.getByTestId("restored").getByRole("button", { name: "Start empty" }).click();
  await drop(page, [path]);
  await expect(page.getByTestId("motion-list")).toBeVisible();
  // folders of an archive come in order of their names
  expect((await titles(page)).sort()).toEqual(["Another", "MEDiCINe", "truth"]);
  await expect(page.getByRole("radio", { name: "Correct the rasters by MEDiCINe", exact: true })).toBeChecked();
  await expect(page.getByRole("button", { name: "truth is the truth" })).toHaveAttribute("aria-pressed", "true");
  await page.locator(".dv-tab", { hasText: /^Compare$/ }).click();
  await compareView(page, "differences");
  await expect(page.getByTestId("pairs").locator("tbody tr")).toHaveCount(3);
  const again = await pairs(page);
  expect(again.find((text) => text.startsWith("truth − MEDiCINe"))).toBe(
    numbers.find((text) => text.startsWith("truth − MEDiCINe")),
  );
});
