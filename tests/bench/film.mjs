import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dropPaths } from "../e2e/drag.mjs";
import { withPage } from "../e2e/serve.mjs";

const rateHz = 30_000;
const durationSec = 100;
/** as dense as 2.5 million spikes in 33 minutes */
const nSpikes = 1276 * durationSec;

/** A column as .npy, version 1. */
function npy(values) {
  const head = `{'descr': '<f8', 'fortran_order': False, 'shape': (${values.length},), }`;
  const header = `${head.padEnd(117)}\n`;
  const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  return Buffer.concat([prefix, Buffer.from(header, "latin1"), Buffer.from(Float64Array.from(values).buffer)]);
}

/** Localized spikes along a whole Neuropixels 1.0 probe, as an SLN data set. */
function localizedFolder() {
  const folder = mkdtempSync(join(tmpdir(), "driftscope-film-"));
  let state = 9;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const rows = Array.from({ length: nSpikes }, (_, i) => i);
  const columns = {
    fs: [rateHz],
    spike_times: rows.map((i) => Math.round((i / nSpikes) * durationSec * rateHz)),
    spike_amplitudes: rows.map(() => -40 - 300 * uniform() ** 2),
    spike_locs_x: rows.map(() => 80 * uniform() - 10),
    spike_locs_y: rows.map(() => 3840 * uniform()),
    spike_locs_z: rows.map(() => 60 * uniform()),
  };
  for (const [name, values] of Object.entries(columns)) writeFileSync(join(folder, `${name}.npy`), npy(values));
  return folder;
}

/**
 * Frames per second at which the page makes films of 100 frames of 1276 spikes in CPU mode, drawing and encoding together.
 * @param {string} root
 * @returns {Promise<{ format: string, size: string, framesPerSec: number, words: string }[]>}
 */
export async function filmRates(root) {
  const folder = localizedFolder();
  const rates = [];
  try {
    await withPage(root, async (page, url) => {
      await page.goto(`${url}?compute=cpu`);
      await page.getByTestId("drop-zone").waitFor({ state: "attached" });
      await dropPaths(page, [folder]);
      await page.locator(".dv-tab", { hasText: "Film" }).click();
      await page.locator('[data-testid="picture-film-frame"] canvas[data-painted="true"]').waitFor();
      await page.getByTestId("film-save-open").click();
      for (const size of ["720", "1080"]) {
        await page.getByTestId("film-size").selectOption(size);
        for (const format of ["mp4", "webm", "png"]) {
          await page.getByTestId("film-format").selectOption(format);
          await Promise.all([
            page.waitForEvent("download", { timeout: 300_000 }),
            page.getByTestId("film-save").click(),
          ]);
          await page.getByTestId("film-outcome").filter({ hasText: "frames/s" }).waitFor();
          const words = (await page.getByTestId("film-outcome").textContent()) ?? "";
          const framesPerSec = Number(/([\d.]+) frames\/s/.exec(words)?.[1]);
          rates.push({ format, size, framesPerSec, words });
        }
      }
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  return rates;
}
