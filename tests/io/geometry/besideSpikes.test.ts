import { describe, expect, it } from "vitest";
import { openSources } from "../../../src/io/open.ts";
import { npyTableFile } from "../../../src/io/write/npy.ts";
import { channelLocationsBytes, columnProbe, probeinterfaceBytes } from "../../cases/geometryFiles.ts";
import { f8, sourcesOf } from "../support.ts";

const peaks = { "peak_times.npy": f8([1, 2]), "peak_depths.npy": f8([3, 9]), "peak_amplitudes.npy": f8([5, 6]) };
const probe = probeinterfaceBytes(columnProbe(4));
const twoShanks = probeinterfaceBytes(columnProbe(4, { shank_ids: ["0", "0", "1", "1"] }));
const i8 = (name: string, values: number[]) => ({ name, dtype: "<i8" as const, values });
const y = { name: "y", dtype: "<f8" as const, values: [10, 50] };
const x = { ...y, name: "x" };
const withChannels = (last: number) => ({
  "peaks.npy": npyTableFile("", 2, [
    i8("sample_index", [30, 60]),
    i8("channel_index", [0, last]),
    i8("amplitude", [5, 6]),
    i8("segment_index", [0, 0]),
  ]).bytes,
  "peak_locations.npy": npyTableFile("", 2, [x, y]).bytes,
});

type Files = Record<string, Uint8Array>;
const inFolder = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${folder}/${name}`, bytes]));

async function first(files: Files) {
  const [data] = await openSources(sourcesOf(files));
  if (data.kind !== "spikes") throw new Error("expected spikes");
  return data;
}

describe("a geometry beside spikes that have none", () => {
  it.each<[string, Files]>([
    ["their folder", { ...inFolder("d/e", peaks), "d/e/p.json": probe, "d/q.json": twoShanks }],
    ["the folder above", { ...inFolder("d/e", peaks), "d/p.json": probe }],
    ["loose files", { ...peaks, "p.json": probe }],
    ["geometry_xy.npy", { ...peaks, "geometry_xy.npy": channelLocationsBytes([0, 20, 40, 60].map((um) => [8, um])) }],
  ])("is taken from %s", async (_, files) => {
    const { info } = await first(files);
    expect(info.probe).toMatchObject({ nShanks: 1, connected: [true, true, true, true], shank: [0, 0, 0, 0] });
    expect(info.probe!.positionsUm.map(([, um]) => um)).toEqual([0, 20, 40, 60]);
    expect(info.files).toHaveLength(4);
    expect(info.warnings[0]).toMatch(/(json|npy) says where the contacts of the spikes lie\.$/);
  });

  it("tells the shank of spikes whose channels are known", async () => {
    const { spikes, info } = await first({ ...withChannels(3), "p.json": twoShanks });
    expect(spikes.shank).toEqual(Int32Array.of(0, 1));
    expect([info.probe!.nShanks, info.has]).toEqual([2, expect.arrayContaining(["shanks"])]);
    expect((await first({ ...peaks, "p.json": twoShanks })).spikes.shank).toBeUndefined();
  });

  it.each<[string, Files, string]>([
    [
      "too few contacts",
      { ...withChannels(7), "p.json": probe },
      "p.json: expected at least 8 contacts, as the spikes name channel 7, found 4; contacts are unknown.",
    ],
    [
      "two geometries",
      { ...peaks, "p.json": probe, "q.json": probe },
      "Expected one geometry for the spikes, found 2 that fit; contacts are unknown.",
    ],
    [
      "two probes in one",
      { ...peaks, "p.json": probeinterfaceBytes(columnProbe(4), columnProbe(3)) },
      "p.json: expected one probe, found 2; keep only the probe of this recording in the file; contacts are unknown.",
    ],
    [
      "a geometry that is damaged",
      { ...peaks, "channel_locations.npy": f8([1, 2, 3]) },
      "channel_locations.npy: expected a table of two dimensions, found shape (3,); contacts are unknown.",
    ],
  ])("%s: the spikes are opened with a warning", async (_, files, sentence) => {
    const { info } = await first(files);
    expect(info.probe).toBeUndefined();
    expect(info.warnings).toContain(sentence);
    expect(info.warnings.filter((text) => /p\.json says|not recognised/.test(text))).toEqual([]);
  });
});
