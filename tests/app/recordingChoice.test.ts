import { describe, expect, it } from "vitest";
import { IDLE_STEP, type JobView } from "../../src/app/jobReducer.ts";
import { geometryBeside, recordingToOpen, usableRecordings, whyNotRead } from "../../src/app/recordingChoice.ts";
import { segmentAt } from "../../src/app/traces.ts";
import { fitsOpen, unfinishedOf } from "../../src/app/unfinished.ts";
import { openFound, openSources } from "../../src/io/open.ts";
import type { UnfinishedRun } from "../../src/protocol/recordings.ts";
import { metaBytes, recordingFiles } from "../cases/spikeglxFiles.ts";
import { sourcesOf } from "../io/support.ts";

const lfKeys = { snsApLfSy: "0,4,1", snsSaveChanSubset: "4:8", imSampRate: 2500, firstSample: 250 };
const dataIn = (...paths: string[]) => ({ files: paths.map((path) => ({ path, bytes: 1 })) });
const file = (path: string) => ({ path, file: new File([], path) });

describe("which recording of a drop is opened", () => {
  it("is the first of the AP band that has samples", async () => {
    const files = {
      ...recordingFiles("a/run_g0_t0.imec0.lf", lfKeys),
      ...recordingFiles("b/run_g0_t0.imec0.ap"),
      "c/run_g0_t0.imec1.ap.meta": metaBytes(),
    };
    const outcome = await openFound(sourcesOf(files), null);
    const usable = usableRecordings(outcome.opened);
    expect(usable).toHaveLength(2);
    const chosen = recordingToOpen(outcome, usable, null)!;
    expect(chosen.info.files[0].path).toBe("b/run_g0_t0.imec0.ap.bin");
    expect(whyNotRead(chosen, "ap")).toBeNull();
    expect(whyNotRead(chosen, "lf")).toContain("This is the AP band");
    const lf = usable.find(({ recording }) => recording.stream === "lf")!;
    const awaited = { ...lf, info: { ...lf.info, absent: true as const } };
    expect(recordingToOpen(outcome, usable, awaited)).toBe(lf);
    const alone = await openFound(sourcesOf(recordingFiles("a/run_g0_t0.imec0.lf", lfKeys)), null);
    expect(recordingToOpen(alone, usableRecordings(alone.opened), null)?.recording.stream).toBe("lf");
    expect(whyNotRead(lf, "lf")).toBeNull();
    expect(whyNotRead(lf, "ap")).toBe(
      "This is the LF band, which holds no spikes: drop the AP recording (.ap.bin) to detect them.",
    );
    expect(recordingToOpen({ recordingKey: null }, [], null)).toBeNull();
  });
  it("says what to drop when the contacts are not known", async () => {
    const [chosen] = usableRecordings(await openSources(sourcesOf(recordingFiles("rec.ap"))));
    const probe = { ...chosen.recording.probe, positionsUm: [], shank: [] };
    expect(whyNotRead({ ...chosen, info: { ...chosen.info, probe } }, "ap")).toContain("channel_locations.npy");
  });
});

describe("geometryBeside", () => {
  it("puts geometry that was dropped later beside the recording", () => {
    const found = geometryBeside(dataIn("run/rec.ap.bin"), [file("elsewhere/probe.json")]);
    expect(found?.map(({ path }) => path)).toEqual(["run/probe.json"]);
    expect(geometryBeside(dataIn("rec.ap.bin"), [file("channel_locations.npy")])?.[0].path).toBe(
      "channel_locations.npy",
    );
  });
  it("is for drops of nothing else", () => {
    expect(geometryBeside(dataIn("rec.ap.bin"), [])).toBeNull();
    expect(geometryBeside(dataIn("rec.ap.bin"), [file("probe.json"), file("peak_times.npy")])).toBeNull();
  });
});

describe("unfinished runs", () => {
  const unfinished = (path: string, bytes: number): UnfinishedRun => ({
    key: path,
    path,
    bytes,
    step: { index: 0, method: "detect", title: "Detect", share: 0.5 },
    nSpikes: 7,
    savedAt: "",
    recipe: { driftscope: 1, title: "", seed: 0, steps: [{ method: "detect", params: {} }] },
  });
  it("fit the recording of the same name and size, wherever it lies", async () => {
    const [open] = usableRecordings(await openSources(sourcesOf(recordingFiles("here/rec.ap"))));
    expect(fitsOpen(unfinished("there/rec.ap.bin", 100), open.info)).toBe(true);
    expect(fitsOpen(unfinished("there/rec.ap.bin", 101), open.info)).toBe(false);
    expect(fitsOpen(unfinished("other.ap.bin", 100), open.info)).toBe(false);
    const runs = [unfinished("other.ap.bin", 100), unfinished("rec.ap.bin", 100)];
    type Open = Parameters<typeof unfinishedOf>[1];
    const over: Open = { recording: open, spikes: null, spikesFrom: "run" };
    // spikes that came as files, with their waveforms
    const spikes = { ...open.info, kind: "spikes" as const };
    const fromFile: Open = { recording: null, spikes, spikesFrom: "file" };
    const of = (session: Open, method: string, steps: JobView["steps"] = {}) =>
      unfinishedOf(runs, session, method, { steps });
    expect(of(over, "detect")).toBe(runs[1]);
    expect(of(over, "medicine")).toBeNull();
    expect(of({ ...over, recording: null }, "detect")).toBeNull();
    expect(of(fromFile, "detect")).toBe(runs[1]);
    expect(of({ ...fromFile, spikesFrom: "run" }, "detect")).toBeNull();
    // of several steps the first that is not done here goes on
    runs[1].recipe.steps.push({ method: "medicine", params: {} });
    expect(of(over, "medicine")).toBeNull();
    expect(of(over, "medicine", { detect: { ...IDLE_STEP, state: "done" } })).toBe(runs[1]);
  });
});

describe("segmentAt", () => {
  const recording = {
    rateHz: 10,
    segments: [
      { startSec: 0, nSamples: 20 },
      { startSec: 5, nSamples: 30 },
    ],
  };
  it("is the segment that holds the time, or the nearer one", () => {
    expect([0, 1.9, 3, 4, 5, 7, 99].map((t) => segmentAt(recording, t))).toEqual([0, 0, 0, 1, 1, 1, 1]);
  });
});
