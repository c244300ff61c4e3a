import { expect, type Page, test } from "@playwright/test";
import { startDrag } from "./drag.mjs";
import { painted, smallRecording } from "./page.ts";

/** The middle of an element. */
async function middle(page: Page, testId: string): Promise<[number, number]> {
  const box = (await page.getByTestId(testId).boundingBox())!;
  return [box.x + box.width / 2, box.y + box.height / 2];
}

test("files are taken where they are let go just as the pointer comes to another part of the page", async ({
  page,
}) => {
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  const drag = await startDrag(page, smallRecording().paths);
  await drag.send("dragEnter", await middle(page, "demo-recording"));
  await expect(page.getByText("Drop to open.")).toBeVisible();
  // of this element no dragover is sent: the first event on it is an enter, the next the drop
  await drag.send("drop", await middle(page, "demo-nhp"));
  await painted(page, "raster-raw");
  await expect(page.getByText("Drop to open.")).toBeHidden();
});

test("the veil goes when the files are carried away, also from an element that is gone by then", async ({ page }) => {
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  const drag = await startDrag(page, smallRecording().paths);
  const veil = page.getByText("Drop to open.");
  await page.evaluate(() => {
    const own = document.createElement("div");
    own.style.cssText = "position: fixed; inset: 0; z-index: 1000";
    own.id = "to-go";
    document.body.append(own);
  });
  await drag.send("dragEnter");
  await drag.send("dragOver");
  await expect(veil).toBeVisible();
  await page.evaluate(() => document.getElementById("to-go")?.remove());
  await expect(veil).toBeHidden();
  await drag.send("dragOver");
  await drag.send("dragOver", [700, 452]);
  await expect(veil).toBeVisible();
});
