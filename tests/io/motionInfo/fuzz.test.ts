import { expect, it } from "vitest";
import { fuzzReader } from "../fuzzReader.ts";
import { f8 } from "../support.ts";
import { motionFiles, peakFiles } from "./files.ts";

const peaks = peakFiles([15_000, 45_000, 30_000], [0, 0, 1]);
const seeds = [
  {
    ...peaks,
    ...motionFiles([
      [100.5, 101.5],
      [120.5, 121.5],
    ]),
  },
  { ...peakFiles([15_000, 45_000], [0, 0]), "temporal_bins.npy": f8([0.5, 1.5]), "motion.npy": f8([3, 4], [2, 1]) },
];

it("ten thousand damaged motion_info folders open or explain themselves", async () => {
  const { nOpened } = await fuzzReader("spikeinterface-peaks", seeds, 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
