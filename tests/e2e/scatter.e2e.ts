import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { Random } from "../../src/core/random.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { staggeredProbe } from "../cases/probes.ts";
import { axeViolations, drop, folderOf, painted } from "./page.ts";

const nChannels = 96;

/** Spikes of some neurons beside a probe, with places, α and peak channels: what a localizer leaves in a data set. */
function localizedSpikes(nSpikes: number): { folder: string; depthUm: Float64Array } {
  const random = new Random(4);
  const contacts = staggeredProbe(nChannels);
  const units = Array.from({ length: 40 }, () => [
    60 * random.uniform(),
    900 * random.uniform(),
    60 * random.uniform(),
  ]);
  const [x, y, z, alpha] = [0, 0, 0, 0].map(() => new Float64Array(nSpikes));
  const channel = new Int32Array(nSpikes);
  for (let i = 0; i < nSpikes; i++) {
    const unit = i % units.length;
    const [ux, uy, uz] = units[unit];
    x[i] = ux + 4 * random.normal();
    y[i] = uy + 5 * random.normal();
    z[i] = Math.abs(uz + 6 * random.normal());
    alpha[i] = 10 ** (3 + 0.012 * uz + 0.1 * random.normal());
    const near = (c: number) => Math.hypot(contacts[2 * c] - ux, contacts[2 * c + 1] - uy);
    channel[i] = contacts.reduce((best, _, c) => (c < nChannels && near(c) < near(best) ? c : best), 0);
  }
  const column = (values: ArrayLike<number>, dtype: "<f8" | "<i4" | "<i8" = "<f8") =>
    npyBytes(values, [nSpikes], dtype);
  const rate = 30000;
  const files = {
    "fs.npy": npyBytes([rate], [1], "<f8"),
    "spike_times.npy": column(
      Float64Array.from(x, (_, i) => 40 * i + 100),
      "<i8",
    ),
    "spike_channels.npy": column(channel, "<i4"),
    "spike_amplitudes.npy": column(alpha.map((a) => -a / 30)),
    "spike_locs_x.npy": column(x),
    "spike_locs_y.npy": column(y),
    "spike_locs_z.npy": column(z),
    "spike_locs_alpha.npy": column(alpha),
    "channel_locations.npy": npyBytes(contacts, [nChannels, 2], "<f4"),
  };
  return { folder: folderOf(Object.entries(files).map(([path, bytes]) => ({ path, bytes }))), depthUm: y };
}

const count = async (page: Page) =>
  Number(((await page.getByTestId("brushed").textContent()) ?? "").split(" ")[0].replaceAll(",", ""));

async function dragBox(page: Page, kind: string, from: [number, number], to: [number, number]): Promise<void> {
  const box = (await page.getByTestId(`picture-${kind}`).boundingBox())!;
  const at = ([fx, fy]: [number, number]) => [box.x + fx * box.width, box.y + fy * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  await page.mouse.move(...at(to));
  await page.mouse.up();
}

test("spikes are picked, brushed in one picture, seen in the others, coloured and saved", async ({ page }) => {
  const { folder, depthUm } = localizedSpikes(9000);
  await page.goto("/?compute=cpu");
  await drop(page, [folder]);
  await painted(page, "raster-raw");
  await page.locator(".dv-tab", { hasText: "Local pairs" }).click();
  await painted(page, "local-pairs");
  const picture = page.getByTestId("picture-local-pairs");
  const look = () => picture.screenshot();

  // a click picks the spike nearest in px, and the same place another one after a zoom
  const box = (await picture.boundingBox())!;
  const [x, y] = [box.x + 0.2 * box.width, box.y + 0.25 * box.height];
  const selected = page.getByTestId("selected-spike");
  await page.mouse.move(x, y);
  await page.mouse.click(x, y);
  await expect(selected).toHaveText(/^spike/);
  const first = (await selected.textContent())!;
  const before = await look();
  await page.mouse.wheel(0, -500);
  await expect.poll(async () => (await look()).equals(before)).toBe(false);
  await page.mouse.click(x, y);
  await expect(selected).toHaveText(/^spike/);
  await page.keyboard.press("x");
  await expect(selected).not.toHaveText(first);
  await page.keyboard.press("0");

  await page.getByTestId("raster-colour").selectOption("alpha");
  await page.getByTestId("colour-scale").click();
  await page.getByTestId("alpha-scale").selectOption("percentiles");
  await page.getByTestId("strongest-on-top").check();
  await page.screenshot({ path: "test-results/menu.png" });
  await page.keyboard.press("Escape");
  await page.getByTestId("brush-lasso-local-pairs").click();
  await dragBox(page, "local-pairs", [0.12, 0.1], [0.12, 0.1]); // a click is none
  await dragBox(page, "local-pairs", [0.12, 0.1], [0.24, 0.3]); // nor is a line that encloses nothing
  await page.keyboard.press("b");
  await dragBox(page, "local-pairs", [0.12, 0.1], [0.22, 0.3]);
  await expect(page.getByTestId("brushed")).toHaveText(/^[\d,]+ of 9,000 spikes brushed$/);
  const some = await count(page);
  expect(some).toBeGreaterThan(50);
  expect(some).toBeLessThan(8000);
  await expect(page.getByTestId("brushed-words-local-pairs")).toContainText(/depth [\d,.]+ µm.*Hz from/);
  await page.screenshot({ path: "test-results/local-pairs-dark.png" });

  // the same spikes in the raster; what lies inside there and above is added with shift, taken away with alt
  await page.locator(".dv-tab", { hasText: "Raster (raw)" }).click();
  await painted(page, "raster-raw");
  await page.keyboard.down("Shift");
  await dragBox(page, "raster-raw", [0.2, 0.2], [0.5, 0.6]);
  await page.keyboard.up("Shift");
  await expect.poll(() => count(page)).toBeGreaterThan(some);
  const more = await count(page);
  await page.keyboard.down("Alt");
  await dragBox(page, "raster-raw", [0.2, 0.2], [0.5, 0.4]);
  await page.keyboard.up("Alt");
  await expect.poll(() => count(page)).toBeLessThan(more);
  await page.keyboard.press("t");
  await page.screenshot({ path: "test-results/raster-light.png" });
  expect(await axeViolations(page)).toEqual([]);

  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByTestId("export-brushed-csv").click()]);
  const lines = readFileSync(await download.path(), "utf8")
    .trim()
    .split("\n");
  expect(lines[0]).toBe("spike,time_s,channel,x_um,depth_um,z_um,alpha_uv_um,amplitude_uv,sample_index");
  expect(lines.length - 1).toBe(await count(page));
  const row = lines[7].split(",").map(Number);
  expect(row[4]).toBeCloseTo(depthUm[row[0]], 2);
  await page.keyboard.press("Escape"); // the menu, the brush, what is brushed
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page.getByTestId("brushed")).toHaveText("");
});
