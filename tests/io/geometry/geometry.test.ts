import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import type { GivenSites } from "../../../src/io/geometry/geometryFile.ts";
import { readProbeinterface } from "../../../src/io/geometry/probeinterface.ts";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { channelLocationsBytes, columnProbe, type ProbeJson, probeinterfaceBytes } from "../../cases/geometryFiles.ts";
import { recordingFiles } from "../../cases/spikeglxFiles.ts";
import { checkReader, f8, sourcesOf, utf8 } from "../support.ts";

type Files = Record<string, Uint8Array>;

async function sitesOf(nChannels: number, ...probes: ProbeJson[]): Promise<GivenSites | string> {
  const file = await readProbeinterface(memorySource("probe.json", probeinterfaceBytes(...probes)));
  try {
    return file!.sitesFor(nChannels);
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return (error as AppError).message;
  }
}

describe("a probeinterface file", () => {
  it("gives contacts in the order of the channels they are wired to, without unconnected ones", async () => {
    expect(await sitesOf(3, columnProbe(4, { device_channel_indices: [2, -1, 0, 1] }))).toEqual({
      model: "made up",
      nShanks: 1,
      positionsUm: [
        [8, 40],
        [8, 60],
        [8, 0],
      ],
      shank: [0, 0, 0],
      connected: [true, true, true],
      notes: [],
    });
  });

  it("may count millimetres, and names shanks in words", async () => {
    const sites = await sitesOf(
      3,
      columnProbe(3, { si_units: "mm", shank_ids: ["10", "2", "10"], device_channel_indices: [0, 1, 2] }),
    );
    expect(sites).toMatchObject({
      nShanks: 2,
      shank: [1, 0, 1],
      positionsUm: expect.arrayContaining([[8000, 20_000]]),
    });
  });

  it("without wiring is taken contact by contact, and says so", async () => {
    expect(await sitesOf(2, columnProbe(2))).toMatchObject({
      positionsUm: [
        [8, 0],
        [8, 20],
      ],
      notes: [
        "probe.json: there is no wiring (device_channel_indices), so contact 0 was taken as channel 0, and so on.",
      ],
    });
  });

  it("of several probes gives the one that fits, whose channels may count on from the one before", async () => {
    const second = columnProbe(3, { device_channel_indices: [4, 3, 2], annotations: { name: "second" } });
    expect(await sitesOf(3, columnProbe(2, { device_channel_indices: [0, 1] }), second)).toMatchObject({
      model: "second",
      positionsUm: [
        [8, 40],
        [8, 20],
        [8, 0],
      ],
    });
  });

  it.each<[string, ProbeJson[], string]>([
    [
      "another count",
      [columnProbe(5), columnProbe(2)],
      "probe.json: expected a probe of 4 connected contacts, one for each neural channel, found 5 and 2.",
    ],
    [
      "two that fit",
      [columnProbe(4), columnProbe(4)],
      "probe.json: expected one probe of 4 contacts, found 2; keep only the probe of this recording in the file.",
    ],
    ["no probes", [], "probe.json: expected a list of probes, found none."],
    [
      "an unknown unit",
      [columnProbe(4, { si_units: "inch" })],
      'probe.json: expected si_units of um or mm, found "inch".',
    ],
    [
      "three dimensions",
      [columnProbe(4, { ndim: 3 })],
      "probe.json: expected a probe of two dimensions (ndim 2), found 3.",
    ],
    [
      "a contact nowhere",
      [
        columnProbe(4, {
          contact_positions: [
            [0, 0],
            [0, null],
            [0, 1],
            [0, 2],
          ],
        }),
      ],
      "probe.json: expected x and y of every contact, found [0,null] for contact 1.",
    ],
    [
      "a channel wired twice",
      [columnProbe(4, { device_channel_indices: [0, 1, 1, 2] })],
      "probe.json: expected each channel once in device_channel_indices, found one of them twice.",
    ],
    [
      "wiring of too few",
      [columnProbe(4, { device_channel_indices: [0, 1] })],
      "probe.json: expected 4 device_channel_indices, one for each contact, found 2.",
    ],
    [
      "wiring in words",
      [columnProbe(4, { device_channel_indices: [0, 1, 2, "3"] })],
      'probe.json: expected whole numbers in device_channel_indices, found "3".',
    ],
  ])("with %s is refused", async (_, probes, sentence) => {
    expect(await sitesOf(4, ...probes)).toBe(sentence);
  });

  it("is known by its content alone", async () => {
    for (const text of ["{}", "[]", "{", '{"specification": "other"}', ""]) {
      expect(await readProbeinterface(memorySource("probe.json", utf8(text)))).toBeNull();
    }
    expect(await readProbeinterface(memorySource("a.txt", probeinterfaceBytes(columnProbe(1))))).toBeNull();
  });
});

/** Four channels of a probe nobody knows. */
const unknown = { imDatPrb_pn: "NP9999", imDatPrb_type: 9999, imMaxInt: 512, "~muxTbl": "(2,2)(0 1)(2 3)" };
const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));
const column = columnProbe(4, { device_channel_indices: [0, 1, 2, 3] });
const probe = probeinterfaceBytes(column);
const locations = channelLocationsBytes([
  [0, 5],
  [0, 25],
  [0, 45],
  [0, 65],
]);
const notInTable = (path: string) =>
  `${path}: expected a probe of our table, found the part number "NP9999"; read without knowledge of the probe.`;

async function firstOf(files: Files) {
  const [source] = await openRecordings(sourcesOf(files));
  return { ...source.recording.probe, warnings: source.warnings, files: source.files.map((f) => f.path) };
}

describe("a recording that does not say where its sites lie", () => {
  it("has no positions and says what would give them", async () => {
    const found = await firstOf(recordingFiles("a", unknown));
    expect(found).toMatchObject({ positionsUm: [], shank: [], connected: [] });
    expect(found.warnings).toEqual([
      notInTable("a.meta"),
      "a.meta: expected where the sites lie in ~snsGeomMap, in ~snsShankMap of a probe we know, or in a file beside it (a probeinterface .json or channel_locations.npy), found none of them; positions are unknown.",
    ]);
  });

  it.each<[string, Files, number]>([
    ["its folder", { ...inFolder("d/e", recordingFiles("a", unknown)), "d/e/p.json": probe, "d/q.json": probe }, 0],
    ["the folder above", { ...inFolder("d/e", recordingFiles("a", unknown)), "d/p.json": probe }, 0],
    ["a loose file", { ...inFolder("d/e", recordingFiles("a", unknown)), "p.json": probe }, 0],
    ["channel_locations.npy", { ...recordingFiles("a", unknown), "x_channel_locations.npy": locations }, 5],
  ])("takes them from %s", async (_, files, firstUm) => {
    const found = await firstOf(files);
    expect(found.positionsUm.map(([, y]) => y)).toEqual([0, 20, 40, 60].map((y) => y + firstUm));
    expect(found).toMatchObject({ connected: [true, true, true, true], shank: [0, 0, 0, 0], nShanks: 1 });
    expect(found.files).toHaveLength(3);
    expect(found.warnings).toHaveLength(2);
    expect(found.warnings[1]).toMatch(/(json|npy) says where the sites of .*a\.meta lie\.$/);
    const opened = await openSources(sourcesOf(files));
    expect(opened[0].info.probe?.positionsUm).toEqual(found.positionsUm);
  });

  it("reads the same from anywhere with its geometry beside", async () => {
    const files = { ...recordingFiles("a", unknown), "p.json": probe };
    await checkReader("spikeglx", files, zipBytes(sourcesAsFiles(files)));
  });

  it("is read on without one that does not fit, and with two that do", async () => {
    const short = await firstOf({ ...recordingFiles("a", unknown), "p.json": probeinterfaceBytes(columnProbe(960)) });
    expect(short.positionsUm).toEqual([]);
    expect(short.warnings.slice(1)).toEqual([
      "p.json: expected a probe of 4 connected contacts, one for each neural channel, found 960 without a wiring: set device_channel_indices in the file, or choose a part number for the wiring it starts with; positions are unknown.",
    ]);
    const two = await firstOf({ ...recordingFiles("a", unknown), "p.json": probe, "channel_locations.npy": locations });
    expect(two.positionsUm).toEqual([]);
    expect(two.warnings.slice(1)).toEqual([
      "Expected one geometry for a.meta, found 2 that fit; positions are unknown.",
    ]);
    const wrong = await firstOf({ ...recordingFiles("a", unknown), "channel_locations.npy": f8([1, 2, 3, 4]) });
    expect(wrong.warnings.slice(1)).toEqual([
      "channel_locations.npy: expected a table of two dimensions, found shape (4,); positions are unknown.",
    ]);
  });
});

describe("a recording that says where its sites lie", () => {
  it("keeps to it in a folder, and hears of the file", async () => {
    const files = { ...inFolder("d", recordingFiles("a")), "d/p.json": probe };
    expect((await firstOf(files)).positionsUm[1]).toEqual([59, 0]);
    expect((await openSources(sourcesOf(files)))[0].info.warnings).toEqual([
      "d/p.json says where the sites of a probe lie: expected a recording or spikes that do not say so themselves, or a recording opened as loose files beside it, found none.",
    ]);
  });

  it("takes another geometry opened beside it as a loose file, and keeps its reference", async () => {
    const found = await firstOf({ ...recordingFiles("a"), "p.json": probe });
    expect(found.positionsUm[1]).toEqual([8, 20]);
    expect(found.connected).toEqual([true, true, false, true]);
    expect(found.warnings).toEqual([
      "p.json was opened beside a.meta, so its positions stand for those of the description.",
    ]);
  });
});

it("a geometry alone is told what it is for", async () => {
  await expect(openSources(sourcesOf({ "p.json": probe }))).rejects.toThrow(
    "p.json says where the sites of a probe lie",
  );
});

function sourcesAsFiles(files: Files): { path: string; bytes: Uint8Array }[] {
  return Object.entries(files).map(([path, bytes]) => ({ path, bytes }));
}
