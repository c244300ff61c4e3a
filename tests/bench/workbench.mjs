// The workbench over as many spikes as a long session has, in Chromium, CPU mode: time to open, redraw of every picture of spikes
// while zooming, from a click to the filled inspector, memory and WebGL contexts. Prints one JSON object.
//
//   node tests/bench/workbench.mjs [spikes] [sorted]      default 2500000; sorted: a folder of Kilosort; the page must be built
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { dropPaths } from "../e2e/drag.mjs";
import { withPage } from "../e2e/serve.mjs";
import { writeManySpikes, writeSorting } from "./manySpikes.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const nSpikes = Number(process.argv[2] ?? 2_500_000);
const folder = join(mkdtempSync(join(tmpdir(), "driftscope-many-")), "session");
const nClicks = 12;
const nZooms = 9;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const picture = (page, kind) => page.getByTestId(`picture-${kind}`);

/** ms of the slowest picture of a redraw, for each turn of the wheel over a picture; every second one turns back. */
async function zoomTimes(page, kind) {
  const box = await picture(page, kind).boundingBox();
  await page.mouse.move(box.x + 0.3 * box.width, box.y + 0.3 * box.height);
  const times = [];
  for (let i = 0; i < nZooms; i++) {
    await page.mouse.wheel(0, i % 2 ? 240 : -240);
    await page.waitForTimeout(700);
    times.push(Number(/[\d.]+/.exec((await page.getByTestId("redraw-ms").textContent()) ?? "")?.[0]));
  }
  return { medianMs: median(times), slowestMs: Math.max(...times) };
}

/** ms from a pointer's release to the facts of the spike under it (`said`) and its pictures, by the page's own clock. */
async function clickTimes(page, said) {
  const box = await picture(page, "raster-raw").boundingBox();
  const times = [];
  for (let i = 0; i < nClicks; i++) {
    const [x, y] = [0.3 + 0.04 * i, 0.25 + 0.05 * ((i * 5) % 10)];
    const watched = page.evaluate(
      (said) =>
        new Promise((done) => {
          const facts = document.querySelector(`[data-testid="${said}"]`);
          const before = facts?.textContent;
          let started = 0;
          addEventListener("pointerup", () => (started = performance.now()), { once: true, capture: true });
          const look = () => {
            const now = document.querySelector(`[data-testid="${said}"]`);
            const isBusy = [...document.querySelectorAll(".spike-stage")].some((one) => one.ariaBusy === "true");
            if (started && now?.textContent && now.textContent !== before && !isBusy) done(performance.now() - started);
            else if (started && performance.now() - started > 20_000) done(Number.NaN);
            else requestAnimationFrame(look);
          };
          look();
        }),
      said,
    );
    await page.waitForTimeout(200); // until the page listens
    await page.mouse.click(box.x + x * box.width, box.y + y * box.height);
    times.push(await watched);
    await page.waitForTimeout(300);
  }
  const found = times.filter(Number.isFinite);
  return { medianMs: median(found), slowestMs: Math.max(...found), nFound: found.length };
}

/** Type into the palette and take the first that it finds. */
async function command(page, text) {
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill(text);
  await page.keyboard.press("Enter");
  await page.waitForTimeout(1500);
}

/** Time (s) and depth (µm) under the pointer, as the status line says them. */
async function placeAt(page, x, y) {
  await page.mouse.move(x, y);
  await page.waitForTimeout(150);
  const text = ((await page.getByTestId("cursor").textContent()) ?? "").replaceAll(",", "").replaceAll("−", "-");
  return /(-?[\d.]+) s\s*(-?[\d.]+) µm/.exec(text).slice(1).map(Number);
}

/**
 * How many px the spikes that clicks select are farther than the nearest of all spikes, by going through all of them: in a window of
 * time and depth in which a second is many times as long as a micrometre. What the status line rounds away is a fifth of a px.
 */
async function pickErrors(page, { timeSec, depthUm }) {
  await command(page, "time 1000 to 1060");
  await command(page, "depth 900 to 1500");
  const box = await picture(page, "raster-raw").boundingBox();
  const [left, right, top, bottom] = [0.2, 0.7, 0.25, 0.7];
  const corners = [
    [box.x + left * box.width, box.y + top * box.height],
    [box.x + right * box.width, box.y + bottom * box.height],
  ];
  const [[t0, d0], [t1, d1]] = [await placeAt(page, ...corners[0]), await placeAt(page, ...corners[1])];
  const pxPerSec = (corners[1][0] - corners[0][0]) / (t1 - t0);
  const pxPerUm = (corners[1][1] - corners[0][1]) / (d0 - d1);
  const errors = [];
  for (let k = 0; k < 8; k++) {
    const x = box.x + box.width * (left + (right - left) * ((0.31 + 0.618 * k) % 1));
    const y = box.y + box.height * (top + (bottom - top) * ((0.13 + 0.414 * k) % 1));
    await page.mouse.click(x, y);
    await page.waitForTimeout(500);
    const said = /^spike ([\d,]+)/.exec((await page.getByTestId("selected-spike").textContent()) ?? "");
    if (!said) continue;
    const row = Number(said[1].replaceAll(",", ""));
    const [t, d] = [t0 + (x - corners[0][0]) / pxPerSec, d0 - (y - corners[0][1]) / pxPerUm];
    const px = (i) => Math.hypot((timeSec[i] - t) * pxPerSec, (depthUm[i] - d) * pxPerUm);
    let nearest = Number.POSITIVE_INFINITY;
    for (let i = 0; i < timeSec.length; i++) nearest = Math.min(nearest, px(i));
    errors.push(px(row) - nearest);
  }
  return { nClicks: errors.length, pxPerSec, pxPerUm, fartherThanNearestPx: Math.max(...errors) };
}

const isSorted = process.argv[3] === "sorted";
const written = (isSorted ? writeSorting : writeManySpikes)(folder, nSpikes);
const measured = { nSpikes, isSorted };
await withPage(root, async (page, url) => {
  await page.addInitScript(() => {
    globalThis.nWebgl = 0;
    const own = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
      if (/webgl/.test(kind)) globalThis.nWebgl++;
      return own.call(this, kind, ...more);
    };
  });
  await page.goto(`${url}?compute=cpu#layout=inspect`);
  await page.waitForTimeout(1500);
  const started = Date.now();
  await dropPaths(page, [folder]);
  await page.locator('[data-testid="picture-raster-raw"] canvas[data-painted="true"]').waitFor({ timeout: 120_000 });
  measured.dropToRasterMs = Date.now() - started;
  await page.getByTestId("layout-menu").click();
  await page.getByTestId("layout-inspect").click();
  await page.waitForTimeout(4000);
  measured.zoom = {};
  for (const kind of ["raster-raw", "projections", ...(isSorted ? [] : ["local-pairs"])]) {
    if (!(await picture(page, kind).isVisible())) {
      const title = { projections: "Projections", "local-pairs": "Local pairs" }[kind];
      await page.getByRole("tab", { name: title }).click();
    }
    await page.locator(`[data-testid="picture-${kind}"] canvas[data-painted="true"]`).waitFor({ timeout: 60_000 });
    await page.waitForTimeout(1500);
    measured.zoom[kind] = await zoomTimes(page, kind);
    await page.keyboard.press("0");
    await page.waitForTimeout(1500);
  }
  if (!(await picture(page, "raster-raw").isVisible())) await page.getByRole("tab", { name: "Raster (raw)" }).click();
  await page.waitForTimeout(1000);
  measured.click = await clickTimes(page, isSorted ? "selected-spike" : "spike-facts");
  measured.pick = await pickErrors(page, written);
  const { bytes } = await page.evaluate(() => performance.measureUserAgentSpecificMemory());
  measured.memoryMb = Math.round(bytes / 1e6);
  measured.webglContexts = await page.evaluate(() => globalThis.nWebgl);
  if (process.env.SHOT) await page.screenshot({ path: process.env.SHOT });
});
rmSync(dirname(folder), { recursive: true });
console.log(JSON.stringify({ ...measured, load: loadavg()[0] }, null, 2));
process.exit(0);
