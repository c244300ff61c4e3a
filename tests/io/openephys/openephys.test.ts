import { describe, expect, it } from "vitest";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { npyBytes } from "../../../src/io/write/npy.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { columnProbe, probeinterfaceBytes } from "../../cases/geometryFiles.ts";
import {
  AP_FOLDER,
  int64,
  NODE,
  numbersFrom,
  oebinBytes,
  openephysFiles,
  RECORDING,
  type StreamOptions,
  settingsBytes,
  streamEntry,
} from "../../cases/openephysFiles.ts";
import { binaryBytes } from "../../cases/spikeglxFiles.ts";
import { checkRandomRanges, firstDifference } from "../rangeContract.ts";
import { checkReader, sourcesOf } from "../support.ts";

type Files = Record<string, Uint8Array>;
const zipOf = (files: Files) => zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));
const int16 = (bytes: Uint8Array) => new Int16Array(bytes.slice().buffer);
const AP_DAT = `${AP_FOLDER}/continuous.dat`;
const NUMBERS = `${AP_FOLDER}/sample_numbers.npy`;
const OEBIN = `${RECORDING}/structure.oebin`;

async function only(files: Files) {
  const found = await openRecordings(sourcesOf(files));
  expect(found).toHaveLength(1);
  return found[0];
}

/** The sound recording with its stream described otherwise. */
const withStream = (options: StreamOptions) =>
  only({ ...openephysFiles(), [OEBIN]: oebinBytes([streamEntry(options)]) });

describe("an Open Ephys recording", () => {
  it("reads the same from a folder, as loose files and inside an archive", async () => {
    const files = openephysFiles();
    await checkReader("openephys", files, zipOf(files), /events/);
  });

  it("gives samples, scale, sites and delays", async () => {
    const { recording, readSamples, warnings, title } = await only(openephysFiles());
    expect(title).toBe("Open Ephys AP");
    expect(warnings).toEqual([]);
    expect({ ...recording, uvPerBit: [...recording.uvPerBit], delaySamples: [...recording.delaySamples] }).toEqual({
      stream: "ap",
      rateHz: 30000,
      nChannels: 4,
      nSavedChannels: 5,
      sync: 1,
      segments: [{ startSec: 0, nSamples: 10 }],
      uvPerBit: [0.195, 0.195, 0.195, 0.195],
      delaySamples: [0, 0, 1 / 13, 1 / 13],
      probe: {
        model: "Neuropixels 1.0",
        partNumber: "NP1000",
        nShanks: 1,
        positionsUm: [
          [27, 0],
          [59, 0],
          [11, 20],
          [43, 20],
        ],
        shank: [0, 0, 0, 0],
        connected: [true, true, true, true],
      },
    });
    expect(firstDifference(await readSamples(0, 0, 10), int16(binaryBytes()))).toBe(-1);
  });

  it("leaves nothing of its folder unexplained", async () => {
    const [{ info }] = await openSources(sourcesOf(openephysFiles()));
    expect(info.warnings).toEqual([]);
    expect(info.files.map((f) => f.path)).toEqual([AP_DAT, OEBIN, `${NODE}/settings.xml`, NUMBERS]);
  });

  it.each([
    ["", 0.195, 0.195],
    ["uV", 0.195, 0.195],
    ["µV", 0.5, 0.5],
    ["mV", 0.000195, 0.195],
    ["V", 1.95e-7, 0.195],
  ])("takes bit_volts in %j", async (units, bitVolts, uv) => {
    const { recording } = await withStream({ units, bitVolts });
    expect(recording.uvPerBit[0]).toBeCloseTo(uv, 12);
  });

  it("puts the sync word last and leaves out what is no electrode", async () => {
    const { recording, readSamples, warnings } = await withStream({ names: ["AP_SYNC", "ADC1", "AP1", "AP2", "AP3"] });
    expect(recording).toMatchObject({ nChannels: 3, nSavedChannels: 4, sync: 1 });
    const rows = int16(binaryBytes());
    const expected = Array.from({ length: 40 }, (_, i) => rows[5 * (i >> 2) + [2, 3, 4, 0][i & 3]]);
    expect([...(await readSamples(0, 0, 10))]).toEqual(expected);
    expect([...(await readSamples(0, 4, 6))]).toEqual(expected.slice(16, 24));
    expect(warnings).toEqual([
      `${OEBIN}: channels of Neuropix-PXI-100.ProbeA-AP that are no electrodes are left out: ADC1.`,
    ]);
  });

  it("knows the LF band by its stream, its rate or its channels", async () => {
    for (const options of [
      { streamName: "ProbeA-LFP" },
      { rateHz: 2500 },
      { names: ["LFP1", "LFP2", "LFP3", "LFP4", "LFP_SYNC"] },
    ]) {
      const { recording, title } = await withStream(options);
      expect([recording.stream, title, recording.delaySamples[2]]).toEqual(["lf", "Open Ephys LF", 1 / 12]);
    }
  });

  it("gives each stream of each record node and experiment, and says what it leaves out", async () => {
    const lf = "Neuropix-PXI-100.ProbeA-LFP";
    const daq = {
      folderName: "NI-DAQmx-104.PXIe-6341/",
      streamName: "PXIe-6341",
      processor: "NI-DAQmx",
      names: ["AI0", "AI1"],
    };
    const oebin = oebinBytes([
      streamEntry(),
      streamEntry({ folderName: `${lf}/`, streamName: "ProbeA-LFP", rateHz: 2500 }),
      streamEntry(daq),
    ]);
    const files: Files = {};
    for (const recording of [
      RECORDING,
      RECORDING.replace("experiment1", "experiment2"),
      "Record Node 2/experiment1/recording1",
    ]) {
      files[`${recording}/structure.oebin`] = oebin;
      for (const [folder, n] of [
        ["Neuropix-PXI-100.ProbeA-AP", 10],
        [lf, 6],
        ["NI-DAQmx-104.PXIe-6341", 10],
      ] as const) {
        files[`${recording}/continuous/${folder}/continuous.dat`] = binaryBytes(n, folder.startsWith("NI") ? 2 : 5);
        files[`${recording}/continuous/${folder}/sample_numbers.npy`] = numbersFrom(7, n);
      }
    }
    files[`${NODE}/settings.xml`] = settingsBytes();
    files[`${NODE}/settings_2.xml`] = settingsBytes({ probes: [{ partNumber: "NP1300" }] });
    files["Record Node 2/settings.xml"] = settingsBytes();
    const found = await openRecordings(sourcesOf(files));
    expect(
      found.map(({ title, recording }) => [title, recording.segments[0].nSamples, recording.probe.partNumber]),
    ).toEqual([
      ["Open Ephys AP", 10, "NP1000"],
      ["Open Ephys LF", 6, "NP1000"],
      ["Open Ephys AP", 10, "NP1300"],
      ["Open Ephys LF", 6, "NP1300"],
      ["Open Ephys AP", 10, "NP1000"],
      ["Open Ephys LF", 6, "NP1000"],
    ]);
    expect(found[0].warnings).toEqual([`${OEBIN}: streams of no probe are left out: NI-DAQmx-104.PXIe-6341.`]);
    const [{ info }] = await openSources(sourcesOf(files));
    expect(info.warnings).toEqual(found[0].warnings);
  });

  it("takes the geometry that lies beside it where its settings are missing", async () => {
    const { [`${NODE}/settings.xml`]: _, ...files } = openephysFiles();
    const wiring = { device_channel_indices: [0, 1, 2, 3] };
    const { recording } = await only({ ...files, [`${NODE}/probe.json`]: probeinterfaceBytes(columnProbe(4, wiring)) });
    expect(recording.probe.positionsUm).toHaveLength(4);
  });
});

describe("time of an Open Ephys recording", () => {
  const second = (path: string) => path.replace("recording1", "recording2");
  const numbered = (first: readonly number[], then: readonly number[] | null): Files => ({
    ...openephysFiles(),
    [NUMBERS]: int64(first),
    ...(then && {
      [second(OEBIN)]: oebinBytes(),
      [second(AP_DAT)]: binaryBytes(),
      [second(NUMBERS)]: int64(then),
    }),
  });
  const count = (first: number, n = 10) => Array.from({ length: n }, (_, i) => first + i);

  it("is that of its sample numbers: recordings of an experiment are segments", async () => {
    const { recording, readSamples, warnings } = await only(numbered(count(90000), count(30000)));
    expect(recording.segments).toEqual([
      { startSec: 0, nSamples: 10 },
      { startSec: 2, nSamples: 10 },
    ]);
    expect(warnings).toEqual([]);
    expect(firstDifference(await readSamples(1, 0, 10), int16(binaryBytes()))).toBe(-1);
  });

  it("splits at every gap", async () => {
    const numbers = [...count(100, 3), ...count(203, 4), 300, ...count(302, 2)];
    const { recording, readSamples, warnings } = await only(numbered(numbers, null));
    expect(recording.segments.map((s) => [Math.round(s.startSec * 30000), s.nSamples])).toEqual([
      [0, 3],
      [103, 4],
      [200, 1],
      [202, 2],
    ]);
    expect(warnings).toEqual([
      `${AP_DAT}: 3 gaps in its sample numbers, up to 0.003 s, 0.007 s and 0.007 s, 194 samples lost in all; what lies between is read as segments.`,
    ]);
    expect([...(await readSamples(3, 1, 2))]).toEqual([...int16(binaryBytes()).slice(45)]);
  });

  it("finds gaps in long files, and reads any range", async () => {
    const n = 20_000;
    const jumps = [4095, 4096, 12_001, 19_999];
    const numbers = Array.from({ length: n }, (_, i) => i + 50 * jumps.filter((at) => i >= at).length);
    const { recording, readSamples } = await only({
      "structure.oebin": oebinBytes(),
      "continuous.dat": binaryBytes(n, 5),
      "sample_numbers.npy": int64(numbers),
    });
    expect(recording.segments.map((s) => s.nSamples)).toEqual([4095, 1, 7905, 7998, 1]);
    const read = (a: number, b: number) => readSamples(2, a, b);
    await checkRandomRanges({ nRows: 7905, rowBytes: 10, startByte: 40960, read });
  });

  it("lags where gaps are too many to be segments, and says by how much", async () => {
    const everyOther = Array.from({ length: 2500 }, (_, i) => 2 * i);
    const { recording, warnings } = await only({
      "structure.oebin": oebinBytes(),
      "continuous.dat": binaryBytes(2500, 5),
      "sample_numbers.npy": int64(everyOther),
      "settings.xml": settingsBytes(),
    });
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: 2500 }]);
    expect(warnings).toEqual([
      "sample_numbers.npy: expected samples with fewer than 1000 gaps, found more; read as one stretch, so times lag by up to 2499 samples at its end.",
    ]);
  });

  it("is counted by timestamps.npy before version 0.6, and never by seconds", async () => {
    const { [NUMBERS]: _, ...files } = openephysFiles();
    const stamps = `${AP_FOLDER}/timestamps.npy`;
    const { recording } = await only({ ...files, [stamps]: int64([...count(5, 4), ...count(20, 6)]) });
    expect(recording.segments.map((s) => s.nSamples)).toEqual([4, 6]);
    const { warnings } = await only({ ...files, [stamps]: npyBytes(count(0), [10], "<f8") });
    expect(warnings).toEqual([
      `${AP_DAT}: expected sample_numbers.npy beside it, found none; read as one stretch without gaps.`,
    ]);
  });

  it("keeps recordings apart that nothing places", async () => {
    const files = numbered(count(1), count(100));
    delete files[second(NUMBERS)];
    expect(await openRecordings(sourcesOf(files))).toHaveLength(2);
  });
});

describe("files of an Open Ephys recording find each other", () => {
  const [settings, oebin, dat, numbers] = Object.values(openephysFiles());
  it.each<[string, Files]>([
    [
      "without their folders",
      { "settings.xml": settings, "structure.oebin": oebin, "continuous.dat": dat, "sample_numbers.npy": numbers },
    ],
    ["under other names", { "a/s": settings, "a/b/c/d.json": oebin, "a/b/c/e/f/g": dat, "a/b/c/e/f/h.npy": numbers }],
    [
      "in a renamed folder of the stream",
      {
        "settings.xml": settings,
        "r/structure.oebin": oebin,
        "r/continuous/x/continuous.dat": dat,
        "r/continuous/x/sample_numbers.npy": numbers,
      },
    ],
    [
      "beside a sorting",
      {
        "n/settings.xml": settings,
        "n/experiment1/recording1/structure.oebin": oebin,
        "n/experiment1/recording1/continuous/Neuropix-PXI-100.ProbeA-AP/continuous.dat": dat,
        "n/experiment1/recording1/continuous/Neuropix-PXI-100.ProbeA-AP/sample_numbers.npy": numbers,
        "n/experiment1/recording1/continuous/Neuropix-PXI-100.ProbeA-AP/kilosort4/temp_wh.dat": new Uint8Array(100),
      },
    ],
  ])("%s", async (_, files) => {
    const expected = await only(openephysFiles());
    const { recording, warnings } = await only(files);
    expect(recording).toEqual(expected.recording);
    expect(warnings).toEqual([]);
  });
});
