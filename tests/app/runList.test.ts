import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import type { MethodInfo, RunResult, StepResult } from "../../src/protocol/methods.ts";

const paint = { setSpikes: async () => undefined, setView: async () => undefined, setParts: async () => undefined };
vi.mock("../../src/app/clients.ts", () => ({
  withPaint: (work: (api: typeof paint) => unknown) => work(paint),
  sendAllToCompute: async () => undefined,
}));
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });

const { IDLE_JOB } = await import("../../src/app/jobReducer.ts");
const { addMotion, clearMotions, useMotions } = await import("../../src/app/motions.ts");
const { curvesOf, showOpenedRun } = await import("../../src/app/openedRun.ts");
const { appendLoss, clearLoss, getResults, setOutcomes, setRun, setSpikes } = await import("../../src/app/results.ts");
const { compareRuns } = await import("../../src/app/runCompare.ts");
const { addRun, removeRun, renameRun, restoreRuns, showRun, undoRemoveRun, useRuns } = await import(
  "../../src/app/runList.ts"
);
const { useRun } = await import("../../src/app/runStore.ts");
const { useSession } = await import("../../src/app/sessionStore.ts");

const about = { summary: "", reference: "", presets: [], troubleshooting: [], needs: ["spikes"], gives: ["motion"] };
const bins = { type: "number", label: "Bin", unit: "s", default: 1, min: 1, max: 9, help: "" } as const;
const medicine: MethodInfo = { ...about, id: "medicine", title: "MEDiCINe", params: { bins } };

const spikes: SpikeTable = {
  nSpikes: 2,
  timeSec: Float64Array.of(0, 1),
  depthUm: Float64Array.of(10, 20),
  ampUv: Float32Array.of(-5, -6),
};
const motionOf = (...um: number[]): Motion => ({
  displacementUm: Float64Array.from(um),
  timeBinCentersSec: Float64Array.from(um, (_, i) => i),
  depthBinCentersUm: Float64Array.of(0),
});
const resultOf = (motion: Motion, binSec: number, seed: number): RunResult => {
  const step: StepResult = {
    method: "medicine",
    params: { bins: binSec },
    stageSeconds: { train: 2, data: 0.5 },
    motion,
    metrics: { loss: { step: Float64Array.of(1, 3), value: Float32Array.of(4, 2) }, rho: series([3], [0.5]) },
    summary: { rho: 0.25 },
    complete: true,
  };
  const recipe = { driftscope: 1 as const, title: "t", seed, steps: [{ method: "medicine", params: step.params }] };
  return { recipe, steps: [step], provenance: { startedAt: "2026-01-02T03:04:05Z" }, log: [] } as unknown as RunResult;
};
function series(step: number[], value: number[]) {
  return { step: Float64Array.from(step), value: Float32Array.from(value) };
}

/** What a job leaves when it has ended. */
function run(um: number[], binSec: number, seed: number): void {
  const motion = motionOf(...um);
  const result = resultOf(motion, binSec, seed);
  clearLoss(["medicine"]);
  appendLoss("medicine", 1, { loss: um[1] });
  addMotion({ title: "M", motion, from: { kind: "run", method: "medicine", params: {}, seed, complete: true } });
  setRun(result);
  setOutcomes(result.steps);
  addRun(result, ["medicine"], "here");
}

const titles = () => useRuns.getState().runs.map(({ title }) => title);
const active = () => useMotions.getState().entries.find(({ id }) => id === useMotions.getState().activeId);

beforeEach(() => {
  clearMotions();
  setSpikes(spikes, []);
  setRun(null);
  setOutcomes(null);
  clearLoss();
  restoreRuns({ runs: [], shownId: null });
  useRun.setState({ methods: [medicine], job: IDLE_JOB });
  useSession.setState({ recording: null, spikes: null, notices: [] });
});

describe("runs of a data set", () => {
  it("are listed with what they found, and one is shown again as it was, beside the motions made since", () => {
    run([0, 10], 1, 5);
    run([0, 20], 2, 6);
    appendLoss("medicine", 2, { loss: 99 }); // curves of a run that goes on are not those that were kept
    expect(titles()).toEqual(["MEDiCINe", "MEDiCINe 2"]);
    const [first, second] = useRuns.getState().runs;
    expect(useRuns.getState().shownId).toBe(second.id);
    showRun(first.id);
    expect(useRuns.getState().shownId).toBe(first.id);
    expect(getResults().run).toBe(first.found?.run);
    expect(getResults().curves.medicine.values.loss).toEqual([10]);
    expect(active()?.motion.displacementUm[1]).toBe(10);
    expect(useMotions.getState().entries.map(({ title }) => title)).toEqual(["M", "M 2"]);
    showRun(second.id);
    expect(getResults().curves.medicine.values.loss).toEqual([20]);
    expect(active()?.motion.displacementUm[1]).toBe(20);
  });

  it("are not shown while a job is at work", () => {
    run([0, 10], 1, 5);
    run([0, 20], 2, 6);
    const [first, second] = useRuns.getState().runs;
    useRun.setState({ job: { ...IDLE_JOB, id: "job-1", state: "running" } });
    showRun(first.id);
    expect(useRuns.getState().shownId).toBe(second.id);
    expect(useSession.getState().notices[0].text).toMatch(/^A run is under way/);
  });

  it("are renamed, removed, and come back where they stood", () => {
    run([0, 10], 1, 5);
    run([0, 20], 2, 6);
    const [first] = useRuns.getState().runs;
    renameRun(first.id, "MEDiCINe 2");
    expect(titles()).toEqual(["MEDiCINe 2 2", "MEDiCINe 2"]);
    removeRun(first.id);
    expect(titles()).toEqual(["MEDiCINe 2"]);
    undoRemoveRun();
    expect(titles()).toEqual(["MEDiCINe 2 2", "MEDiCINe 2"]);
  });

  it("are compared: what differs is told apart, with units, and against the truth", () => {
    run([0, 10], 1, 5);
    run([0, 20], 2, 5);
    const rows = compareRuns(useRuns.getState().runs, [medicine], motionOf(0, 20));
    const row = (name: string) => rows.find((one) => one.name === name);
    expect(row("Bin")).toEqual({ group: "MEDiCINe: parameters", name: "Bin", values: ["1 s", "2 s"], differs: true });
    expect(row("seed")).toMatchObject({ values: ["5", "5"], differs: false });
    expect(row("displacement range")).toMatchObject({ values: ["10 µm", "20 µm"], differs: true });
    // without their medians over time the two are 5 µm apart at both ends
    expect(row("RMS to the truth")).toMatchObject({ values: ["5 µm", "0 µm"] });
    expect(row("computing time")?.values).toEqual(["2.5 s", "2.5 s"]);
  });
});

describe("a run that was opened", () => {
  it("has its curves, its steps and its motion, as if it had run here", () => {
    const motion = motionOf(0, 7);
    const { motion: _, ...step } = resultOf(motion, 1, 3).steps[0];
    addMotion({ title: "M", motion, from: { kind: "run", method: "medicine", params: {}, seed: 3, complete: true } });
    showOpenedRun({ ...resultOf(motion, 1, 3), steps: [step] });
    expect(getResults().curves.medicine).toEqual({
      step: [1, 3],
      values: { loss: [4, 2], rho: [Number.NaN, 0.5] },
    });
    expect(useRun.getState().job.steps.medicine).toMatchObject({ state: "done", latest: { loss: 2 } });
    expect(getResults().outcomes.medicine.motion).toBe(motion);
    expect(useRuns.getState().runs[0]).toMatchObject({ from: "file", at: "2026-01-02T03:04:05Z", rho: 0.25 });
  });

  it("lays curves of different steps out as one table", () => {
    expect(curvesOf({ a: series([2, 1], [20, 10]), b: series([4], [1]) })).toEqual({
      step: [1, 2, 4],
      values: { a: [10, 20, Number.NaN], b: [Number.NaN, Number.NaN, 1] },
    });
  });
});
