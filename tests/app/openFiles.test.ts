import { beforeEach, describe, expect, it, vi } from "vitest";
import { openFound } from "../../src/io/open.ts";
import type { DroppedFile, OpenOutcome } from "../../src/protocol/datasets.ts";
import { describeInputs } from "../../src/protocol/fingerprint.ts";
import type { PaintParts } from "../../src/protocol/pictures.ts";
import { columnProbe, probeinterfaceBytes } from "../cases/geometryFiles.ts";
import { metaBytes, recordingFiles } from "../cases/spikeglxFiles.ts";
import { f8, sourcesOf } from "../io/support.ts";

/** Stands for the workers: what they were sent, and files read by the real readers. */
const sent: string[] = [];
let asked: string[] = [];
const io = {
  async open(files: DroppedFile[], key: string | null): Promise<OpenOutcome> {
    asked = files.map(({ path }) => path);
    const bytes = await Promise.all(files.map(({ file }) => file.arrayBuffer()));
    return openFound(sourcesOf(Object.fromEntries(asked.map((path, i) => [path, new Uint8Array(bytes[i])]))), key);
  },
};
const simulated = recordingFiles("demo.ap");
const simulating = {
  simulate: async () =>
    Object.entries(simulated).map(([path, bytes]) => ({ path, file: new File([new Uint8Array(bytes)], path) })),
};
const paint = {
  setSpikes: async (spikes: unknown) => void sent.push(spikes ? "paint spikes" : "paint no spikes"),
  setView: async () => undefined,
  setParts: async (parts: Partial<PaintParts>) => {
    if ("probe" in parts) sent.push(parts.probe ? "paint probe" : "paint no probe");
  },
};
const compute = { unfinishedRuns: async () => [] };
vi.mock("../../src/app/clients.ts", () => ({
  withIo: (work: (api: typeof io & typeof simulating) => unknown) => work({ ...io, ...simulating }),
  withPaint: (work: (api: typeof paint) => unknown) => work(paint),
  withCompute: (work: (api: typeof compute) => unknown) => work(compute),
  sendSpikesToCompute: async () => void sent.push("compute spikes"),
  sendAllToCompute: async () => void sent.push("compute all"),
}));
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });

const { DEMOS } = await import("../../src/app/demos.ts");
const { openDemo, openFiles, switchRecording } = await import("../../src/app/openFiles.ts");
const { getResults, setRecordingFiles, setRun, setSpikes } = await import("../../src/app/results.ts");
const { clearNotices, useSession } = await import("../../src/app/sessionStore.ts");
const { useView } = await import("../../src/app/viewStore.ts");
const { nameOfDataSet, startDataSets, switchDataSet, useDataSets } = await import("../../src/app/dataSets.ts");
const { useDropList } = await import("../../src/app/dropList.ts");
const { openListed } = await import("../../src/app/openListed.ts");
const { IDLE_JOB } = await import("../../src/app/jobReducer.ts");
const { useRun } = await import("../../src/app/runStore.ts");

/** Spikes that fit into the tenth of a second that `longer` lasts. */
const peaks = { "peak_times.npy": f8([0.01, 0.02]), "peak_depths.npy": f8([3, 9]), "peak_amplitudes.npy": f8([5, 6]) };
const late = { ...peaks, "peak_times.npy": f8([1, 2]) };
/** 3000 samples of 4 channels */
const longer = (stem: string) => ({
  [`${stem}.meta`]: metaBytes({ fileSizeBytes: 30_000 }),
  [`${stem}.bin`]: new Uint8Array(30_000),
});

const open = async (files: Record<string, Uint8Array>) => {
  const dropped = Object.entries(files).map(([path, bytes]) => ({
    path,
    file: new File([new Uint8Array(bytes)], path),
  }));
  await openFiles(Promise.resolve(dropped));
  return useSession.getState().notices.map(({ level, text }) => ({ level, text }));
};

startDataSets();

beforeEach(() => {
  clearNotices();
  sent.length = 0;
  useRun.setState({ job: IDLE_JOB });
  useSession.setState({ recording: null, recordings: [], spikes: null });
  useDataSets.setState({ entries: [], activeId: null });
  useDropList.setState(useDropList.getInitialState());
});

describe("a raw recording dropped on the page", () => {
  it("is opened, its extent in view, and spikes of earlier data go", async () => {
    await open(peaks);
    expect(sent).toEqual(["paint no probe", "paint spikes", "compute spikes"]);
    expect(await open(recordingFiles("rec.ap"))).toEqual([]);
    expect(useSession.getState()).toMatchObject({ spikes: null, opening: null });
    expect(useSession.getState().recording?.info).toMatchObject({ nChannels: 4, files: [{ path: "rec.ap.bin" }, {}] });
    expect(getResults().spikes).toBeNull();
    expect(sent.slice(3)).toEqual(expect.arrayContaining(["paint no spikes", "paint probe", "compute all"]));
    expect(sent.lastIndexOf("paint no spikes")).toBeGreaterThan(sent.lastIndexOf("paint spikes"));
    expect(useView.getState().bounds.time).toEqual([0, 10 / 30000.061088]);
  });

  it("with spikes in the same drop or in a later one, both are there", async () => {
    expect(await open({ ...longer("rec.ap"), ...peaks })).toEqual([]);
    expect(useSession.getState()).toMatchObject({ spikes: { nSpikes: 2 }, spikesFrom: "file" });
    expect(useSession.getState().recording).not.toBeNull();
    expect(await open(peaks)).toEqual([]);
    expect(useSession.getState().recording).not.toBeNull();
  });

  it("stays beside spikes that go on after its end, and comes back by a switch", async () => {
    await open(longer("rec.ap"));
    expect(await open(late)).toEqual([
      {
        level: "info",
        text: "These spikes go on after the end of rec.ap.bin, so they were opened as a data set of their own.",
      },
    ]);
    expect(useSession.getState()).toMatchObject({ recording: null, spikes: { nSpikes: 2 } });
    expect(sent).toContain("paint no probe");
    const { entries, activeId } = useDataSets.getState();
    expect(entries.map(({ kind, nSpikes }) => [kind, nSpikes])).toEqual([
      ["recording", null],
      ["spikes", 2],
    ]);
    expect(activeId).toBe(entries[1].id);
    const { spikes } = getResults();
    await switchDataSet(entries[0].id);
    expect(useSession.getState()).toMatchObject({ spikes: null, recording: { info: { nChannels: 4 } } });
    expect(getResults().spikes).toBeNull();
    await switchDataSet(entries[1].id);
    expect(getResults().spikes).toBe(spikes);
    expect(nameOfDataSet(entries[0])).toBe("rec.ap.bin");
  });

  it("of several opens the first of the AP band, and another on demand", async () => {
    const lf = recordingFiles("a.lf", { snsApLfSy: "0,4,1", snsSaveChanSubset: "4:8", imSampRate: 2500 });
    await open({ ...lf, ...recordingFiles("b.ap") });
    const { recording, recordings } = useSession.getState();
    expect(recording?.info.files[0].path).toBe("b.ap.bin");
    expect(recordings).toHaveLength(2);
    switchRecording(recordings.find((one) => one !== recording)!);
    expect(useSession.getState().recording?.info.files[0].path).toBe("a.lf.bin");
    expect(useSession.getState().recordings).toBe(recordings);
  });

  it("without its binary is refused in one sentence, and what was open stays open", async () => {
    await open(peaks);
    const { spikes } = getResults();
    expect(await open({ "rec.ap.meta": metaBytes() })).toEqual([
      { level: "error", text: "rec.ap.meta: expected the binary it describes (100 bytes) beside it, found none." },
    ]);
    expect(getResults().spikes).toBe(spikes);
  });

  it("without geometry is read again together with the geometry dropped later; its own spikes stay", async () => {
    await open(longer("run/rec.ap"));
    const { recording } = useSession.getState();
    const probe = { ...recording!.recording.probe, positionsUm: [], shank: [] };
    useSession.setState({ recording: { ...recording!, info: { ...recording!.info, probe } }, spikesFrom: "run" });
    const found = { nSpikes: 0, timeSec: f64(), depthUm: f64(), ampUv: new Float32Array(0) };
    setSpikes(found, []);
    setRun(null);
    await open({ "elsewhere/probe.json": new TextEncoder().encode("{}") });
    expect(asked).toEqual(["run/rec.ap.meta", "run/rec.ap.bin", "run/probe.json"]);
    expect(getResults().spikes).toBe(found);
  });

  it("that is waited for is told by its size and its first megabyte; what was found in it stays", async () => {
    const files = longer("rec.ap");
    await open(files);
    const { recording } = useSession.getState();
    const awaited = async () => {
      const known = await describeInputs(getResults().recordingFiles);
      const away = { ...recording!, info: { ...recording!.info, absent: true as const } };
      useSession.setState({ recording: away, recordings: [away], spikesFrom: "run" });
      setRecordingFiles(known.map(({ path, ...described }) => ({ path, file: new File([], path), described })));
    };
    const found = { nSpikes: 1, timeSec: f64(1), depthUm: f64(1), ampUv: new Float32Array(1) };
    setSpikes(found, []);
    await awaited();
    const { activeId } = useDataSets.getState();
    // what else was in the drop is there already, as it has become
    expect(await open({ ...files, ...peaks })).toEqual([]);
    expect(useSession.getState().recording?.info.absent).toBeUndefined();
    expect(getResults().recordingFiles.some(({ file }) => file.size === 30_000)).toBe(true);
    expect(getResults().spikes).toBe(found);
    expect(useDataSets.getState().activeId).toBe(activeId);

    await awaited();
    const other = { ...files, "rec.ap.bin": new Uint8Array(30_000).fill(1) };
    expect((await open(other)).map(({ text }) => text)).toEqual([
      "rec.ap.bin is not the file that this data set waits for: it has the same size and begins otherwise; it was opened as a data set of its own.",
    ]);
    expect(useDataSets.getState().entries).toHaveLength(2);
    expect(getResults().spikes).toBeNull();
    await switchDataSet(activeId!);
    expect(getResults().spikes).toBe(found);
    expect(useSession.getState().recording?.info.absent).toBe(true);
  });

  it("waits while a run is at work", async () => {
    await open(peaks);
    useRun.setState({ job: { ...IDLE_JOB, id: "job-1", state: "running" } });
    expect(await open(recordingFiles("rec.ap"))).toEqual([
      {
        level: "error",
        text: "A run is still under way on what is open; cancel it before opening something else.",
      },
    ]);
    expect(useSession.getState().recording).toBeNull();
  });

  it("reads a geometry that is dropped after spikes that have none as if it had lain beside them", async () => {
    await open(peaks);
    expect(useSession.getState().spikes?.probe).toBeUndefined();
    await open({ "recipe.json": new TextEncoder().encode("{}") });
    expect(asked).toEqual(["recipe.json"]);
    await open({ "probe.json": probeinterfaceBytes(columnProbe(4)) });
    expect(asked).toEqual(["peak_times.npy", "peak_depths.npy", "peak_amplitudes.npy", "probe.json"]);
    expect(useSession.getState().spikes?.probe?.positionsUm).toHaveLength(4);
  });
});

describe("a drop that holds more than can be open at once", () => {
  const under = (folder: string, files: Record<string, Uint8Array>) =>
    Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${folder}/${path}`, bytes]));
  const listed = () => useDropList.getState().sets.map(({ key, path, error }) => ({ key, path, error }));
  const onScreen = () => {
    const { recording, spikes } = useSession.getState();
    return [recording?.info.files[0].path ?? null, spikes?.files[0]?.path ?? null];
  };

  it("is listed; each set of spikes opens beside the other, and comes back as it stood", async () => {
    expect(await open({ ...under("a", peaks), ...under("b", late) })).toEqual([]);
    expect(onScreen()).toEqual([null, null]);
    expect(useDropList.getState().isShown).toBe(true);
    const [a, b] = listed();
    await openListed(b.key);
    expect(onScreen()).toEqual([null, "b/peak_times.npy"]);
    await openListed(a.key);
    expect(onScreen()).toEqual([null, "a/peak_times.npy"]);
    expect(useDataSets.getState().entries).toHaveLength(2);
    const { spikes } = getResults();
    await openListed(b.key);
    expect(onScreen()).toEqual([null, "b/peak_times.npy"]);
    await openListed(a.key);
    expect(getResults().spikes).toBe(spikes);
    expect(useDataSets.getState().entries).toHaveLength(2);
  });

  it("opens the first probe with its own spikes, and the spikes of another over that probe", async () => {
    const probe = (name: string) => ({ ...under(name, longer(`${name}.ap`)), ...under(`${name}/ks`, peaks) });
    await open({ ...probe("imec0"), ...probe("imec1") });
    expect(onScreen()).toEqual(["imec0/imec0.ap.bin", "imec0/ks/peak_times.npy"]);
    const other = listed().find(({ path }) => path === "imec1/ks/peak_times.npy");
    await openListed(other!.key);
    expect(onScreen()).toEqual(["imec1/imec1.ap.bin", "imec1/ks/peak_times.npy"]);
    expect(useDataSets.getState().entries).toHaveLength(2);
    const first = listed().find(({ path }) => path === "imec0/imec0.ap.bin");
    await openListed(first!.key);
    expect(onScreen()[0]).toBe("imec0/imec0.ap.bin");
  });

  it("recordings of one name and size in two folders are two", async () => {
    await open({ ...under("experiment1", longer("rec.ap")), ...under("experiment2", longer("rec.ap")) });
    expect(onScreen()).toEqual(["experiment1/rec.ap.bin", null]);
    const found = { nSpikes: 0, timeSec: f64(), depthUm: f64(), ampUv: new Float32Array(0) };
    setSpikes(found, []);
    await openListed(listed()[1].key);
    expect(onScreen()).toEqual(["experiment2/rec.ap.bin", null]);
    expect(getResults().spikes).toBeNull();
    await openListed(listed()[0].key);
    expect(getResults().spikes).toBe(found);
  });

  it("says what is broken, and opens what is not", async () => {
    const said = await open({ ...under("a", peaks), "b/peak_times.npy": f8([1]) });
    expect(said).toEqual([{ level: "error", text: expect.stringContaining("MEDiCINe peaks in b: expected") }]);
    expect(onScreen()).toEqual([null, "a/peak_times.npy"]);
    expect(listed()[1].error).toBe(said[0].text);
    const late = { ...under("c", { ...peaks, "peak_times.npy": f8([-1, 2]) }), ...under("d", peaks) };
    await open({ ...late, ...under("e", peaks) });
    await openListed(listed()[0].key);
    expect(useSession.getState().notices.at(-1)?.text).toContain("expected times from the first sample on");
    expect(listed()[0].error).toContain("expected times from the first sample on");
    await openListed(listed()[1].key);
    expect(onScreen()).toEqual([null, "d/peak_times.npy"]);
    expect(listed()[0].error).toContain("expected times from the first sample on");
  });
});

const f64 = (n = 0) => new Float64Array(n);

describe("a demo that sets the recipe", () => {
  it("does so for itself alone: a motion dropped over it changes nothing, other data get the defaults back", async () => {
    const [joint] = DEMOS;
    await openDemo(joint);
    const set = { networks: true, drafts: { "sln-joint": { outer_iterations: "2", epochs: "3" } } };
    expect(useRun.getState()).toMatchObject(set);
    await open({ "nothing.txt": new Uint8Array(3) });
    expect(useRun.getState()).toMatchObject(set);
    await open(longer("rec.ap"));
    expect(useRun.getState()).toMatchObject({ networks: false, drafts: { "sln-joint": {} } });
  });
});
