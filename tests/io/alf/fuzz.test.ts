import { expect, it } from "vitest";
import { f8, fourSpikes, i4, sorterDrift } from "../../cases/alfFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";
import { utf8 } from "../support.ts";

const spikes = {
  ...fourSpikes,
  "spikes.clusters.npy": i4([0, 1, 0, 1]),
  "spikes.samples.npy": i4([15_000, 30_000, 60_000, 97_500]),
  "clusters.channels.npy": i4([0, 1]),
  "clusters.metrics.csv": utf8("cluster_id,label\n0,1\n1,0.33\n"),
  "channels.localCoordinates.npy": f8([0, 20, 250, 20], [2, 2]),
};

it("ten thousand damaged ALF folders open or explain themselves", async () => {
  const { nOpened } = await fuzzReader("ibl-alf", [spikes, sorterDrift], 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
