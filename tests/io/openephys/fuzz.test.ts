import { expect, it } from "vitest";
import { npyBytes } from "../../../src/io/write/npy.ts";
import {
  int64,
  NP1_PROBE,
  numbersFrom,
  oebinBytes,
  openephysFiles,
  settingsBytes,
  streamEntry,
} from "../../cases/openephysFiles.ts";
import { binaryBytes } from "../../cases/spikeglxFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";

/** Version 0.5: two streams without names, sites on several shanks, a gap. */
const older = {
  "settings.xml": settingsBytes({
    version: "0.5.5.4",
    streams: [],
    probes: [{ ...NP1_PROBE, partNumber: "NP2010", channels: { CH0: "0:0", CH1: "0:1", CH2: "0:0", CH3: "1:2" } }],
  }),
  "recording1/structure.oebin": oebinBytes(
    [
      streamEntry({
        folderName: "Neuropix-PXI-100.0/",
        electrodes: [0, 1281, 2, 3],
        changes: { stream_name: undefined },
      }),
    ],
    "0.5.5.4",
  ),
  "recording1/continuous/Neuropix-PXI-100.0/continuous.dat": binaryBytes(10, 5),
  "recording1/continuous/Neuropix-PXI-100.0/timestamps.npy": int64([1, 2, 3, 4, 50, 51, 52, 53, 54, 55]),
  "recording2/structure.oebin": oebinBytes([streamEntry({ folderName: "Neuropix-PXI-100.0/" })], "0.5.5.4"),
  "recording2/continuous/Neuropix-PXI-100.0/continuous.dat": binaryBytes(10, 5),
  "recording2/continuous/Neuropix-PXI-100.0/timestamps.npy": numbersFrom(90),
  "recording2/continuous/Neuropix-PXI-100.0/synchronized_timestamps.npy": npyBytes([1], [1], "<f8"),
};

it("ten thousand damaged Open Ephys recordings open or explain themselves", async () => {
  const { nOpened } = await fuzzReader("openephys", [openephysFiles(), older], 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
