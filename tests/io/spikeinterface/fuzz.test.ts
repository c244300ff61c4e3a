import { expect, it } from "vitest";
import { npyBytes } from "../../../src/io/write/npy.ts";
import { columnProbe, probeinterfaceBytes } from "../../cases/geometryFiles.ts";
import { binaryFolder, binaryKwargs, bytesOfValues, jsonBytes, valuesOf } from "../../cases/spikeinterfaceFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";

const seeds = [
  binaryFolder(
    { offset_to_uV: [1, 0, 0, 0] },
    { "properties/location.npy": npyBytes([0, 1, 0, 2, 0, 3, 0, 4], [4, 2], "<f8") },
  ),
  binaryFolder(
    { time_axis: 1 },
    {
      "probegroup.json": probeinterfaceBytes(
        columnProbe(2, { device_channel_indices: [2, 0] }),
        columnProbe(2, { device_channel_indices: [1, 3] }),
      ),
    },
  ),
  {
    "run.json": jsonBytes({
      kwargs: binaryKwargs({ channel_ids: undefined, file_paths: ["a", "b"], t_starts: [1, 2] }),
    }),
    a: bytesOfValues(valuesOf()),
    b: bytesOfValues(valuesOf()),
    "times_cached_seg1.npy": npyBytes(
      Array.from({ length: 20 }, (_, i) => 3 + i / 30000),
      [20],
      "<f8",
    ),
  },
];

it("ten thousand damaged binary folders open or explain themselves", async () => {
  const { nOpened } = await fuzzReader("spikeinterface-binary", seeds, 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
