import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { electrodes, nwbBytes, series } from "../io/nwb/makeNwb.ts";
import { drop, folderOf, painted, smallRecording } from "./page.ts";

// it would fetch every file of the program, to keep it
test.use({ serviceWorkers: "block" });

const [nChannels, rateHz, seconds] = [64, 30_000, 2];

/** Noise in two columns of sites, with a dip every 50 ms that wanders over the channels. */
async function recording(): Promise<string> {
  const nSamples = rateHz * seconds;
  const data = new Int16Array(nSamples * nChannels);
  for (let i = 0; i < data.length; i++) {
    const [sample, channel] = [Math.floor(i / nChannels), i % nChannels];
    const isDip = sample % 1500 < 20 && Math.abs(channel - (Math.floor(sample / 1500) % nChannels)) < 3;
    data[i] = ((i * 7919) % 13) - 6 - (isDip ? 60 : 0);
  }
  const bytes = await nwbBytes((file) => {
    const rows = Int32Array.from({ length: nChannels }, (_, i) => i);
    const x = Array.from(rows, (i) => (i % 2) * 32);
    const y = Array.from(rows, (i) => Math.floor(i / 2) * 20);
    electrodes(file, { x, y, groups: Array(nChannels).fill("ProbeA"), devices: { ProbeA: "ProbeA" } });
    const stored = { data, shape: [nSamples, nChannels], chunks: [8192, 32], gzip: 4 };
    series(file, { ...stored, rateHz, conversion: 2.34375e-6, unit: "volts", electrodes: rows });
  });
  return join(folderOf([{ path: "session.nwb", bytes }]), "session.nwb");
}

test("an NWB file is opened by range; HDF5 is loaded for it, and not for other files", async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  const hdf5 = () => loaded.filter((url) => url.includes("hdf5_util"));
  await page.goto("/?compute=cpu");
  await drop(page, smallRecording().paths);
  await expect(page.getByTestId("dataset-summary")).toContainText("MEDiCINe", { timeout: 30_000 });
  expect(hdf5()).toEqual([]);

  await drop(page, [await recording()]);
  await expect(page.getByTestId("dataset-summary")).toContainText("NWB ElectricalSeriesAP: 64 channels", {
    timeout: 30_000,
  });
  await painted(page, "probe");
  await painted(page, "traces");
  expect(hdf5().length).toBeGreaterThan(0);
});
