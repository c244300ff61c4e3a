import { expect, type Page, test } from "@playwright/test";
import { axeViolations, drop, painted, rawRecording } from "./page.ts";

const look = (page: Page, kind: string): Promise<Buffer> => page.getByTestId(`picture-${kind}`).screenshot();

/** Click about the raster until a spike is hit. */
async function selectSpike(page: Page): Promise<void> {
  const selected = page.getByTestId("selected-spike");
  const box = (await page.getByTestId("picture-raster-raw").boundingBox())!;
  for (let k = 0; k < 60 && ((await selected.textContent()) ?? "") === ""; k++) {
    const [fx, fy] = [(0.5 + 0.618034 * k) % 1, (0.5 + 0.414214 * k) % 1];
    await page.mouse.click(box.x + box.width * (0.2 + 0.6 * fx), box.y + box.height * (0.15 + 0.65 * fy));
    await page.waitForTimeout(60);
  }
  await expect(selected).not.toHaveText("");
}

test("a click fills the inspector: facts, waveform, local frame that turns, amplitude fit", async ({ page }) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/?compute=cpu");
  await drop(page, [rawRecording(32, 2)]);
  await page.getByTestId("step-detect-localize").getByTestId("run").click({ timeout: 30_000 });
  await page.getByTestId("layout-menu").click();
  await page.getByTestId("layout-inspect").click();
  await expect(page.getByTestId("outcome-0")).toContainText(/Done\. [\d,]+ spikes/, { timeout: 60_000 });
  await painted(page, "raster-raw");
  await selectSpike(page);
  for (const kind of ["waveform", "spike-3d", "amplitude-fit"]) await painted(page, kind);
  const facts = page.getByTestId("spike-facts");
  await expect(facts).toContainText(/spike [\d,]+time \d+\.\d{4} s.*peak channel \d+.*monopolar l_x −?\d+\.\d µm/);
  await expect(facts).toContainText(/log₁₀ α \(monopolar\) \d\.\d{3}/);
  await page.getByTestId("copy-facts").click();
  await expect(page.getByTestId("copy-facts")).toHaveText("copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/^fact\tvalue\tunit\nspike\t\d+\t\n/);
  expect(copied).toMatch(/\nmonopolar(\t-?[\d.]+){6}\n/);
  const toScale = await look(page, "waveform");
  await page.getByTestId("waveform-roomy").click();
  await expect.poll(async () => (await look(page, "waveform")).equals(toScale)).toBe(false);

  const first = (await facts.textContent())!;
  const fit = await look(page, "amplitude-fit");
  await page.keyboard.press("]");
  await expect(facts).not.toHaveText(first);
  await expect.poll(async () => (await look(page, "amplitude-fit")).equals(fit)).toBe(false);
  await expect(page.locator(".spike-stage").first()).toHaveAttribute("aria-busy", "false");

  const start = await look(page, "spike-3d");
  const box = (await page.getByTestId("picture-spike-3d").boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 70, box.y + box.height / 2 + 20, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await look(page, "spike-3d")).equals(start)).toBe(false);
  const dragged = await look(page, "spike-3d");
  const time = (await page.getByTestId("view-time").textContent())!;
  await page.keyboard.press("ArrowLeft");
  await expect.poll(async () => (await look(page, "spike-3d")).equals(dragged)).toBe(false);
  await expect(page.getByTestId("view-time")).toHaveText(time); // the keys are the scene's while it has the focus
  await page.keyboard.press("0");
  await page.getByTestId("orbit-front").focus(); // the ring of the focus is no part of the picture
  await expect.poll(async () => (await look(page, "spike-3d")).equals(start)).toBe(true);

  await page.getByTestId("show-places").click();
  await expect(page.getByTestId("spike-places")).toContainText("centre of mass");
  await page.getByText("channel by channel").click();
  await expect(page.getByTestId("fit-table")).toContainText(/α [\d,.]+/);
  await page.keyboard.press("t");
  expect(await axeViolations(page)).toEqual([]);
});
