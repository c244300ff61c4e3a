import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { axeViolations, drop, rawRecording } from "./page.ts";

/** Export the page as the menu offers it, with fewer spikes to click, so that reading them takes a second. */
async function exportPage(page: Page): Promise<{ path: string; saidBytes: number }> {
  await page.getByTestId("export-menu").click();
  await page.getByTestId("page-nChosen").fill("60");
  const button = page.getByTestId("export-page");
  await expect(button).toHaveText(/^Save, about [\d.]+ (kB|MB)$/);
  const [, size, unit] = (await button.textContent())!.match(/([\d.]+) (kB|MB)/)!;
  const [download] = await Promise.all([page.waitForEvent("download", { timeout: 60_000 }), button.click()]);
  expect(download.suggestedFilename()).toMatch(/^driftscope-.*\.html$/);
  const path = `${await download.path()}.html`;
  await download.saveAs(path);
  return { path, saidBytes: Number(size) * (unit === "MB" ? 1e6 : 1e3) };
}

const seen = (picture: Locator): Promise<Buffer> => picture.screenshot();

test("a run is saved as one page that opens from the disk without a network, where a click shows a spike", async ({
  page,
  browser,
}) => {
  await page.goto("/?compute=cpu");
  await drop(page, [rawRecording(64, 4)]);
  const detection = page.getByTestId("step-detect-localize");
  await detection.getByTestId("run").click({ timeout: 60_000 });
  await expect(page.getByTestId("outcome-0")).toContainText(/Done\. [\d,]+ spikes/, { timeout: 120_000 });
  const { path, saidBytes } = await exportPage(page);
  const { length } = readFileSync(path);
  expect(Math.abs(saidBytes / length - 1)).toBeLessThan(0.3);

  const context = await browser.newContext({ offline: true, viewport: { width: 1500, height: 920 } });
  const opened = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  opened.on("request", (request) => requests.push(request.url()));
  opened.on("console", (message) => complaints.push(message.text()));
  opened.on("pageerror", (error) => complaints.push(error.message));
  await opened.goto(pathToFileURL(path).href);
  const picture = (kind: string) => opened.getByTestId(`picture-${kind}`);
  const info = opened.getByTestId("spike-info");
  for (const kind of ["projections", "local-pairs", "raster-corrected", "waveform", "spike-3d"])
    await expect(picture(kind)).toHaveAttribute("data-painted", "true");
  const first = (await info.textContent())!;
  const [projections, raster, waveform] = [
    await seen(picture("projections")),
    await seen(picture("raster-corrected")),
    await seen(picture("waveform")),
  ];

  const box = (await picture("projections").boundingBox())!;
  await opened.mouse.click(box.x + box.width * 0.6, box.y + box.height * 0.25);
  await expect(info).not.toHaveText(first);
  await expect.poll(async () => (await seen(picture("projections"))).equals(projections)).toBe(false);
  await expect.poll(async () => (await seen(picture("raster-corrected"))).equals(raster)).toBe(false);
  await expect.poll(async () => (await seen(picture("waveform"))).equals(waveform)).toBe(false);
  const clicked = (await info.textContent())!;
  const space = await seen(picture("spike-3d"));
  await picture("spike-3d").focus();
  await opened.keyboard.press("ArrowLeft");
  await expect.poll(async () => (await seen(picture("spike-3d"))).equals(space)).toBe(false);
  await opened.getByTestId("next").click();
  await expect(info).not.toHaveText(clicked);
  await opened.keyboard.press("[");
  await expect(info).toHaveText(clicked);

  // other positions and no correction: the same spike, elsewhere
  await opened.getByTestId("positions").selectOption({ index: 1 });
  await opened.getByTestId("motion").selectOption("");
  await expect(opened.getByTestId("shown")).toContainText("as recorded");
  await expect(picture("raster-raw")).toHaveAttribute("data-painted", "true");
  await expect(info).not.toHaveText(clicked);
  expect(await axeViolations(opened)).toEqual([]);

  const [svg] = await Promise.all([
    opened.waitForEvent("download"),
    opened.getByRole("button", { name: "Save Projections as SVG" }).click(),
  ]);
  expect(readFileSync(await svg.path(), "utf8")).toMatch(/^<svg/);
  expect(requests.filter((url) => !/^(data|blob):/.test(url))).toEqual([pathToFileURL(path).href]);
  expect(complaints).toEqual([]);
  await context.close();
});
