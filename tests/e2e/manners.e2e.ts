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

test("layouts, commands, undo and links: what a person arranges comes back, by keys alone", async ({
  page,
  browser,
}) => {
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("demo-joint")).toBeVisible();
  const { paths } = smallRecording();
  await drop(page, paths);
  await painted(page, "raster-raw");

  // every layout can be read by a screen reader, dark and light
  for (const layout of LAYOUTS) {
    await command(page, `layout ${layout}`);
    expect(await axeViolations(page), layout).toEqual([]);
  }
  await page.keyboard.press("t");
  // nothing but colours is other in the light
  for (const layout of LAYOUTS) {
    await command(page, `layout ${layout}`);
    expect(await axeViolations(page, ["color-contrast"]), `${layout}, light`).toEqual([]);
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
  const selected = page.getByTestId("selected-spike");
  await command(page, "spike 120");
  await expect(selected).toHaveText(/^spike 120:/);
  const time = page.getByTestId("view-time");
  const whole = (await time.textContent()) ?? "";
  await command(page, "time 20 to 40");
  await expect(time).toHaveText("time 20 to 40 s");
  await page.keyboard.press("Control+z");
  await expect(time).toHaveText(whole);
  await expect(selected).toHaveText(/^spike 120:/);
  await page.keyboard.press("Control+y");
  await expect(time).toHaveText("time 20 to 40 s");

  // a picture that has the focus moves by keys, and says where it is
  await page.keyboard.press("F6");
  const picture = page.getByTestId("picture-raster-raw");
  for (let i = 0; i < 4 && !(await picture.evaluate((one) => one === document.activeElement)); i++) {
    await page.keyboard.press("F6");
  }
  await expect(picture).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(time).toHaveText("time 22 to 42 s");
  await expect(page.getByTestId("said")).toContainText("Time 22 to 42 s");

  // the address alone brings it back over the same data, in a browser that has kept nothing
  await expect.poll(() => page.url()).toContain("t=22..42");
  const elsewhere = await browser.newPage({ baseURL: test.info().project.use.baseURL, colorScheme: "dark" });
  await elsewhere.goto(page.url());
  await drop(elsewhere, paths);
  await painted(elsewhere, "raster-raw");
  await expect(elsewhere.getByTestId("view-time")).toHaveText("time 22 to 42 s");
  await expect(elsewhere.getByTestId("selected-spike")).toHaveText(/^spike 120:/);
  await expect(elsewhere.getByTestId("layout-menu")).toHaveText("Layout: Inspect");
  await elsewhere.close();

  // at the next visit everything stands as it was
  await page.reload();
  await painted(page, "raster-raw");
  await expect(time).toHaveText("time 22 to 42 s");
  await expect(selected).toHaveText(/^spike 120:/);
  await expect(page.getByTestId("layout-menu")).toHaveText("Layout: Inspect");
  await expect(page.getByTestId("undo")).toBeDisabled();
  await command(page, "layout mine");
  await expect(page.locator(".dv-tab", { hasText: "Raster (corrected)" })).toHaveCount(0);
  await command(page, "panel raster corrected");
  await expect(page.locator(".dv-tab", { hasText: "Raster (corrected)" })).toHaveCount(1);
});
