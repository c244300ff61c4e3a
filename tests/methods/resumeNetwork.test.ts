import { beforeAll, describe, expect, it } from "vitest";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { ComputeService } from "../../src/methods/computeService.ts";
import type { JobEvent, Recipe, RecipeStep, RunResult, StepResult } from "../../src/protocol/methods.ts";
import type { Scratch } from "../../src/protocol/scratch.ts";
import { keptRecording } from "./detectRuns.ts";

const reader = keptRecording({ nChannels: 16, durationSec: 4, nUnits: 10, seed: 7 });
const path = "rec.ap.bin";
const files = [{ path, file: new File([new Uint8Array(500)], path) }];
const joint = (epochs: number): RecipeStep => ({
  method: "sln-joint",
  params: { epochs, motion: "none", bin_s: 0.25, block_bins: 4, stride: 2, min_spikes: 3 },
});
const steps: RecipeStep[] = [
  { method: "detect-localize", params: { reference: "none" } },
  { method: "sln-pretrain", params: { epochs: 1, batch_size: 128 } },
  joint(2),
];
const seed = 5;
const recipeOf = (list: RecipeStep[], first = 0): Recipe => ({
  driftscope: 1,
  title: "",
  seed: seed + first,
  steps: list,
});

async function visit(scratch: Scratch): Promise<ComputeService> {
  const service = new ComputeService({
    openRecordings: async () => [{ ...reader, files: [{ path }] }],
    openWaveforms: async () => null,
    openTruth: async () => null,
    correctionSink: () => Promise.reject(new Error("nothing is corrected here")),
    scratch,
  });
  await service.init("cpu");
  await service.setRecording(files, path);
  return service;
}

interface Told {
  result: RunResult;
  /** the stages that were entered */
  stages: string[];
}

async function runOn(
  service: ComputeService,
  recipe: Recipe,
  resume: boolean,
  stopWhen?: (event: JobEvent) => boolean,
): Promise<Told> {
  const stages: string[] = [];
  const result = await service.run("job", recipe, files, resume, (event) => {
    if (event.kind === "stage") stages.push(event.title);
    if (stopWhen?.(event)) void service.cancel("job");
  });
  return { result, stages };
}

/** What must repeat of the joint step: all but how long it took. */
function outcomeOf({ history, model, locations }: StepResult) {
  const timed = history!.columns.indexOf("elapsed_s");
  const sum = (values: Float32Array) => values.reduce((a, v, i) => a + v * (1 + (i % 7)), 0);
  return {
    history: history!.rows.map((row) => row.filter((_, i) => i !== timed)),
    weights: sum(model!.weights),
    places: locations?.["sln-cnn"],
  };
}

const scratch = memoryScratch();
let whole: Told;
beforeAll(async () => {
  whole = await runOn(await visit(memoryScratch()), recipeOf(steps), false);
  expect(whole.result.provenance.complete).toBe(true);
}, 120_000);

describe("networks that were being trained step by step", () => {
  it("go on after a reload, with the steps that led to them read back", async () => {
    const first = await visit(scratch);
    await runOn(first, recipeOf(steps.slice(0, 1)), false);
    await runOn(first, recipeOf(steps.slice(1, 2), 1), false);
    let nGates = 0;
    const stopped = await runOn(
      first,
      recipeOf(steps.slice(2), 2),
      false,
      ({ kind }) => kind === "gate" && ++nGates === 2,
    );
    expect(stopped.result.provenance.complete).toBe(false);

    const next = await visit(scratch);
    const [offered] = await next.unfinishedRuns();
    expect(offered.recipe.steps.map(({ method }) => method)).toEqual(["detect-localize", "sln-pretrain", "sln-joint"]);
    expect(offered.step).toMatchObject({ index: 2, method: "sln-joint" });
    const { result, stages } = await runOn(next, offered.recipe, true);
    expect(stages.filter((title) => title.startsWith("Teaching"))).toEqual([]); // nothing is learned twice
    expect(outcomeOf(result.steps[2])).toEqual(outcomeOf(whole.result.steps[2]));
    expect(await next.unfinishedRuns()).toEqual([]);

    // more epochs after the end: the step alone, from what the others left in this session
    const more = await runOn(next, recipeOf([joint(3)], 2), true);
    expect(more.result.steps).toHaveLength(1);
    const rows = outcomeOf(more.result.steps[0]).history;
    expect(rows.slice(0, -2)).toEqual(outcomeOf(result.steps[2]).history);
    expect(rows.at(-1)!.slice(0, 3)).toEqual([1, 3, "val"]);
  }, 120_000);
});
