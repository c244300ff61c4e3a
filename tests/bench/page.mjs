import { join } from "node:path";
import { dropPaths, withPage } from "../e2e/serve.mjs";

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * From the drop of the real recording to its first raster, and redraw times while zooming and panning, in CPU mode.
 * @param {string} root
 */
export async function pageTimings(root) {
  const paths = ["peak_times.npy", "peak_depths.npy", "peak_amplitudes.npy"].map((n) =>
    join(root, "public/demo/nhp", n),
  );
  const drops = [];
  let redraws = [];
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
    const box = await page.getByTestId("picture-raster-raw").boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    for (let i = 0; i < 21; i++) {
      await page.mouse.wheel(0, i < 10 ? -120 : 120);
      await page.waitForTimeout(250);
      const text = (await page.getByTestId("redraw-ms").textContent()) ?? "";
      redraws.push(Number(/[\d.]+/.exec(text)?.[0]));
    }
  });
  redraws = redraws.filter(Number.isFinite);
  return { dropToRasterMs: median(drops), redrawMs: median(redraws) };
}
