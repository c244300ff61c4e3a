import { expect, test } from "@playwright/test";
import { painted, setParams } from "./page.ts";

test("without a network the page opens, is isolated, and a demo runs", async ({ page, context }) => {
  await page.goto("/");
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  // what is kept is the program: nothing else, and all of it
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return { names, paths: requests.flat().map(({ url }) => new URL(url).pathname) };
  });
  expect(kept.names).toHaveLength(1);
  expect(kept.paths).toEqual(expect.arrayContaining(["/index.html", "/demo/simulated/peak_times.npy"]));
  expect(kept.paths.some((path) => path.endsWith(".wasm"))).toBe(true);

  await context.setOffline(true);
  await page.goto("/?compute=cpu");
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  expect(
    await page.evaluate(() =>
      fetch("/not-kept").then(
        () => "answered",
        () => "no network",
      ),
    ),
  ).toBe("no network");
  await page.getByTestId("demo-simulated").click();
  await painted(page, "raster-raw");
  await setParams(page, { training_steps: "3", motion_noise_steps: "1" });
  await page.getByTestId("step-medicine").getByTestId("run").click();
  await expect(page.getByTestId("outcome-0")).toContainText("Done.", { timeout: 60_000 });
});
