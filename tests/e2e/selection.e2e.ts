import { expect, test } from "@playwright/test";
import { drop, painted, smallRecording } from "./page.ts";

test("a click selects a spike in every panel, keys step and Esc selects none", async ({ page }) => {
  await page.goto("/?compute=cpu");
  const selected = page.getByTestId("selected-spike");
  await drop(page, smallRecording({ rateHz: 6 }).paths);
  await painted(page, "raster-raw");
  await expect(selected).toHaveText("");
  const box = (await page.getByTestId("picture-raster-raw").boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.click(x, y);
  await expect(selected).toHaveText(/^spike [\d,]+: \d+\.\d{3} s, depth \d+\.\d µm, −\d+\.\d µV$/);
  const first = (await selected.textContent())!;

  // the same place means another spike once the view is another one
  await page.mouse.wheel(0, -600);
  await expect(selected).toHaveText(first);
  const indexOf = (text: string) => Number(text.match(/^spike ([\d,]+):/)![1].replaceAll(",", ""));
  await page.keyboard.press("]");
  await expect(selected).toContainText(`spike ${(indexOf(first) + 1).toLocaleString("en-US")}:`);
  await page.keyboard.press("[");
  await expect(selected).toHaveText(first);
  await page.keyboard.press("Escape");
  await expect(selected).toHaveText("");

  // dragging is no click
  const time = page.getByTestId("view-time");
  const before = (await time.textContent())!;
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 60, y, { steps: 4 });
  await page.mouse.up();
  await expect(time).not.toHaveText(before);
  await expect(selected).toHaveText("");

  // nor does a click on the axis mean a spike
  await page.keyboard.press("0");
  await page.mouse.click(x, y);
  await expect(selected).toHaveText(/^spike/);
  await page.mouse.click(box.x + 20, box.y + box.height / 2);
  await expect(selected).toHaveText(/^spike/);
  await drop(page, smallRecording({ rateHz: 1 }).paths);
  await expect(selected).toHaveText("");
});
