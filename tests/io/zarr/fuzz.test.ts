import { zlibSync } from "fflate";
import { expect, it } from "vitest";
import { columnProbe } from "../../cases/geometryFiles.ts";
import { type Files, jsonBytes } from "../../cases/spikeinterfaceFiles.ts";
import { type ArrayParts, arrayV2, doubles, traces, zarrFolder, zarrFolderV3 } from "../../cases/zarrFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";
import { encoded } from "./encoders.ts";

async function packed(files: Files, encode: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>): Promise<Files> {
  const out = { ...files };
  for (const path of Object.keys(files)) if (/^traces_seg\d\/\d/.test(path)) out[path] = await encode(files[path]);
  return out;
}

const blosc = { cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 };
const lz4 = { cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 };
const compressor = (id: string, more: object = {}): Partial<ArrayParts> => ({
  compressor: { id, ...more },
  chunks: [64, 4],
});
const long = traces({}, 100);

it("ten thousand damaged Zarr folders open or explain themselves", async () => {
  const probes = [
    columnProbe(2, { device_channel_indices: [0, 2] }),
    columnProbe(2, { device_channel_indices: [1, 3] }),
  ];
  const seeds = [
    await packed(zarrFolder({}, { ...long, ...compressor("blosc", blosc) }), (b) => encoded("blosc", blosc, b)),
    await packed(zarrFolder({}, { ...long, ...compressor("blosc", lz4) }), (b) => encoded("blosc", lz4, b)),
    await packed(zarrFolder({}, { ...long, ...compressor("zstd", { level: 1 }) }), (b) =>
      encoded("zstd", { level: 1 }, b),
    ),
    await packed(zarrFolder({}, { ...long, ...compressor("zlib", { level: 1 }), order: "F" }), (b) => zlibSync(b)),
    {
      ...zarrFolder({ num_segments: 2, probegroup: { probes } }),
      ...arrayV2("traces_seg1", traces()),
      ...arrayV2("t_starts", doubles([1, 2])),
    },
    zarrFolderV3(),
    {
      ".zmetadata": jsonBytes({ metadata: {} }),
      ...zarrFolder({ probegroup: null }, { chunks: [8, 3] }),
      ...arrayV2("properties/location", doubles([1, 2, 3, 4, 5, 6, 7, 8], [4, 2])),
    },
  ];
  const { nOpened } = await fuzzReader("spikeinterface-zarr", seeds, 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
