import { join } from "node:path";
import { chromium, expect, test } from "@playwright/test";
import { badInputs } from "../cases/badInputs.ts";
import { chromiumArgs, findChromium } from "../chromium.mjs";
import { axeViolations, drop, folderOf, painted, setParams, smallRecording } from "./page.ts";

test("no request leaves the page's own origin, and the policy says so", async ({ page, baseURL }) => {
  const elsewhere: string[] = [];
  page.context().on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(baseURL!) && !/^(blob|data|about):/.test(url)) elsewhere.push(url);
  });
  await page.goto("/?compute=cpu");
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content");
  expect(policy).toContain("connect-src 'self'");
  expect(policy).toContain("default-src 'self'");
  await page.getByTestId("demo-nhp").click();
  await painted(page, "raster-raw");
  await setParams(page, { training_steps: "3", motion_noise_steps: "1" });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 60_000 });
  for (const tab of ["Training", "Figures", "Amplitudes"]) await page.locator(".dv-tab", { hasText: tab }).click();
  await expect(page.getByTestId("figure-corrected_motion_raster")).toBeVisible({ timeout: 30_000 });
  expect(elsewhere).toEqual([]);
  const refused = await page.evaluate(() =>
    fetch("https://example.org/").then(
      () => "went out",
      () => "refused",
    ),
  );
  expect(refused).toBe("refused");
});

test("without any adapter the page says so in one sentence and computes", async () => {
  // the software adapter only answers to this flag
  const args = chromiumArgs.filter((a) => a !== "--enable-unsafe-webgpu");
  const browser = await chromium.launch({ executablePath: findChromium(), args });
  const page = await browser.newPage({ baseURL: test.info().project.use.baseURL });
  await page.goto("/");
  const { paths } = smallRecording();
  await drop(page, paths);
  await expect(page.getByTestId("compute-mode")).toContainText("CPU");
  const chip = page.getByTestId("compute-mode");
  await chip.click();
  await expect(page.getByText("No WebGPU adapter was found, so everything runs on the CPU.")).toBeVisible();
  await setParams(page, { training_steps: "5", motion_noise_steps: "2", batch_size: "64" });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 60_000 });
  await browser.close();
});

test("a software adapter alone is not used unless it is asked for", async ({ page }) => {
  await page.goto("/");
  await drop(page, smallRecording().paths);
  await expect(page.getByTestId("compute-mode")).toContainText("CPU");
});

test("every bad input gives its one sentence, and what was open stays open", async ({ page }) => {
  const good = smallRecording();
  await page.goto("/?compute=cpu");
  await drop(page, good.paths);
  await painted(page, "raster-raw");
  const summary = (await page.getByTestId("dataset-summary").textContent())!;
  const dismiss = page.getByRole("button", { name: "Dismiss this message" });
  expect(badInputs.length).toBeGreaterThanOrEqual(20);
  // a recording that lacks spikes is no bad input here: the page detects them
  const refused = badInputs.filter(({ sentence }) => !sentence.includes("is a raw recording"));
  // spikes that are open take a geometry
  const alone = refused.filter(({ sentence }) => sentence.includes("says where the sites of a probe lie"));
  expect(alone.length).toBeGreaterThan(0);
  // two sets of spikes are a choice, and a headerless binary a question
  const asked = refused.filter(({ sentence }) => /open them one at a time|of this headerless binary/.test(sentence));
  expect(asked.length).toBeGreaterThan(1);
  for (const { name, files, sentence } of refused.filter((one) => ![...alone, ...asked].includes(one))) {
    const folder = folderOf(files);
    const top = [...new Set(files.map((f) => join(folder, f.path.split("/")[0])))];
    await drop(page, top.length > 0 ? top : [folder]);
    const strip = page.getByTestId("error-strip").last();
    await expect(strip, name).toContainText(sentence.replaceAll("{folder}", folder.split("/").at(-1)!), {
      timeout: 10_000,
    });
    await expect(page.getByTestId("dataset-summary")).toHaveText(summary);
    for (let n = await dismiss.count(); n > 0; n--) await dismiss.first().click();
  }
  await page.getByTestId("data-sets").click();
  await page.getByTestId("start-empty").click();
  for (const { name, files, sentence } of alone) {
    await drop(page, [folderOf(files)]);
    await expect(page.getByTestId("error-strip").last(), name).toContainText(sentence.replace(/^\S+/, ""));
  }
});

test("keys and wheel move one view that every panel shares, and the address remembers it", async ({ page }) => {
  await page.goto("/?compute=cpu");
  await drop(page, smallRecording().paths);
  await painted(page, "raster-raw");
  const time = page.getByTestId("view-time");
  const whole = await time.textContent();
  const picture = page.getByTestId("picture-raster-raw");
  const box = (await picture.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(0, -600);
  await expect(time).not.toHaveText(whole!);
  await expect.poll(() => page.url()).toContain("#");
  await page.keyboard.press("0");
  await expect(time).toHaveText(whole!);
  await page.keyboard.press("?");
  await expect(page.getByTestId("key-help")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("key-help")).toBeHidden();
});

test("a screen reader finds nothing amiss, on the first visit and at work", async ({ page }) => {
  await page.goto("/?compute=cpu");
  expect(await axeViolations(page)).toEqual([]);
  await drop(page, smallRecording().paths);
  await painted(page, "raster-raw");
  expect(await axeViolations(page)).toEqual([]);
});
