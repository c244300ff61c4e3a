import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { Random } from "../../src/core/random.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { drop, folderOf, painted } from "./page.ts";

const N_SPIKES = 3000;
const N_UNITS = 20;
const N_CONTACTS = 96;
const DURATION_SEC = 120;

const utf8 = (text: string) => new TextEncoder().encode(text);

/** A folder as Kilosort4 writes it: 20 units that all move 30 µm up within 120 s, 96 contacts of Neuropixels 1.0. */
function sorterFolder(): string {
  const random = new Random(5);
  const order = Array.from({ length: N_SPIKES }, (_, i) => i);
  const sample = order.map((i) => Math.round((DURATION_SEC * 30000 * (i + 0.5)) / N_SPIKES));
  const unit = order.map(() => Math.floor(N_UNITS * random.uniform()));
  const contacts = Array.from({ length: N_CONTACTS }, (_, c) => [[43, 11, 59, 27][c % 4], 20 * Math.floor(c / 2)]);
  const place = (i: number) => [
    12 + ((unit[i] * 7) % 47) + random.normal(),
    60 + 40 * unit[i] + (30 * sample[i]) / (30000 * DURATION_SEC) + random.normal(),
  ];
  const n = [N_SPIKES];
  const labels = Array.from({ length: N_UNITS }, (_, u) => `${u}\t${u % 3 === 0 ? "good" : "mua"}\n`);
  return folderOf([
    {
      path: "kilosort4/params.py",
      bytes: utf8("n_channels_dat = 97\nsample_rate = 30000\ndtype = 'int16'\noffset = 0\ndat_path = 'gone.bin'\n"),
    },
    { path: "kilosort4/spike_times.npy", bytes: npyBytes(sample, n, "<i8") },
    { path: "kilosort4/spike_clusters.npy", bytes: npyBytes(unit, n, "<i4") },
    { path: "kilosort4/spike_positions.npy", bytes: npyBytes(order.flatMap(place), [N_SPIKES, 2], "<f4") },
    {
      path: "kilosort4/amplitudes.npy",
      bytes: npyBytes(
        order.map((i) => 12 + unit[i] + random.normal()),
        n,
        "<f4",
      ),
    },
    {
      path: "kilosort4/channel_map.npy",
      bytes: npyBytes(
        contacts.map((_, c) => c),
        [N_CONTACTS],
        "<i4",
      ),
    },
    { path: "kilosort4/channel_positions.npy", bytes: npyBytes(contacts.flat(), [N_CONTACTS, 2], "<f4") },
    { path: "kilosort4/cluster_group.tsv", bytes: utf8(`cluster_id\tgroup\n${labels.join("")}`) },
  ]);
}

test("a folder of Kilosort4 is dropped: drift map, positions on the probe, units, and what cannot be seen in them", async ({
  page,
}) => {
  await page.goto("/?compute=cpu");
  await expect(page.getByTestId("drop-zone")).toBeAttached();
  await drop(page, [join(sorterFolder(), "kilosort4")]);
  const summary = page.getByTestId("dataset-summary");
  await expect(summary).toContainText("Kilosort4: 3,000 spikes, 20 units (13 mua, 7 good)");
  await painted(page, "raster-raw");
  await expect(page.getByTestId("raster-colour")).toHaveValue("unit");
  await page.locator(".dv-tab", { hasText: "Projections" }).click();
  await painted(page, "projections");
  await page.getByRole("button", { name: "random spike" }).first().click();
  await expect(page.getByTestId("selected-spike")).toContainText("unit");
  await page.getByTestId("warnings").click();
  await expect(page.getByText(/the raw file it names \(gone\.bin\) is not among what was opened/)).toBeVisible();
  await expect(page.getByText(/locate spikes after their own drift correction/)).toBeVisible();
});
