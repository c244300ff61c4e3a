import { expect, type Page, test } from "@playwright/test";
import { axeViolations, drop, painted, smallRecording } from "./page.ts";

const LAYOUTS = ["import", "joint", "inspect", "compare", "motion"];

/** Type into the palette and take the first that it finds. */
async function command(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill(text);
  await page.keyboard.press("Enter");
  await expect(page.getByTestId("palette")).toBeHidden();
}

test("layouts, commands, undo and links: what a person arranges comes back, by keys alone", async ({ page }) => {
  // a link that is opened before its data says how they are looked at
  await page.goto("/?compute=cpu#t=20..40&map=viridis&spike=120&layout=inspect&later=1");
  await expect(page.getByTestId("demo-joint")).toBeVisible();
  await drop(page, smallRecording().paths);
  await painted(page, "raster-raw");
  const time = page.getByTestId("view-time");
  const selected = page.getByTestId("selected-spike");
  await expect(time).toHaveText("time 20 to 40 s");
  await expect(selected).toHaveText(/^spike 120:/);
  await expect(page.getByTestId("layout-menu")).toHaveText("Layout: Inspect");
  await expect(page.getByTestId("undo")).toBeDisabled();

  // every layout can be read by a screen reader, dark and light
  for (const layout of LAYOUTS) {
    await command(page, `layout ${layout}`);
    expect(await axeViolations(page), layout).toEqual([]);
    await page.keyboard.press("t");
    // nothing but colours is other in the light
    expect(await axeViolations(page, ["color-contrast"]), `${layout}, light`).toEqual([]);
    await page.keyboard.press("t");
  }

  // a panel that was closed is opened from the palette, and the arrangement is kept under a name
  await page.getByRole("button", { name: "Close Raster (corrected)" }).click();
  await expect(page.locator(".dv-tab", { hasText: "Raster (corrected)" })).toHaveCount(0);
  await page.getByTestId("layout-menu").click();
  await page.getByTestId("layout-name").fill("Mine");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("layout-menu")).toHaveText("Layout: Mine");
  await page.keyboard.press("Shift+4");
  await expect(page.getByTestId("layout-menu")).toHaveText("Layout: Inspect");

  // going to a place, and taking that back
  await command(page, "spike 200");
  await expect(selected).toHaveText(/^spike 200:/);
  await command(page, "time 10 to 30");
  await expect(time).toHaveText("time 10 to 30 s");
  await page.keyboard.press("Control+z");
  await expect(time).not.toHaveText("time 10 to 30 s");
  await expect(selected).toHaveText(/^spike 200:/);
  await page.keyboard.press("Control+z");
  await expect(selected).toHaveText(/^spike 120:/);
  await page.keyboard.press("Control+y");
  await page.keyboard.press("Control+y");
  await expect(time).toHaveText("time 10 to 30 s");

  // a picture that has the focus moves by keys, and says where it is
  await page.keyboard.press("F6");
  const picture = page.getByTestId("picture-raster-raw");
  for (let i = 0; i < 4 && !(await picture.evaluate((one) => one === document.activeElement)); i++) {
    await page.keyboard.press("F6");
  }
  await expect(picture).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(time).toHaveText("time 12 to 32 s");
  await expect(page.getByTestId("said")).toContainText("Time 12 to 32 s");

  // at the next visit everything stands as it was
  await expect.poll(() => page.url()).toContain("t=12..32");
  await page.reload();
  await painted(page, "raster-raw");
  await expect(time).toHaveText("time 12 to 32 s");
  await expect(selected).toHaveText(/^spike 200:/);
  await expect(page.getByTestId("layout-menu")).toHaveText("Layout: Inspect");
  await expect(page.getByTestId("undo")).toBeDisabled();
  await command(page, "layout mine");
  await expect(page.locator(".dv-tab", { hasText: "Raster (corrected)" })).toHaveCount(0);
  await command(page, "panel raster corrected");
  await expect(page.locator(".dv-tab", { hasText: "Raster (corrected)" })).toHaveCount(1);
});
