import { expect, it } from "vitest";
import { npyBytes } from "../../../src/io/write/npy.ts";
import {
  featureChannels,
  features,
  fortranNpy,
  kilosort4Files,
  phyFiles,
  rawBytes,
  templates,
} from "../../cases/sorterFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";

const seeds = [
  { ...kilosort4Files(), "run_g0_t0.imec0.ap.bin": rawBytes(20) },
  phyFiles({
    "templates.npy": fortranNpy(templates.flat(2), [2, 3, 4]),
    "whitening_mat_inv.npy": npyBytes([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], [4, 4], "<f4"),
    "templates_ind.npy": npyBytes([0, 1, 2, 3, 0, 1, 2, 3], [2, 4], "<f8"),
    "kept_spikes.npy": npyBytes([1, 1, 0, 1, 1], [5], "<i4"),
  }),
  phyFiles({
    "pc_features.npy": npyBytes(features.flat(2), [4, 2, 3], "<f4"),
    "pc_feature_ind.npy": npyBytes(featureChannels, [2, 3], "<i8"),
  }),
  phyFiles({
    "pc_features.npy": fortranNpy(features.flat(2), [4, 2, 3]),
    "pc_feature_ind.npy": npyBytes(featureChannels, [2, 3], "<i8"),
    "dshift.npy": npyBytes([1, 2], [2, 1], "<f4"),
    "yblk.npy": npyBytes([100], [1], "<f8"),
  }),
];

it("ten thousand damaged folders open or explain themselves", async () => {
  const { nOpened } = await fuzzReader("kilosort", seeds, 10_000);
  expect(nOpened).toBeGreaterThan(2000);
}, 180_000);
