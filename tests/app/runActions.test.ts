import { beforeEach, describe, expect, it, vi } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import type { SpikeTable } from "../../src/core/types.ts";
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
};
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
const { usableRecordings } = await import("../../src/app/recordingChoice.ts");
const { getResults, setRun, setSpikes } = await import("../../src/app/results.ts");
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
const methods = [medicine, detect];

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
  setRun(null);
  setSpikes(null, []);
  useRun.setState({ methods, job: IDLE_JOB, drafts: {}, seedText: "7", unfinished: [] });
  useSession.setState({ recording, recordings: [recording], spikes: null, spikesFrom: "run", motionSource: null });
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
  });
});

describe("a run over a recording", () => {
  it("shows spikes as they come, and ends with its own table", async () => {
    const shown: (number | undefined)[] = [];
    work = async (_recipe, _resume, say) => {
      say({ kind: "step", index: 0, method: "detect", title: "Detect" });
      say({ kind: "spikes", spikes: table(0.1, 0.2) });
      say({ kind: "spikes", spikes: table(0.3) });
      await vi.waitFor(() => expect(getResults().spikes?.nSpikes).toBe(3));
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
    const times = { doneSec: 1, totalSec: 2, nSpikes: 1, savedAt: "" };
    await resumeUnfinished({ key: "k", path: "rec.ap.bin", bytes: 100, ...times, recipe });
    expect(asked).toEqual([{ recipe, resume: true }]);
    expect(useRun.getState().drafts.detect).toEqual({ threshold: "6" });
  });
});
