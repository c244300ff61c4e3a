import { describe, expect, it } from "vitest";
import { inspectJson } from "../../src/io/inspect.ts";
import { look } from "../../src/io/look.ts";
import { describeAll, openFound, openRecordings, openSources } from "../../src/io/open.ts";
import { npyBytes } from "../../src/io/write/npy.ts";
import { zipBytes } from "../../src/io/write/zip.ts";
import { recordingFiles } from "../cases/spikeglxFiles.ts";
import { f8, sourcesOf, utf8, watched } from "./support.ts";

type Files = Record<string, Uint8Array>;

const under = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, bytes]) => [folder === "" ? path : `${folder}/${path}`, bytes]));
const peaks = (folder = "", times = [1, 2, 3]): Files =>
  under(folder, {
    "peak_times.npy": f8(times),
    "peak_depths.npy": f8([4, 5, 6]),
    "peak_amplitudes.npy": f8([-7, -8, -9]),
  });
const motion = (folder = ""): Files =>
  under(folder, { "dshift.npy": f8([1, 2], [2, 1]), "batch_times_sec.npy": f8([0, 2]), "yblk.npy": f8([9]) });
const broken = (folder: string): Files => under(folder, { "peak_times.npy": f8([1]) });
const brokenSentence = (folder: string) =>
  `MEDiCINe peaks in ${folder}: expected peak_times.npy, peak_depths.npy and peak_amplitudes.npy side by side, found peak_times.npy without peak_depths.npy and peak_amplitudes.npy.`;

/** What was found, in words: what it is, where, and what it goes with. */
const listed = async (files: Files) => {
  const { sets } = await look(sourcesOf(files));
  const pathOf = (key?: string) => sets.find(({ found }) => found.key === key)?.found.path;
  return sets.map(({ found }) => [found.kind, found.path, pathOf(found.partner)]);
};
const opened = async (files: Files, key: string | null = null) => {
  const outcome = await openFound(sourcesOf(files), key);
  const recording = outcome.opened.find((one) => one.key === outcome.recordingKey);
  const others = outcome.opened.filter(({ kind }) => kind !== "recording");
  return {
    ...outcome,
    keys: outcome.found.map((one) => one.key),
    recording: recording?.info.files[0].path ?? null,
    others: others.map(({ info }) => info.files[0].path),
  };
};

describe("everything in a drop is listed", () => {
  it("two sets of spikes: neither is opened until one is chosen", async () => {
    const files = { ...peaks("monday"), ...peaks("tuesday", [4, 5, 6]) };
    const first = await opened(files);
    expect(first).toMatchObject({ opened: [], recordingKey: null, read: [], failures: [] });
    expect(first.found).toMatchObject([
      { format: "medicine-peaks", kind: "spikes", place: "monday", nFiles: 3, path: "monday/peak_times.npy" },
      { place: "tuesday" },
    ]);
    const second = await opened(files, first.keys[1]);
    expect(second.others).toEqual(["tuesday/peak_times.npy"]);
    expect(second.read).toEqual([first.keys[1]]);
    expect(second.keys).toEqual(first.keys);
  });

  it("reads nothing of what is not chosen", async () => {
    const [times, ...rest] = sourcesOf({ ...peaks("a"), ...peaks("b") });
    const { source, reads } = watched(times);
    await openFound([source, ...rest], null);
    expect(reads.filter(([, end]) => end > 4096 || end >= source.size)).toEqual([]);
    expect((await openFound([source, ...rest], null)).opened).toEqual([]);
  });

  it("a recording, its sorting and its motion go together", async () => {
    const files = {
      ...under("day/raw", recordingFiles("rec.ap")),
      ...peaks("day/sorting", [0, 0, 0]),
      ...motion("day/drift"),
    };
    expect(await listed(files)).toEqual([
      ["spikes", "day/sorting/peak_times.npy", "day/raw/rec.ap.bin"],
      ["motion", "day/drift/dshift.npy", "day/raw/rec.ap.bin"],
      ["recording", "day/raw/rec.ap.bin", undefined],
    ]);
    const all = await opened(files);
    expect(all.recording).toBe("day/raw/rec.ap.bin");
    expect(all.others).toEqual(["day/sorting/peak_times.npy", "day/drift/dshift.npy"]);
  });

  it("of two probes, the spikes beside one open with that one", async () => {
    const [a, b] = ["run_g0/run_g0_imec0", "run_g0/run_g0_imec1"];
    const files = {
      ...under(a, recordingFiles("run_g0_t0.imec0.ap")),
      ...under(b, recordingFiles("run_g0_t0.imec1.ap")),
      ...peaks(`${b}/sorting`, [0, 0, 0]),
    };
    expect((await listed(files))[0]).toEqual(["spikes", `${b}/sorting/peak_times.npy`, `${b}/run_g0_t0.imec1.ap.bin`]);
    expect(await opened(files)).toMatchObject({
      recording: `${b}/run_g0_t0.imec1.ap.bin`,
      others: [`${b}/sorting/peak_times.npy`],
    });
  });

  it("names that say another probe never go together; where nothing tells, spikes wait", async () => {
    const two = { ...recordingFiles("rec.imec0.ap"), ...recordingFiles("rec.imec1.ap", { imDatPrb_sn: 5 }) };
    const named = { ...two, ...peaks("sorted_imec1", [0, 0, 0]) };
    expect((await opened(named)).recording).toBe("rec.imec1.ap.bin");
    const nameless = await opened({ ...two, ...peaks("sorted", [0, 0, 0]) });
    expect(nameless).toMatchObject({ recording: "rec.imec0.ap.bin", others: [] });
    expect(nameless.found[0].partner).toBeUndefined();
    const other = await opened({ ...recordingFiles("rec.imec0.ap"), ...peaks("sorted_imec1", [0, 0, 0]) });
    expect(other).toMatchObject({ recording: "rec.imec0.ap.bin", others: [] });
  });

  it("each probe with its sorting: the first opens with its own", async () => {
    const probe = (n: number) => ({
      ...under(`imec${n}`, recordingFiles(`r.imec${n}.ap`)),
      ...peaks(`imec${n}/ks`, [0, 0, 0]),
      ...motion(`imec${n}/ks`),
    });
    const files = { ...probe(0), ...probe(1) };
    const first = await opened(files);
    expect(first).toMatchObject({
      recording: "imec0/r.imec0.ap.bin",
      others: ["imec0/ks/peak_times.npy", "imec0/ks/dshift.npy"],
    });
    const second = first.found.find(({ kind, path }) => kind === "spikes" && path.startsWith("imec1"));
    expect((await opened(files, second!.key)).others).toEqual(["imec1/ks/peak_times.npy", "imec1/ks/dshift.npy"]);
  });

  it("loose files of two formats, and several in an archive", async () => {
    const files = { ...recordingFiles("rec.ap"), ...peaks("", [0, 0, 0]) };
    expect(await opened(files)).toMatchObject({ recording: "rec.ap.bin", others: ["peak_times.npy"] });
    const zip = zipBytes(Object.entries(files).map(([path, bytes]) => ({ path, bytes })));
    expect(await opened({ "all.zip": zip })).toMatchObject({
      recording: "all.zip/rec.ap.bin",
      others: ["all.zip/peak_times.npy"],
    });
  });
});

describe("what is broken does not keep the others from being opened", () => {
  it("found by its folder, it stands in the list with its sentence", async () => {
    const files = { ...broken("day1"), ...peaks("day2"), ...broken("day3") };
    const outcome = await opened(files);
    expect(outcome.others).toEqual(["day2/peak_times.npy"]);
    expect(outcome.failures).toEqual([brokenSentence("day1"), brokenSentence("day3")]);
    expect(outcome.found.map(({ place, kind, error }) => [place, kind, error !== undefined])).toEqual([
      ["day2", "spikes", false],
      ["day1", null, true],
      ["day3", null, true],
    ]);
  });

  it("found when it is read, likewise; alone it is refused", async () => {
    const files = { ...peaks("", [-1, 2, 3]), ...recordingFiles("rec.ap") };
    const outcome = await opened(files);
    expect(outcome.recording).toBe("rec.ap.bin");
    expect(outcome.failures).toEqual([expect.stringContaining("peak_times.npy: expected times from the first sample")]);
    expect(outcome.found[0].error).toBe(outcome.failures[0]);
    await expect(opened(peaks("", [-1, 2, 3]))).rejects.toThrow("expected times from the first sample on");
    await expect(opened(broken("day1"))).rejects.toThrow(brokenSentence("day1"));
  });

  it("an archive that is damaged, beside sound files", async () => {
    const zip = zipBytes([{ path: "a.npy", bytes: f8([1]) }]).slice(0, 60);
    const outcome = await opened({ ...peaks(), "old.zip": zip });
    expect(outcome.others).toEqual(["peak_times.npy"]);
    expect(outcome.failures).toEqual([
      "old.zip: expected a zip archive, found no directory at its end; it may be cut short.",
    ]);
  });

  it("the command line describes all that is sound and names the broken in a warning", async () => {
    const files = { ...peaks("a"), ...peaks("b"), ...broken("c"), ...recordingFiles("rec.ap") };
    const infos = inspectJson(await describeAll(sourcesOf(files)));
    expect(infos).toMatchObject([
      { format: "medicine-peaks", warnings: [brokenSentence("c")] },
      { format: "medicine-peaks", warnings: [] },
      { format: "spikeglx" },
    ]);
    await expect(describeAll(sourcesOf(broken("c")))).rejects.toThrow(brokenSentence("c"));
  });

  it("a run needs one set of spikes, and sound ones; recordings are found beside anything broken", async () => {
    const spoilt = { ...recordingFiles("rec.ap"), ...broken("c") };
    expect(await openRecordings(sourcesOf(spoilt))).toHaveLength(1);
    expect((await openSources(sourcesOf(spoilt)))[0].info.warnings).toContain(brokenSentence("c"));
    const bad = { ...recordingFiles("rec.ap"), ...peaks("", [-1, 2, 3]) };
    await expect(openSources(sourcesOf(bad))).rejects.toThrow("expected times from the first sample on");
    await expect(openSources(sourcesOf({ ...peaks("a"), ...peaks("b") }))).rejects.toThrow(
      "Expected one set of spikes, found 2: MEDiCINe peaks in a and MEDiCINe peaks in b; open them one at a time.",
    );
  });
});

it("arrays under other names are told which names are expected", async () => {
  const renamed = { "a.npy": f8([1]), "b.npy": f8([2]) };
  await expect(opened(renamed)).rejects.toThrow(
    "Expected arrays whose names say what they are: peak_times.npy, peak_depths.npy and peak_amplitudes.npy (MEDiCINe peaks), or",
  );
  await expect(opened(renamed)).rejects.toThrow("; found 2 files: a.npy and b.npy.");
});

it("a sorting does not take the data of another folder for its raw file, however well the size fits", async () => {
  const sorting = {
    "ks/params.py": utf8("dat_path = 'gone.bin'\nn_channels_dat = 4\ndtype = 'int16'\nsample_rate = 30000.\n"),
    "ks/spike_times.npy": npyBytes([1, 2], [2], "<i8"),
  };
  const kinds = (files: Files) => listed(files).then((rows) => rows.map(([kind, path]) => `${kind} ${path}`));
  const binary = new Uint8Array(80);
  expect(await kinds({ ...sorting, "other/data.bin": binary })).toEqual(["spikes ks/params.py"]);
  expect(await kinds({ ...sorting, "data.bin": binary })).toContain("recording data.bin");
});

it("a folder of files of no format is refused after a few thousand looks, however many there are", async () => {
  let nReads = 0;
  const sources = Array.from({ length: 100_000 }, (_, i) => ({
    path: `a/${i % 300}/${i}.xyz`,
    size: 100,
    read: async () => {
      nReads++;
      return utf8("?".repeat(100));
    },
  }));
  await expect(openFound(sources, null)).rejects.toThrow(
    "found 100000 files: 0.xyz, 300.xyz, 600.xyz, 900.xyz and 99996 more; only 5000 of them were looked into.",
  );
  expect(nReads).toBeLessThanOrEqual(5000);
});
