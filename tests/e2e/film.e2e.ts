import { readFileSync } from "node:fs";
import { type Download, expect, type Page, test } from "@playwright/test";
import { unzipSync } from "fflate";
import { ALL_FORMATS, BufferSource, Input } from "mediabunny";
import { Random } from "../../src/core/random.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { axeViolations, drop, folderOf, painted } from "./page.ts";

const nSpikes = 3000;
const durationSec = 30;
const rateHz = 30_000;

/** A localized recording of 30 units that drift up and down, as an SLN data set. */
function localizedFolder(): string {
  const random = new Random(5);
  const rows = Array.from({ length: nSpikes }, (_, i) => {
    const [timeSec, unit] = [(i / nSpikes) * durationSec, Math.floor(30 * random.uniform())];
    const drift = 20 * Math.sin((2 * Math.PI * timeSec) / durationSec);
    return { timeSec, x: 8 + ((17 * unit) % 60), y: 40 + 25 * unit + drift + 3 * random.normal(), z: 10 + unit };
  });
  const column = (of: (row: (typeof rows)[number]) => number) =>
    npyBytes(Float64Array.from(rows, of), [nSpikes], "<f8");
  return folderOf([
    { path: "fs.npy", bytes: npyBytes([rateHz], [1], "<f8") },
    {
      path: "spike_times.npy",
      bytes: npyBytes(
        rows.map(({ timeSec }) => Math.round(timeSec * rateHz)),
        [nSpikes],
        "<i8",
      ),
    },
    {
      path: "spike_amplitudes.npy",
      bytes: npyBytes(
        rows.map(({ z }) => -300 + 5 * z),
        [nSpikes],
        "<f4",
      ),
    },
    { path: "spike_locs_x.npy", bytes: column(({ x }) => x) },
    { path: "spike_locs_y.npy", bytes: column(({ y }) => y) },
    { path: "spike_locs_z.npy", bytes: column(({ z }) => z) },
  ]);
}

async function save(page: Page, format: string): Promise<{ download: Download; bytes: Buffer }> {
  await page.getByTestId("film-format").selectOption(format);
  const [download] = await Promise.all([
    page.waitForEvent("download", { timeout: 60_000 }),
    page.getByTestId("film-save").click(),
  ]);
  await expect(page.getByTestId("film-outcome")).toContainText("Saved: 10 frames", { timeout: 60_000 });
  return { download, bytes: readFileSync(await download.path()) };
}

/**
 * Save as MP4 to a file that a person has chosen, written as it is made. A dialog of the system cannot be worked by a test, so
 * the file is one of the browser's own storage, which is written in the same way.
 */
async function savedToFile(page: Page): Promise<Buffer> {
  await page.evaluate(() => {
    const choose = async () => (await navigator.storage.getDirectory()).getFileHandle("film.mp4", { create: true });
    Object.assign(window, { showSaveFilePicker: choose });
  });
  await page.getByTestId("film-format").selectOption("mp4");
  await page.getByTestId("film-to-file").check();
  await page.getByTestId("film-save").click();
  await expect(page.getByTestId("film-outcome")).toContainText("in MP4", { timeout: 60_000 });
  await page.getByTestId("film-to-file").uncheck();
  const bytes = await page.evaluate(async () => {
    const file = await (await (await navigator.storage.getDirectory()).getFileHandle("film.mp4")).getFile();
    return [...new Uint8Array(await file.arrayBuffer())];
  });
  return Buffer.from(bytes);
}

/** What a player would find in a film. */
async function probed(bytes: Buffer) {
  const input = new Input({ source: new BufferSource(Uint8Array.from(bytes).buffer), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new Error("the film has no video track");
  const { packetCount } = await track.computePacketStats();
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  return { packetCount, width, height, durationSec: await input.computeDuration() };
}

test("a recording plays, is stepped through by keys and saved as MP4, WebM and PNG frames", async ({ page }) => {
  await page.goto("/?compute=cpu");
  await drop(page, [localizedFolder()]);
  await page.locator(".dv-tab", { hasText: "Film" }).click();
  await painted(page, "film-frame");
  const frame = page.getByTestId("film-frame");
  await expect(frame).toHaveText("1 of 30");

  await page.getByTestId("film-scrub").focus();
  for (const key of [".", ".", ","]) await page.keyboard.press(key);
  await expect(frame).toHaveText("2 of 30");
  await page.getByTestId("film-speed").selectOption("25");
  await page.getByTestId("film-play").focus();
  await page.keyboard.press(" ");
  await expect(frame).toHaveText("30 of 30", { timeout: 20_000 });
  await expect(page.getByTestId("film-play")).toHaveAccessibleName("Play"); // it has come to the end and stopped
  await page.getByTestId("film-jump").fill("12.4");
  await page.keyboard.press("Enter");
  await expect(frame).toHaveText("13 of 30");
  await page.getByTestId("film-bin").selectOption("0.5");
  await expect(frame).toHaveText("25 of 60");
  await page.getByTestId("film-bin").selectOption("1");

  await page.getByTestId("film-save-open").click();
  await page.getByTestId("film-from").fill("5");
  await page.getByTestId("film-to").fill("15");
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("film-estimate")).toContainText(/^10 frames, 0.4 s, about .*B, .* in MP4$/);
  expect(await axeViolations(page)).toEqual([]);

  const mp4 = await save(page, "mp4");
  expect(mp4.download.suggestedFilename()).toMatch(/_5-15s_720p\.mp4$/);
  expect(mp4.bytes.length).toBeGreaterThan(20_000);
  const expected = { packetCount: 10, width: 1280, height: 720, durationSec: expect.closeTo(0.4, 2) };
  expect(await probed(mp4.bytes)).toEqual(expected);
  expect(await probed((await save(page, "webm")).bytes)).toEqual(expected);
  await page.getByTestId("film-size").selectOption("1080");
  expect(await probed(await savedToFile(page))).toEqual({ ...expected, width: 1920, height: 1080 });
  await page.getByTestId("film-size").selectOption("720");
  const frames = unzipSync((await save(page, "png")).bytes);
  expect(Object.keys(frames)).toHaveLength(10);
  expect(new TextDecoder("latin1").decode(frames["frame_000000.png"].subarray(1, 4))).toBe("PNG");

  // a film that takes longer to make than a click
  await page.getByTestId("film-bin").selectOption("0.1");
  await page.getByTestId("film-save").click();
  await page.getByTestId("film-cancel").click();
  await expect(page.getByTestId("film-outcome")).toContainText("cancelled", { timeout: 30_000 });
  await expect(page.getByTestId("film-save")).toBeEnabled();
});
