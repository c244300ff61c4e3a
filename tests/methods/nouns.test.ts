import { describe, expect, it } from "vitest";
import type { Motion, SpikeTable } from "../../src/core/types.ts";
import type { Method, MethodInputs, MethodResult } from "../../src/methods/defineMethod.ts";
import { checkNeeds, handedOn, sameSpikes } from "../../src/methods/nouns.ts";
import { Session } from "../../src/methods/session.ts";
import type { Recipe, StepResult, StoredWaveforms } from "../../src/protocol/methods.ts";
import type { TrainedModel } from "../../src/protocol/models.ts";

const spikesAt = (depthUm: number, ...timeSec: number[]): SpikeTable => ({
  nSpikes: timeSec.length,
  timeSec: Float64Array.from(timeSec),
  depthUm: Float64Array.from(timeSec, () => depthUm),
  ampUv: Float32Array.from(timeSec, () => -50),
});
const places = (depthUm: number, n: number) =>
  Float32Array.from({ length: 4 * n }, (_, i) => (i % 4 === 1 ? depthUm : 0));
const stored = { key: "found" } as StoredWaveforms;
const model = { about: "pretrained" } as TrainedModel;
const motion = { displacementUm: Float64Array.of(1) } as Motion;
const bare: MethodInputs = { spikes: null, recording: null, waveforms: null };
const result = (given: Partial<MethodResult>): MethodResult => ({ metrics: {}, summary: {}, complete: true, ...given });
const detected = result({
  spikes: spikesAt(10, 1, 2),
  locations: { monopolar: places(10, 2), com: places(11, 2) },
  waveforms: stored,
});
const placed = result({ spikes: spikesAt(12, 1, 2), locations: { "sln-cnn": places(12, 2) }, model });

describe("what a step leaves to the next", () => {
  it("is all places of the same spikes, their waveforms, the last positions and the last model", () => {
    const given = [detected, placed, result({ motion })].reduce(handedOn, bare);
    expect(Object.keys(given.locations!)).toEqual(["monopolar", "com", "sln-cnn"]);
    expect(given.spikes!.depthUm[0]).toBe(12);
    expect(given).toMatchObject({ stored, model, motion });
  });
  it("is nothing of other spikes, nor of the same ones found anew", () => {
    const found = [detected, placed];
    const others = [...found, result({ spikes: spikesAt(10, 1, 3) })].reduce(handedOn, bare);
    expect([others.stored, others.locations]).toEqual([undefined, undefined]);
    const again = [...found, { ...detected, locations: { grid: places(9, 2) } }].reduce(handedOn, bare);
    expect(Object.keys(again.locations!)).toEqual(["grid"]);
    expect(again.model).toBe(model);
  });
  it("tells spikes by their times", () => {
    expect(sameSpikes(spikesAt(1, 1, 2, 3), spikesAt(2, 1, 2, 3))).toBe(true);
    expect(sameSpikes(spikesAt(1, 1, 2, 3), spikesAt(1, 1, 2.5, 3))).toBe(false);
    expect(sameSpikes(spikesAt(1, 1, 2, 3), spikesAt(1, 1, 2))).toBe(false);
  });
});

it("says in one sentence what a method lacks and what to do", () => {
  const needs = ["spikes", "locations", "spike-waveforms", "model"];
  const method = { title: "Joint optimisation", needs } as unknown as Method;
  const why = (given: Partial<MethodInputs>) => () => checkNeeds(method, { ...bare, ...given });
  expect(why({})).toThrow("Joint optimisation needs spikes; open some, or run a step that finds them first.");
  const { spikes } = detected;
  expect(why({ spikes })).toThrow(/needs the waveforms of the spikes, and these have none; drop the raw recording/);
  expect(why({ spikes, stored })).toThrow(/needs a trained network; run sln-pretrain first, or drop a model/);
  expect(why({ spikes, stored, model })).not.toThrow();
});

describe("a session", () => {
  const session = () =>
    new Session({
      openRecordings: async () => [],
      openWaveforms: async () => null,
      openTruth: async () => null,
      scratch: { survivesReload: async () => false } as never,
    });
  const step = (method: string, given: MethodResult): StepResult => ({
    method,
    params: {},
    stageSeconds: {},
    ...given,
  });

  const recipeOf = (...methods: string[]): Recipe => ({
    driftscope: 1,
    title: "",
    seed: 7,
    steps: methods.map((method) => ({ method, params: {} })),
  });
  const none = () => [];
  const inputsOf = async (open: Session, ...methods: string[]) => {
    const recipe = recipeOf(...methods);
    return (await open.inputsOf(recipe, open.jobOf(recipe).given)).inputs;
  };

  it("starts a step that runs alone from what earlier jobs found", async () => {
    const open = session();
    open.take(recipeOf("detect-localize"), [step("detect-localize", detected)], () => ["a"]);
    open.take({ ...recipeOf("localize"), seed: 8 }, [step("localize", placed)], () => ["b"]);
    const inputs = await inputsOf(open, "medicine");
    expect(Object.keys(inputs.locations!)).toEqual(["monopolar", "com", "sln-cnn"]);
    expect(inputs).toMatchObject({ stored, model, spikes: placed.spikes! });
    // waveforms are looked up as the step that found them says
    expect(open.found).toMatchObject({ method: "detect-localize", waveforms: stored });
    expect([...open.keys]).toEqual(["a", "b"]);
  });
  it("starts a step that runs again from what was there before it, and knows what led to it", async () => {
    const open = session();
    open.take(
      recipeOf("detect-localize", "localize"),
      [step("detect-localize", detected), step("localize", placed)],
      () => ["a"],
    );
    const again = await inputsOf(open, "localize");
    expect(Object.keys(again.locations!)).toEqual(["monopolar", "com"]);
    expect([again.spikes!.depthUm[0], again.model]).toEqual([10, undefined]);
    expect((await inputsOf(open, "detect-localize")).stored).toBeUndefined();
    const alone = { ...recipeOf("localize"), seed: 8 };
    expect(open.jobOf(alone)).toEqual({
      recipe: recipeOf("detect-localize", "localize"),
      nBefore: 1,
      keysBefore: ["a"],
      nSpikes: 2,
      given: {},
    });
    const apart = open.jobOf({ ...recipeOf("medicine"), seed: 3 });
    expect(apart.recipe.steps).toEqual([
      { method: "detect-localize", params: {} },
      { method: "localize", params: {} },
      { method: "medicine", params: {}, seed: 3 },
    ]);
    expect(apart).toMatchObject({ nBefore: 2, recipe: { seed: 7 } });
  });
  it("takes a model that was opened after the last run before the run's, and forgets places with their spikes", async () => {
    const open = session();
    const opened = { about: "opened" } as TrainedModel;
    open.setModel(opened);
    open.take(
      recipeOf("detect-localize", "localize"),
      [step("detect-localize", detected), step("localize", placed)],
      none,
    );
    expect((await inputsOf(open, "medicine")).model).toBe(model);
    open.setModel(opened);
    expect((await inputsOf(open, "medicine")).model).toBe(opened);
    open.setSpikes(spikesAt(3, 1, 2), {}); // the same ones, from a page that started its worker anew
    expect((await inputsOf(open, "medicine")).stored).toBe(stored);
    open.setSpikes(spikesAt(3, 5, 6), {});
    const inputs = await inputsOf(open, "medicine");
    expect([inputs.stored, inputs.locations]).toEqual([undefined, undefined]);
  });
});
