import { expect, it } from "vitest";
import { folderBeside, geometryBeside } from "../../src/app/recordingChoice.ts";
import { openRecordings } from "../../src/io/open.ts";
import { plainApi } from "../../src/io/plain/plainApi.ts";
import { recordingDataset } from "../../src/io/recordings.ts";
import { mtscompFiles } from "../cases/mtscompFiles.ts";
import { NODE, openephysFiles } from "../cases/openephysFiles.ts";
import { recordingFiles } from "../cases/spikeglxFiles.ts";
import { binaryFolder } from "../cases/spikeinterfaceFiles.ts";
import { zarrFolder } from "../cases/zarrFiles.ts";
import { nwbBytes, series } from "../io/nwb/makeNwb.ts";
import { sourcesOf } from "../io/support.ts";

type Files = Record<string, Uint8Array>;

const unknown = { imDatPrb_pn: "NP9999", imDatPrb_type: 9999, imMaxInt: 512, "~muxTbl": "(2,2)(0 1)(2 3)" };
const under = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${folder}/${path}`, bytes]));
const without = (files: Files, name: RegExp): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => !name.test(path)));

const nwbFacts = { data: Int16Array.from({ length: 400 }, (_, i) => i), shape: [100, 4], rateHz: 30000, unit: "volts" };

/** Recordings of four channels that do not say where their contacts lie, in every format. */
const formats: Record<string, () => Promise<Files> | Files> = {
  spikeglx: () => under("run", recordingFiles("a", unknown)),
  mtscomp: () => under("run", mtscompFiles({}, unknown)),
  openephys: () => under("run", without(openephysFiles(), new RegExp(`${NODE}/settings.xml`))),
  "spikeinterface-binary": () => under("saved", without(binaryFolder(), /probe|properties\//)),
  "spikeinterface-zarr": () => under("a/saved.zarr", zarrFolder({ probegroup: undefined })),
  nwb: async () => ({ "day/rec.nwb": await nwbBytes((file) => series(file, nwbFacts)) }),
};

it.each(Object.entries(formats))("a probe chosen later places the contacts of %s", async (format, make) => {
  const files = await make();
  const [before] = await openRecordings(sourcesOf(files));
  expect(before.format).toBe(format);
  expect(before.recording.probe.positionsUm).toEqual([]);
  const { info, recording } = recordingDataset(before);
  const probe = await plainApi.probeFile("x.probe.json", { kind: "linear", pitchUm: 25 }, recording.nChannels);
  const [beside] = geometryBeside(info, probe ? [probe] : []) ?? [];
  const bytes = new Uint8Array(await beside.file.arrayBuffer());
  const [after] = await openRecordings(sourcesOf({ ...files, [beside.path]: bytes }));
  expect(after.recording.probe.positionsUm).toEqual(Array.from({ length: recording.nChannels }, (_, c) => [0, 25 * c]));
});

it("lies outside a Zarr folder, and in the outermost folder of any other format", () => {
  const dataIn = (...paths: string[]) => ({ files: paths.map((path) => ({ path, bytes: 1 })) });
  expect(folderBeside(dataIn("a/b.zarr/.zattrs", "a/b.zarr/traces_seg0/0.0"))).toBe("a/");
  expect(folderBeside(dataIn("b.zarr/zarr.json"))).toBe("");
  expect(folderBeside(dataIn("n/e/r/c/s/continuous.dat", "n/e/r/structure.oebin"))).toBe("n/e/r/");
});
