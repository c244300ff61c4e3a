import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { axeViolations, drop, exportZip, fileIn, float64, painted, setParams, smallRecording } from "./page.ts";

test("three dropped files, MEDiCINe cancelled half-way, exported, and the zip brings the same motion back", async ({
  page,
}) => {
  const { paths } = smallRecording();
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  await drop(page, paths);
  await expect(page.getByTestId("dataset-summary")).toContainText("MEDiCINe peaks");
  await painted(page, "raster-raw");
  await expect(page.getByTestId("compute-mode")).toContainText("CPU");

  await setParams(page, {
    training_steps: "4000",
    motion_noise_steps: "500",
    batch_size: "512",
    learning_rate: "0.002",
  });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  const loss = page.getByTestId("loss-value");
  await expect(loss).toContainText(/\d/);
  const number = async () => Number(/[\d.]+/.exec((await loss.textContent()) ?? "")?.[0]);
  const first = await number();
  await expect.poll(number, { timeout: 60_000, message: "the loss falls" }).toBeLessThan(first - 0.1);
  await painted(page, "raster-corrected");
  await painted(page, "motion");
  await painted(page, "activity");

  await page.getByTestId("pause").click();
  await expect(page.getByTestId("run-state")).toContainText(/paused/i);
  await expect(async () => {
    const frozen = await page.getByTestId("progress").textContent();
    await page.waitForTimeout(600);
    expect(await page.getByTestId("progress").textContent()).toBe(frozen);
  }).toPass({ timeout: 10_000 });
  await page.getByTestId("resume").click();
  await expect(page.getByTestId("run-state")).toContainText(/running/i);

  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("outcome-0")).toContainText("what there was is kept");
  const kept = /range .*bins/.exec((await page.getByTestId("outcome-0").textContent()) ?? "")?.[0] ?? "";
  expect(kept).not.toBe("");

  const { path, files } = await exportZip(page);
  const provenance = JSON.parse(new TextDecoder().decode(fileIn(files, "provenance.json")));
  expect(provenance).toMatchObject({ complete: false, compute: { mode: "cpu" } });
  expect(provenance.inputs).toHaveLength(3);
  expect(provenance.inputs[0].sha1OfFirstMb).toMatch(/^[0-9a-f]{40}$/);
  const displacement = float64(fileIn(files, "motion/medicine/displacement_seg0.npy"));
  expect(displacement.some((v) => v !== 0)).toBe(true);
  for (const file of [
    "recipe.json",
    "log.jsonl",
    "metrics.json",
    "motion/medicine/motion.npy",
    "corrected/imported+medicine.npy",
    "figures/corrected_motion_raster.svg",
  ]) {
    expect(fileIn(files, file).length).toBeGreaterThan(0);
  }

  await page.goto("/?compute=cpu");
  await drop(page, [path]);
  await expect(page.getByTestId("motion-summary")).toContainText(kept);
  await painted(page, "raster-corrected");
});

test("software WebGPU and CPU mode give the same motion for the same recipe", async ({ page }) => {
  const { paths } = smallRecording({ nUnits: 10, rateHz: 1, durationSec: 60 });
  const params = {
    training_steps: "30",
    motion_noise_steps: "10",
    batch_size: "64",
    activity_network_hidden_features: "32, 32",
    learning_rate: "0.01",
  };
  const motions: Float64Array[] = [];
  for (const mode of ["webgpu", "cpu"]) {
    await page.goto("about:blank");
    await page.goto(`/?compute=${mode}`);
    await drop(page, paths);
    await expect(page.getByTestId("compute-mode")).toContainText(mode === "cpu" ? "CPU" : /swiftshader|webgpu/i, {
      timeout: 30_000,
    });
    await setParams(page, params);
    await page.getByTestId("step-medicine").getByTestId("run").click();
    await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 120_000 });
    const { files } = await exportZip(page);
    const provenance = JSON.parse(new TextDecoder().decode(fileIn(files, "provenance.json")));
    expect(provenance.compute.mode).toBe(mode);
    motions.push(float64(fileIn(files, "motion/medicine/displacement_seg0.npy")));
  }
  const [gpu, cpu] = motions;
  expect(gpu.length).toBe(cpu.length);
  const worst = Math.max(...gpu.map((v, i) => Math.abs(v - cpu[i])));
  const range = Math.max(...cpu) - Math.min(...cpu);
  console.info(
    `webgpu against CPU mode after 30 steps: largest difference ${worst.toExponential(2)} µm of a motion of ${range.toFixed(2)} µm`,
  );
  expect(range).toBeGreaterThan(1);
  // float32 on both sides; Adam turns the last bits of small gradients into steps of 1e-2 · 800 µm / 2 per unit of table
  expect(worst).toBeLessThan(0.01 * range);
});

test("the simulated demo is held against its truth", async ({ page }) => {
  await page.goto("/?compute=cpu");
  await page.getByTestId("demo-simulated").click();
  await expect(page.getByTestId("dataset-summary")).toContainText("spikes");
  await setParams(page, {
    training_steps: "300",
    motion_noise_steps: "100",
    batch_size: "1024",
    learning_rate: "0.003",
  });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 120_000 });
  const text = (await page.getByTestId("motion-comparison").textContent()) ?? "";
  expect(Number(/r ([\d.−-]+)/.exec(text)?.[1].replace("−", "-"))).toBeGreaterThan(0.9);
});

test("the curves of a run that has ended are explored, saved, and live again when the next one starts", async ({
  page,
}) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/?compute=cpu");
  await drop(page, smallRecording().paths);
  await setParams(page, { training_steps: "200", motion_noise_steps: "50", batch_size: "256" });
  const run = page.getByTestId("step-medicine").getByTestId("run");
  const tab = page.locator(".dv-tab", { hasText: "Training" });
  await run.click();
  await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 120_000 });
  await tab.click();
  await painted(page, "training");
  expect(asked.filter((url) => url.includes("plotly"))).toEqual([]);

  await page.getByTestId("training-explore").click();
  const chart = page.getByTestId("explore-chart");
  const traces = chart.locator(".scatterlayer .trace");
  await expect(traces).toHaveCount(3, { timeout: 30_000 });
  await expect(page.getByTestId("picture-training")).toHaveCount(0);
  expect(asked.some((url) => url.includes("plotly"))).toBe(true);
  await expect(chart.getByRole("button", { name: /share/i })).toHaveCount(0);
  expect(await axeViolations(page)).toEqual([]);
  const box = (await chart.boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await expect(chart.locator(".hoverlayer")).toContainText("total : ");
  await page.getByTestId("explore-log").check();
  await page.getByTestId("curve-Loss: total").press("Space");
  await expect(traces).toHaveCount(2);
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByTestId("explore-csv").click()]);
  expect(readFileSync(await csv.path(), "utf8")).toMatch(/^step,loss,loss_real,loss_fake\n\d+,[\d.]+,[\d.]+,[\d.]+\n/);
  const [svg] = await Promise.all([page.waitForEvent("download"), page.getByTestId("explore-svg").click()]);
  expect(readFileSync(await svg.path(), "utf8")).toContain("real spikes");

  await page.getByTestId("training-live").click();
  await painted(page, "training");
  await expect(chart).toHaveCount(0);
  await page.getByTestId("training-explore").click();
  await expect(traces).toHaveCount(3);
  await setParams(page, { training_steps: "100000" });
  await run.click();
  // the first motion brings another tab of the group to the front
  await expect(async () => {
    await tab.click();
    await expect(page.getByTestId("training-explore")).toBeDisabled({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
  await painted(page, "training");
  await expect(chart).toHaveCount(0);
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("outcome-0")).toContainText("kept");
  await tab.click();
  await painted(page, "training");
  await expect(page.getByTestId("training-explore")).toBeEnabled();
});

test("a crashed compute worker fails the job with its reason, and trying again works", async ({ page }) => {
  const { paths } = smallRecording();
  await page.goto("/?compute=cpu");
  await drop(page, paths);
  await setParams(page, { training_steps: "100000", motion_noise_steps: "500", batch_size: "256" });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("loss-value")).toContainText(/\d/);
  const compute = page.workers().find((w) => /compute/.test(w.url()));
  await compute!.evaluate(() => {
    setTimeout(() => {
      throw new Error("out of memory, say");
    });
  });
  await expect(page.getByTestId("step-medicine").getByRole("alert")).toContainText("worker");
  await painted(page, "raster-raw");
  await setParams(page, {}); // the form is still there, folded open or not
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("loss-value")).toContainText(/\d/, { timeout: 30_000 });
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("outcome-0")).toContainText("kept");
});

test("a lost GPU fails the job with its reason, and trying again works", async ({ page }) => {
  const { paths } = smallRecording({ nUnits: 10, rateHz: 1, durationSec: 60 });
  await page.goto("/?compute=webgpu");
  await drop(page, paths);
  await setParams(page, {
    training_steps: "100000",
    motion_noise_steps: "10",
    batch_size: "32",
    activity_network_hidden_features: "16",
  });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("loss-value")).toContainText(/\d/, { timeout: 60_000 });
  const compute = page.workers().find((w) => /compute/.test(w.url()));
  await compute!.evaluate(() => {
    const engine = (globalThis as unknown as { _tfengine: { backend: { device: { destroy(): void } } } })._tfengine;
    engine.backend.device.destroy();
  });
  await expect(page.getByTestId("step-medicine").getByRole("alert")).toContainText("GPU was lost");
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("loss-value")).toContainText(/\d/, { timeout: 60_000 });
  await page.getByTestId("cancel").click();
  await expect(page.getByTestId("outcome-0")).toContainText("kept");
});
