import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import { openSources } from "../../src/io/open.ts";
import type {
  JobEvent,
  MethodInfo,
  Recipe,
  RunResult,
  StepResult,
  StoredWaveforms,
} from "../../src/protocol/methods.ts";
import type { GateVerdict, TrainedModel } from "../../src/protocol/models.ts";
import { recordingFiles } from "../cases/spikeglxFiles.ts";
import { sourcesOf } from "../io/support.ts";

/** Stands for the workers: a run leaves what the test says. */
type Work = (recipe: Recipe, say: (event: JobEvent) => void) => Promise<StepResult[]>;
let work: Work = async () => [];
const asked: { recipe: Recipe; resume: boolean }[] = [];
const sent: SpikeTable[] = [];
const compute = {
  async run(_id: string, recipe: Recipe, _inputs: unknown, resume: boolean, say: (event: JobEvent) => void) {
    asked.push({ recipe, resume });
    const steps = await work(recipe, say);
    return { recipe, steps, provenance: { complete: true, inputs: [] }, log: [] } as unknown as RunResult;
  },
  unfinishedRuns: async () => [],
  keepFolders: async () => undefined,
  setMotion: async () => undefined,
  cancel: async () => undefined,
};
const paint = new Proxy({}, { get: () => async () => undefined });
vi.mock("../../src/app/clients.ts", () => ({
  withPaint: (call: (api: object) => unknown) => call(paint),
  withCompute: (call: (api: typeof compute) => unknown) => call(compute),
  sendSpikesToCompute: async (spikes: SpikeTable) => void sent.push(spikes),
}));
vi.stubGlobal("localStorage", { getItem: () => null, setItem: () => undefined, removeItem: () => undefined });

const { fineTunedPositions, takeFineTuned } = await import("../../src/app/fineTuned.ts");
const { IDLE_JOB } = await import("../../src/app/jobReducer.ts");
const { addMotion, clearMotions, useMotions } = await import("../../src/app/motions.ts");
const { knownPositions, ownPositions, usePositions } = await import("../../src/app/positions.ts");
const { usableRecordings } = await import("../../src/app/recordingChoice.ts");
const { getResults, setOutcomes, setRun, setSpikes } = await import("../../src/app/results.ts");
const { startRun, startStep, trainOn } = await import("../../src/app/runActions.ts");
const { useRun } = await import("../../src/app/runStore.ts");
const { useCorrelation } = await import("../../src/app/correlation.ts");
const { useSession } = await import("../../src/app/sessionStore.ts");

const about = { summary: "", reference: "", presets: [], troubleshooting: [], params: {} };
const epochs = {
  type: "number",
  label: "Epochs",
  unit: "",
  default: 4,
  min: 1,
  max: 100,
  integer: true,
  help: "",
} as const;
const detect: MethodInfo = {
  ...about,
  id: "detect",
  title: "Detect",
  needs: ["recording"],
  gives: ["spikes", "locations", "spike-waveforms"],
};
const needs = ["spikes", "locations", "spike-waveforms"];
const pretrain: MethodInfo = {
  ...about,
  id: "pretrain",
  title: "P",
  needs,
  gives: ["locations", "model"],
  params: { epochs },
};
const joint: MethodInfo = {
  ...pretrain,
  id: "joint",
  title: "J",
  needs: [...needs, "model"],
  gives: ["locations", "motion", "model"],
};
const dredge: MethodInfo = { ...about, id: "dredge", title: "D", needs: ["spikes"], gives: ["motion"] };

const table = (depthUm: number): SpikeTable => ({
  nSpikes: 1,
  timeSec: Float64Array.of(0.1),
  depthUm: Float64Array.of(depthUm),
  ampUv: Float32Array.of(-50),
});
const xyza = (depthUm: number) => Float32Array.of(1, depthUm, 3, Number.NaN);
const result = (method: string, changes: Partial<StepResult> = {}): StepResult => ({
  method,
  params: { epochs: 4 },
  stageSeconds: {},
  metrics: {},
  summary: {},
  complete: true,
  ...changes,
});
const model = { spec: { kind: "cnn", nOut: 3 } } as TrainedModel;
const refused: GateVerdict = { passed: false, checks: [{ name: "sd of z", passed: false, sentence: "Too narrow." }] };
const kept = {} as StoredWaveforms;
const motion: Motion = {
  displacementUm: Float64Array.of(0, 2),
  timeBinCentersSec: Float64Array.of(0, 1),
  depthBinCentersUm: Float64Array.of(5),
};
const all: Work = async ({ steps }, say) => {
  const results: Record<string, StepResult> = {
    detect: result("detect", { spikes: table(20), locations: { monopolar: xyza(20) }, waveforms: kept }),
    pretrain: result("pretrain", { model, spikes: table(21), locations: { "sln-cnn-pretrained": xyza(21) } }),
    joint: result("joint", {
      model,
      motion,
      gate: refused,
      spikes: table(21),
      locations: { "sln-cnn-pretrained": xyza(21), "sln-cnn": xyza(25) },
    }),
  };
  steps.forEach(({ method }, index) => {
    say({ kind: "step", index, method, title: method });
    if (method !== "detect") say({ kind: "metric", step: 1, values: { loss: 1 } });
    if (method === "joint") {
      say({ kind: "positions", localizer: "sln-cnn", rows: Int32Array.of(0), xyza: xyza(22) });
      say({ kind: "correlation", values: Float32Array.of(1, 0.5, 0.5, 1), nBins: 2, binSec: 1 });
      seen.push(usePositions.getState().live?.localizer, useCorrelation.getState().title);
    }
  });
  return steps.map(({ method }) => results[method]);
};
const seen: unknown[] = [];
const [recording] = usableRecordings(await openSources(sourcesOf(recordingFiles("rec.ap"))));
const titles = () => useMotions.getState().entries.map(({ title }) => title);

beforeEach(() => {
  for (const list of [asked, sent, seen]) list.length = 0;
  clearMotions();
  setRun(null);
  setOutcomes(null);
  setSpikes(null, []);
  useRun.setState({
    methods: [detect, pretrain, joint, dredge],
    job: IDLE_JOB,
    drafts: {},
    seedText: "7",
    networks: true,
    unfinished: [],
  });
  useSession.setState({ recording, recordings: [recording], spikes: null, spikesFrom: "run" });
  work = all;
});

describe("networks that are trained with the recipe", () => {
  it("say where they put spikes while they train, and the main positions are those of the network in use", async () => {
    await startRun();
    expect(asked[0].recipe.steps.map(({ method }) => method)).toEqual(["detect", "pretrain", "joint"]);
    expect(seen).toEqual(["sln-cnn", "Network as it trains: ρ̄ 0.5. Grid of the training, time bins of 1 s."]);
    expect(usePositions.getState()).toEqual({ chosen: null, live: null });
    expect(Object.keys(knownPositions())).toEqual(["monopolar", "sln-cnn-pretrained", "sln-cnn"]);
    expect(ownPositions(knownPositions(), getResults().spikes)).toBe("sln-cnn-pretrained");
    expect(Object.keys(getResults().curves)).toEqual(["pretrain", "joint"]);
  });

  it("that were refused are used all the same when a person says so, and the record tells", async () => {
    await startRun();
    expect(fineTunedPositions()).toEqual({ name: "sln-cnn", isUsed: false });
    takeFineTuned();
    expect(getResults().spikes?.depthUm[0]).toBe(25);
    expect(sent.at(-1)?.depthUm[0]).toBe(25);
    expect(fineTunedPositions()?.isUsed).toBe(true);
    expect(getResults().run?.log.at(-1)?.event).toMatchObject({ kind: "warning", code: "gate-overruled" });
  });

  it("go on for more epochs as the run that they were, at their place in the recipe and with their curves", async () => {
    await startRun();
    await trainOn("joint", 5);
    expect(asked[1]).toMatchObject({
      resume: true,
      recipe: { seed: 9, steps: [{ method: "joint", params: { epochs: 9 } }] },
    });
    expect(useRun.getState().drafts.joint).toEqual({ epochs: "9" });
    expect(getResults().run?.recipe.steps.map(({ method }) => method)).toEqual(["detect", "pretrain", "joint"]);
    expect(getResults().run?.recipe.seed).toBe(7);
    expect(getResults().curves.joint.step).toHaveLength(2);
  });

  it("leave motions of other positions to be compared with, and are outdated by a new pretraining", async () => {
    await startStep("detect");
    addMotion({ title: "D", motion, from: { kind: "run", method: "dredge", params: {}, seed: 8, complete: true } });
    await startStep("pretrain");
    await startStep("joint");
    expect(titles()).toEqual(["D", "J"]);
    expect(asked.map(({ recipe }) => recipe.seed)).toEqual([7, 8, 9]);
    await startStep("pretrain");
    expect(Object.keys(getResults().outcomes)).toEqual(["detect", "pretrain"]);
    expect(useRun.getState().job.steps.joint).toBeUndefined();
    await startStep("detect");
    expect(titles()).toEqual([]);
  });
});
