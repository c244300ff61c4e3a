import { beforeAll, describe, expect, it } from "vitest";
import type { Motion } from "../../src/core/types.ts";
import { memoryScratch } from "../../src/io/scratch/memoryScratch.ts";
import { ComputeService } from "../../src/methods/computeService.ts";
import { JobRecord } from "../../src/methods/jobRecord.ts";
import { unfinishedRuns } from "../../src/methods/unfinished.ts";
import type { JobEvent, Recipe } from "../../src/protocol/methods.ts";
import type { TrainedModel } from "../../src/protocol/models.ts";
import { correctedRecordingKey, type Scratch } from "../../src/protocol/scratch.ts";
import { keptRecording } from "./detectRuns.ts";

const reader = keptRecording({ nChannels: 16, durationSec: 2, nUnits: 8, seed: 7 });
const path = "here/rec.ap.bin";
const files = [{ path, file: new File([new Uint8Array(500)], "rec.ap.bin") }];
const recipe: Recipe = {
  driftscope: 1,
  title: "two steps",
  seed: 5,
  steps: [
    { method: "detect-localize", params: { reference: "none" } },
    { method: "medicine", params: { training_steps: 20 } },
  ],
};

/** A visit of the page: a service of its own over a store that outlives it, with the recording open. */
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

const stepIs = (index: number) => {
  let at = -1;
  return (event: JobEvent) => {
    if (event.kind === "step") at = event.index;
    return at === index && event.kind === "progress";
  };
};

async function runOn(service: ComputeService, given: Recipe, resume: boolean, stopWhen?: (event: JobEvent) => boolean) {
  const events: JobEvent[] = [];
  const result = await service.run("job", given, files, resume, (event) => {
    events.push(event);
    if (stopWhen?.(event)) void service.cancel("job");
  });
  return { result, events };
}

/** Progress that a step made, as its events say. */
function progressOf(events: readonly JobEvent[], index: number): number {
  const isOf = stepIs(index);
  return events.filter(isOf).length;
}

let whole: Awaited<ReturnType<typeof runOn>>;
beforeAll(async () => {
  whole = await runOn(await visit(memoryScratch()), recipe, false);
  expect(whole.result.provenance.complete).toBe(true);
}, 60_000);

describe("a recipe that was stopped in a later step", () => {
  it("is offered also while a picture is made of what was found", async () => {
    const service = await visit(memoryScratch());
    await runOn(service, recipe, false, stepIs(1));
    const picture = service.correlationMatrix("picture", { motion: null }, () => undefined);
    expect(await service.unfinishedRuns()).toHaveLength(1);
    await service.cancel("picture");
    await picture;
  });

  it("is offered to the next visit, and goes on without doing again what was done", async () => {
    const scratch = memoryScratch();
    await runOn(await visit(scratch), recipe, false, stepIs(1));
    const next = await visit(scratch);
    const [offered, ...others] = await next.unfinishedRuns();
    expect(others).toEqual([]);
    expect(offered).toMatchObject({ path, bytes: 500, nSpikes: whole.result.steps[0].spikes!.nSpikes, recipe });
    expect(offered.step).toMatchObject({ index: 1, method: "medicine", title: "MEDiCINe" });
    const { result, events } = await runOn(next, offered.recipe, true);
    expect(progressOf(events, 0)).toBe(0);
    expect(progressOf(events, 1)).toBeGreaterThan(0);
    expect(result.steps[0].spikes).toEqual(whole.result.steps[0].spikes);
    expect(result.steps[1].motion).toEqual(whole.result.steps[1].motion);
    expect(await next.unfinishedRuns()).toEqual([]);
  }, 60_000);

  it("keeps what it needs while other jobs run, and gives it back when it is discarded", async () => {
    const scratch = memoryScratch();
    const service = await visit(scratch);
    await runOn(service, recipe, false, stepIs(0));
    const [stopped] = await service.unfinishedRuns();
    expect(stopped.step).toMatchObject({ index: 0, method: "detect-localize" });
    expect(stopped.step.share).toBeGreaterThan(0);
    await runOn(service, { ...recipe, seed: 6, steps: recipe.steps.slice(0, 1) }, false);
    await runOn(service, { ...recipe, seed: 6, steps: recipe.steps.slice(1) }, false);
    expect((await service.unfinishedRuns()).map(({ key }) => key)).toEqual([stopped.key]);
    expect(await scratch.runs()).toHaveLength(3); // the record, its detection, the one on screen
    await service.discardUnfinished(stopped.key);
    expect(await scratch.runs()).toHaveLength(1);
    expect((await service.waveform(0, "auto"))?.index).toBe(0);
  }, 60_000);

  it("leaves room to the next visit when it had ended, but for the last corrected recording", async () => {
    const scratch = memoryScratch();
    await runOn(await visit(scratch), recipe, false);
    await (await scratch.open(correctedRecordingKey)).append("a", Uint8Array.of(1));
    expect(await scratch.runs()).toHaveLength(2);
    const other: Recipe = { ...recipe, seed: 9, steps: recipe.steps.slice(0, 1) };
    const service = await visit(scratch);
    await runOn(service, other, false);
    expect(await scratch.runs()).toHaveLength(2);
    expect(await service.unfinishedRuns()).toEqual([]);
  }, 60_000);

  it("is not offered when nothing of it was kept", async () => {
    const scratch = memoryScratch();
    const service = await visit(scratch);
    await runOn(service, recipe, false, (event) => event.kind === "stage");
    expect(await service.unfinishedRuns()).toEqual([]);
    expect(await scratch.runs()).toEqual([]);
  });
});

it("a record keeps the motion and the network that the job was begun with", async () => {
  const scratch = memoryScratch();
  const shank = { displacementUm: Float64Array.of(0.1, 2), timeBinCentersSec: Float64Array.of(0, 1) };
  const motion: Motion = {
    ...shank,
    depthBinCentersUm: Float64Array.of(5),
    lateralUm: Float64Array.of(1, 1 / 3),
    byShank: [{ ...shank, depthBinCentersUm: Float64Array.of(7) }],
  };
  const model = {
    spec: { kind: "cnn" },
    weights: Float32Array.of(0.1, -2),
    statistics: Float32Array.of(1),
    waveformScale: 12,
    about: "opened",
  } as unknown as TrainedModel;
  const job = {
    recipe,
    nBefore: 0,
    keysBefore: [],
    input: { path, bytes: 1, sha1OfFirstMb: "a" },
    nSpikes: 3,
    resume: false,
  };
  const first = await JobRecord.of(scratch, { ...job, given: { motion, model } });
  await (await first.scratch.open("columns")).append("a", Uint8Array.of(1));
  expect(first.keysOf(0)).toEqual(["columns"]);
  expect(await first.end(false)).toBeNull();
  expect(await unfinishedRuns(scratch)).toMatchObject([{ nSpikes: 3, step: { index: 0 } }]);
  // what is there now counts only where the job begins
  const now = { motion: { ...motion, displacementUm: Float64Array.of(9, 9) } };
  const again = await JobRecord.of(scratch, { ...job, given: now, resume: true });
  expect(again.given).toEqual({ motion, model });
  const other = await JobRecord.of(scratch, { ...job, recipe: { ...recipe, seed: 8 }, given: now });
  expect(other.given).toEqual(now);
  await again.end(true);
});
