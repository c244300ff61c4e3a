import { expect, it } from "vitest";
import { openRecordings } from "../../../src/io/open.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { asBadFiles, type Files, jsonBytes, valuesOf } from "../../cases/spikeinterfaceFiles.ts";
import { arrayV2, doubles, traces } from "../../cases/zarrFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";
import { checkReader, sourcesOf } from "../support.ts";

const series = "acquisition/ElectricalSeriesAP";
const electrodes = "general/extracellular_ephys/electrodes";
const group = jsonBytes({ zarr_format: 2 });

function nwbFolder(more: Files = {}): Files {
  const folders = ["", "acquisition/", `${series}/`, "general/", "general/extracellular_ephys/", `${electrodes}/`];
  return {
    ...Object.fromEntries(folders.map((folder) => [`${folder}.zgroup`, group])),
    ".zattrs": jsonBytes({ ".specloc": "specifications", neurodata_type: "NWBFile", nwb_version: "2.7.0" }),
    [`${series}/.zattrs`]: jsonBytes({ neurodata_type: "ElectricalSeries", namespace: "core" }),
    ...arrayV2(`${series}/data`, traces()),
    [`${series}/data/.zattrs`]: jsonBytes({ conversion: 2.5e-6, offset: 1e-5, unit: "volts" }),
    ...arrayV2(`${series}/starting_time`, doubles([0])),
    [`${series}/starting_time/.zattrs`]: jsonBytes({ rate: 30000, unit: "seconds" }),
    ...arrayV2(`${series}/electrodes`, doubles([5, 4, 3, 2])),
    ...arrayV2(`${electrodes}/rel_x`, doubles([0, 0, 16, 48, 16, 48])),
    ...arrayV2(`${electrodes}/rel_y`, doubles([0, 0, 20, 40, 60, 80])),
    ...more,
  };
}

it("an ElectricalSeries is a recording with scale, offset and sites", async () => {
  const [{ recording, readSamples, format, title }] = await openRecordings(sourcesOf(nwbFolder()));
  expect([format, title]).toEqual(["nwb-zarr", "NWB ElectricalSeriesAP"]);
  expect(recording).toMatchObject({ rateHz: 30000, nChannels: 4, segments: [{ startSec: 0, nSamples: 20 }] });
  expect(recording.probe.positionsUm).toEqual([
    [48, 80],
    [16, 60],
    [48, 40],
    [16, 20],
  ]);
  const samples = await readSamples(0, 0, 20);
  const uv = samples.map((value, i) => value * recording.uvPerBit[i % 4]);
  for (const [i, value] of valuesOf().entries()) expect(uv[i]).toBeCloseTo(2.5 * value + 10, 3);
});

it("is the same in every folder and archive", async () => {
  await checkReader("nwb-zarr", nwbFolder(), zipBytes(asBadFiles(nwbFolder())));
});

it("takes its rate from timestamps where none is stated, with a word", async () => {
  const times = doubles(Array.from({ length: 20 }, (_, i) => 7 + i / 25000));
  const { [`${series}/starting_time/.zattrs`]: _, ...files } = nwbFolder(arrayV2(`${series}/timestamps`, times));
  const [{ recording, warnings }] = await openRecordings(sourcesOf(files));
  expect(recording.rateHz).toBeCloseTo(25000, 6);
  expect(warnings[0]).toMatch(/no rate is stated; 25000 Hz is that of the first and the last timestamp/);
});

it("ten thousand damaged NWB folders open or explain themselves", async () => {
  const { nOpened } = await fuzzReader("nwb-zarr", [nwbFolder()], 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
