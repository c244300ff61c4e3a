import { beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { openSources } from "../../src/io/open.ts";
import type { JobEvent, MethodInfo, Recipe, RunResult, StepResult } from "../../src/protocol/methods.ts";
import { recordingFiles } from "../cases/spikeglxFiles.ts";
import { sourcesOf } from "../io/support.ts";

/** Stands for the workers: a run does what the test says, and the paint worker only remembers what it was sent. */
type Work = (recipe: Recipe, resume: boolean, say: (event: JobEvent) => void) => Promise<StepResult[]>;
let work: Work = async () => [];
const asked: { recipe: Recipe; resume: boolean }[] = [];
const compute = {
  async run(_id: string, recipe: Recipe, _inputs: unknown, resume: boolean, say: (event: JobEvent) => void) {
    asked.push({ recipe, resume });
    const steps = await work(recipe, resume, say);
    const complete = steps.every((step) => step.complete);
    return { recipe, steps, provenance: { complete, inputs: [] }, log: [] } as unknown as RunResult;
  },
  unfinishedRuns: async () => [],
  keepFolders: async () => undefined,
  setMotion: async (motion: Motion | null) => void startedFrom.push(motion),
};
const startedFrom: (Motion | null)[] = [];
const painted: string[] = [];
const paint = {
  setSpikes: async (spikes: SpikeTable | null) => void painted.push(`set ${spikes?.nSpikes ?? "none"}`),
  appendSpikes: async (spikes: SpikeTable) => void painted.push(`append ${spikes.nSpikes}`),
  setView: async () => undefined,
};
vi.mock("../../src/app/clients.ts", () => ({
  withPaint: (call: (api: typeof paint) => unknown) => call(paint),
  withCompute: (call: (api: typeof compute) => unknown) => call(compute),
  sendSpikesToCompute: async () => undefined,
}));
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });

const { IDLE_JOB } = await import("../../src/app/jobReducer.ts");
const { addMotion, clearMotions, notedMotions, removeMotion, useMotions } = await import("../../src/app/motions.ts");
const { usableRecordings } = await import("../../src/app/recordingChoice.ts");
const { getResults, setOutcomes, setRun, setSpikes } = await import("../../src/app/results.ts");
const { recipeOf, resumeUnfinished, startRun, startStep, whyNotRun } = await import("../../src/app/runActions.ts");
const { useRun } = await import("../../src/app/runStore.ts");
const { clearNotices, useSession } = await import("../../src/app/sessionStore.ts");

const about = { summary: "", reference: "", presets: [], troubleshooting: [] };
const threshold = { type: "number", label: "Threshold", unit: "", default: 5, min: 1, max: 50, help: "" } as const;
const detect: MethodInfo = {
  ...about,
  id: "detect",
  title: "Detect",
  needs: ["recording"],
  gives: ["spikes", "locations"],
  params: { threshold },
};
const medicine: MethodInfo = { ...about, id: "medicine", title: "M", needs: ["spikes"], gives: ["motion"], params: {} };
const dredge: MethodInfo = { ...medicine, id: "dredge", title: "D" };
const methods = [medicine, detect, dredge];

const table = (...timeSec: number[]): SpikeTable => ({
  nSpikes: timeSec.length,
  timeSec: Float64Array.from(timeSec),
  depthUm: Float64Array.from(timeSec, () => 20),
  ampUv: Float32Array.from(timeSec, () => -50),
});
const result = (method: string, changes: Partial<StepResult> = {}): StepResult => ({
  method,
  params: {},
  stageSeconds: {},
  metrics: {},
  summary: {},
  complete: true,
  ...changes,
});

const [recording] = usableRecordings(await openSources(sourcesOf(recordingFiles("rec.ap"))));
const stateOf = (id: string) => useRun.getState().job.steps[id]?.state;

beforeEach(() => {
  clearNotices();
  asked.length = 0;
  painted.length = 0;
  startedFrom.length = 0;
  clearMotions();
  setRun(null);
  setOutcomes(null);
  setSpikes(null, []);
  useRun.setState({ methods, job: IDLE_JOB, drafts: {}, seedText: "7", motionMethod: null, unfinished: [] });
  useSession.setState({ recording, recordings: [recording], spikes: null, spikesFrom: "run" });
});

describe("which steps can run", () => {
  const why = (steps: MethodInfo[]) => whyNotRun(useRun.getState(), steps, useSession.getState());
  it("says what a step lacks, and that earlier steps of the same run give it", () => {
    expect(why([detect])).toBeNull();
    expect(why([medicine])).toBe("Spikes first: run the step above, or drop spikes on the page.");
    expect(why([detect, medicine])).toBeNull();
    useSession.setState({ recording: null });
    expect(why([detect])).toBe("Open a recording first: drop it on the page.");
    expect(why([])).toBe("Open a recording or spikes first: drop files on the page.");
  });
  it("says what is wrong with the recording or with a parameter", () => {
    useRun.setState({ drafts: { detect: { threshold: "0" } } });
    expect(why([detect])).toBe("Threshold must lie between 1 and 50, and is 0.");
    useRun.setState({ drafts: {} });
    useSession.setState({ recording: { ...recording, recording: { ...recording.recording, stream: "lf" } } });
    expect(why([detect])).toContain("LF band");
  });
  it("a step draws from the recipe's seed plus its place, alone or not", () => {
    const seedOf = (steps: MethodInfo[]) => recipeOf(useRun.getState(), steps, useSession.getState()).seed;
    expect([seedOf([detect]), seedOf([detect, medicine]), seedOf([medicine])]).toEqual([7, 7, 8]);
    expect(seedOf([dredge])).toBe(8); // where the chosen one stands
  });
});

describe("a run over a recording", () => {
  it("shows spikes as they come, and ends with its own table", async () => {
    const shown: (number | undefined)[] = [];
    work = async (_recipe, _resume, say) => {
      say({ kind: "step", index: 0, method: "detect", title: "Detect" });
      say({ kind: "spikes", spikes: table(0.1, 0.2) });
      say({ kind: "spikes", spikes: table(0.3) });
      await vi.waitFor(() => expect(getResults().spikes?.nSpikes).toBe(3), { timeout: 10_000 });
      shown.push(useSession.getState().spikes?.nSpikes);
      return [result("detect", { spikes: table(0.1, 0.2, 0.3) })];
    };
    const { spikesGeneration } = getResults();
    await startStep("detect");
    expect(shown).toEqual([3]);
    expect(painted[0]).toBe("set none");
    expect(painted.filter((call) => call.startsWith("append"))).toEqual(["append 2", "append 1"]);
    expect(painted.at(-1)).toBe("set 3");
    expect(useSession.getState()).toMatchObject({
      spikes: { nSpikes: 3, title: "Spikes found here" },
      spikesFrom: "run",
    });
    expect(stateOf("detect")).toBe("done");
    // the rows are those that were on screen, so what was selected stays
    expect(getResults().spikesGeneration).toBe(spikesGeneration + 1);
  });

  it("steps run one by one are exported as one run", async () => {
    work = async ({ steps }) => [
      steps[0].method === "detect" ? result("detect", { spikes: table(0.1) }) : result("medicine"),
    ];
    await startStep("detect");
    await startStep("medicine");
    expect(asked.map(({ recipe }) => [recipe.seed, recipe.steps[0].method])).toEqual([
      [7, "detect"],
      [8, "medicine"],
    ]);
    expect(getResults().run?.recipe).toMatchObject({ seed: 7, steps: [{ method: "detect" }, { method: "medicine" }] });
    expect([stateOf("detect"), stateOf("medicine")]).toEqual(["done", "done"]);
    await startStep("detect");
    expect(getResults().run?.steps.map((step) => step.method)).toEqual(["detect"]);
    expect(stateOf("medicine")).toBeUndefined();
  });

  it("all steps run as one recipe", async () => {
    work = async () => [result("detect", { spikes: table(0.1) }), result("medicine")];
    await startRun();
    expect(asked[0].recipe.steps.map((step) => step.method)).toEqual(["detect", "medicine"]);
  });

  it("a failure keeps what was found; one before the first spike changes nothing", async () => {
    work = async () => [result("detect", { spikes: table(0.1) })];
    await startStep("detect");
    const before = getResults();
    const [run, spikes] = [before.run, before.spikes];
    work = async () => Promise.reject(new AppError("bad-data", "No channel is left."));
    await startStep("detect");
    expect(useRun.getState().job.steps.detect).toMatchObject({ state: "failed", error: "No channel is left." });
    expect(getResults()).toMatchObject({ run, spikes });
    work = async (_recipe, _resume, say) => {
      say({ kind: "spikes", spikes: table(0.4, 0.5) });
      throw new AppError("bad-file", "The file has moved.");
    };
    await startStep("detect");
    expect(getResults().spikes?.nSpikes).toBe(2);
    expect(getResults().run).toBeNull();
  });

  it("that was stopped goes on with the parameters and the seed it had", async () => {
    work = async () => [result("detect", { spikes: table(0.1) })];
    const recipe: Recipe = {
      driftscope: 1,
      title: "t",
      seed: 3,
      steps: [{ method: "detect", params: { threshold: 6 } }],
    };
    const step = { index: 0, method: "detect", title: "Detect", share: 0.5 };
    await resumeUnfinished({ key: "k", path: "rec.ap.bin", bytes: 100, step, nSpikes: 1, savedAt: "", recipe });
    expect(asked).toEqual([{ recipe, resume: true }]);
    expect(useRun.getState().drafts.detect).toEqual({ threshold: "6" });
  });
});

const motion = (um: number): Motion => ({
  displacementUm: Float64Array.of(0, um),
  timeBinCentersSec: Float64Array.of(0, 1),
  depthBinCentersUm: Float64Array.of(5),
});

describe("the motions of a session", () => {
  const titles = () => useMotions.getState().entries.map(({ title }) => title);
  const estimate = (um: number): Work => {
    return async ({ steps }, _resume, say) => {
      say({ kind: "motion", motion: motion(um / 2) });
      return [result(steps[0].method, { motion: motion(um) })];
    };
  };
  beforeEach(() => setSpikes(table(0.1), []));

  it("grow by one with every run, which follows it while it learns and starts from the active one", async () => {
    useSession.setState({ spikes: { ...recording.info, kind: "spikes" } });
    work = estimate(2);
    await startStep("medicine");
    await startStep("dredge");
    await startStep("medicine");
    expect(titles()).toEqual(["M", "D", "M 2"]);
    expect(notedMotions().map(({ note }) => note.from)).toMatchObject([
      { kind: "run", method: "medicine", seed: 8, complete: true, params: {} },
      { method: "dredge", seed: 8 },
      { method: "medicine" },
    ]);
    expect(getResults().motion?.displacementUm[1]).toBe(2);
    expect(startedFrom.map((from) => from?.displacementUm[1])).toEqual([undefined, 2, 2]);
    expect([stateOf("medicine"), stateOf("dredge")]).toEqual(["done", "done"]);
    expect(Object.keys(getResults().outcomes)).toEqual(["medicine", "dredge"]);
    // a run directory's recipe is what led to the last motion
    expect(getResults().run?.steps.map((step) => step.method)).toEqual(["medicine"]);
  });

  it("are not changed by what a job says after its end", async () => {
    useSession.setState({ spikes: { ...recording.info, kind: "spikes" } });
    let late: () => void = () => undefined;
    work = async (recipe, resume, say) => {
      late = () => say({ kind: "motion", motion: motion(1) });
      return estimate(2)(recipe, resume, say);
    };
    await startStep("medicine");
    late();
    expect(notedMotions()[0]).toMatchObject({ note: { from: { complete: true } }, motion: motion(2) });
  });

  it("do not get back one that was removed while it was learned", async () => {
    useSession.setState({ spikes: { ...recording.info, kind: "spikes" } });
    work = async (recipe, resume, say) => {
      say({ kind: "motion", motion: motion(1) });
      removeMotion(useMotions.getState().entries[0].id);
      return estimate(2)(recipe, resume, say);
    };
    await startStep("medicine");
    expect(titles()).toEqual([]);
    expect(getResults().motion).toBeNull();
  });

  it("lose what was estimated from spikes that are found anew, and keep what was read", async () => {
    const from = { kind: "file", format: "f", title: "t" } as const;
    const id = addMotion({ title: "read", motion: motion(3), from });
    addMotion({ title: "read (edited)", motion: motion(3), from: { kind: "edit", of: id } });
    const run = { kind: "run", method: "medicine", params: {}, seed: 0, complete: true } as const;
    const estimated = addMotion({ title: "M", motion: motion(4), from: run });
    addMotion({ title: "M (edited)", motion: motion(3), from: { kind: "edit", of: estimated } });
    work = async () => [result("detect", { spikes: table(0.1) })];
    await startStep("detect");
    expect(titles()).toEqual(["read", "read (edited)"]);
  });
});
