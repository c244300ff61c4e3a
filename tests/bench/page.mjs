import { join } from "node:path";
import { dropPaths, withPage } from "../e2e/serve.mjs";

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * From the drop of the real recording to its first raster, and redraw times while panning with 80 % of time and depth in
 * view (the slowest picture of each redraw), in CPU mode.
 * @param {string} root
 */
export async function pageTimings(root) {
  const paths = ["peak_times.npy", "peak_depths.npy", "peak_amplitudes.npy"].map((n) =>
    join(root, "public/demo/nhp", n),
  );
  const drops = [];
  let redraws = [];
  let lastView = null;
  await withPage(root, async (page, url) => {
    for (let turn = 0; turn < 3; turn++) {
      await page.goto("about:blank");
      await page.goto(`${url}?compute=cpu`);
      await page.getByTestId("drop-zone").waitFor({ state: "attached" });
      await page.waitForTimeout(1500); // a person has not dropped anything in the first second
      const started = Date.now();
      await dropPaths(page, paths);
      await page.locator('[data-testid="picture-raster-raw"] canvas[data-painted="true"]').waitFor();
      drops.push(Date.now() - started);
    }
    // 80 % of time and of depth in view, another range for every sample, and the pointer away from the pictures: a redraw for the
    // cursor alone would reuse the raster and be read as a redraw of the spikes
    await page.mouse.move(5, 5);
    await page.keyboard.press("+");
    for (let i = 0; i < 21; i++) {
      await page.keyboard.press(i % 2 ? "ArrowLeft" : "ArrowRight");
      await page.waitForTimeout(400);
      const text = (await page.getByTestId("redraw-ms").textContent()) ?? "";
      const view = await page.getByTestId("view-time").textContent();
      if (view === lastView) throw new Error("the view did not change, so nothing was redrawn");
      lastView = view;
      redraws.push(Number(/[\d.]+/.exec(text)?.[0]));
    }
  });
  redraws = redraws.filter(Number.isFinite);
  return { dropToRasterMs: median(drops), redrawMs: median(redraws), slowestRedrawMs: Math.max(...redraws) };
}
