import { describe, expect, it } from "vitest";
import {
  detectionOf,
  missingNouns,
  motionMethods,
  type OpenNouns,
  outdatedBy,
  planRecipe,
  recipeSteps,
} from "../../src/app/recipeSteps.ts";
import type { MethodInfo } from "../../src/protocol/methods.ts";

const method = (id: string, needs: string[], gives: string[]): MethodInfo => ({
  id,
  title: id,
  summary: "",
  reference: "",
  needs,
  gives,
  params: {},
  presets: [],
  troubleshooting: [],
});
const medicine = method("medicine", ["spikes"], ["motion"]);
const correct = method("correct", ["spikes", "motion"], ["spikes"]);
const clean = method("clean-motion", ["motion"], ["motion"]);
const detect = method("detect-localize", ["recording"], ["spikes", "locations"]);
const localize = method("localize", ["spikes", "waveforms"], ["locations"]);
const all = [clean, correct, localize, medicine, detect];
const ids = (recording: boolean, spikes: boolean, waveforms = false) =>
  recipeSteps(all, { recording, spikes, waveforms }).map((m) => m.id);

describe("recipeSteps", () => {
  it("lists each method after those that feed it", () => {
    expect(ids(true, false)).toEqual(["detect-localize", "medicine", "correct"]);
    expect(ids(true, true)).toEqual(["detect-localize", "medicine", "correct"]);
  });
  it("leaves out what nothing here can feed", () => {
    expect(ids(false, true)).toEqual(["medicine", "correct"]);
    expect(ids(false, false)).toEqual([]);
    expect(ids(false, true, true)).toEqual(["localize", "medicine", "correct"]);
  });
  it("feeds networks by the waveforms of the spikes, found or imported, and by a model that is there", () => {
    const pretrain = method("pretrain", ["spikes", "locations", "spike-waveforms"], ["locations", "model"]);
    const joint = method("joint", ["spikes", "spike-waveforms", "model"], ["locations", "motion", "model"]);
    const finds = method("detect", ["recording"], ["spikes", "locations", "spike-waveforms"]);
    const steps = (open: Partial<OpenNouns>) =>
      recipeSteps([joint, pretrain, finds], { recording: false, spikes: false, waveforms: false, ...open }).map(
        ({ id }) => id,
      );
    expect(steps({ recording: true })).toEqual(["detect", "pretrain", "joint"]);
    expect(steps({ spikes: true })).toEqual([]);
    expect(steps({ spikes: true, waveforms: true })).toEqual(["pretrain", "joint"]);
    expect(steps({ spikes: true, storedWaveforms: true, model: true })).toEqual(["joint", "pretrain"]);
    // a step that runs alone keeps what those before it found
    expect(outdatedBy([pretrain], [joint, pretrain, finds, medicine])).toEqual(["joint", "medicine"]);
  });
  it("says what a method lacks", () => {
    expect(missingNouns(medicine, { recording: true, spikes: false, waveforms: false })).toEqual(["spikes"]);
    expect(missingNouns(correct, { recording: false, spikes: true, waveforms: false })).toEqual(["motion"]);
    expect(missingNouns(detect, { recording: true, spikes: false, waveforms: false })).toEqual([]);
  });
  it("knows which method preprocesses samples", () => {
    expect(detectionOf(all)).toBe(detect);
    expect(detectionOf([medicine])).toBeNull();
    expect(detectionOf(null)).toBeNull();
  });
});

describe("planRecipe", () => {
  const dredge = method("dredge", ["spikes"], ["motion"]);
  const refine = method("refine", ["spikes", "motion"], ["motion"]);
  const methods = [detect, medicine, dredge, refine];
  const plan = (chosen: string | null, motion: boolean) => {
    // what works on a motion alone is no step: the page edits motions by hand
    const clean = method("clean-motion", ["motion"], ["motion"]);
    const { steps, others } = planRecipe(
      [...methods, clean],
      { recording: true, spikes: false, waveforms: false, motion },
      chosen,
    );
    return [steps.map(({ id }) => id), others.map(({ id }) => id)];
  };
  it("has one method that estimates motion; the others stand beside it", () => {
    expect(plan(null, false)).toEqual([
      ["detect-localize", "medicine"],
      ["dredge", "refine"],
    ]);
    expect(plan("dredge", true)).toEqual([
      ["detect-localize", "dredge"],
      ["medicine", "refine"],
    ]);
  });
  it("is never begun by a method that needs a motion, and takes the first for a choice that cannot be", () => {
    expect(plan("refine", true)[0]).toEqual(["detect-localize", "medicine"]);
    expect(plan("gone", false)[0]).toEqual(["detect-localize", "medicine"]);
    expect(motionMethods(methods)).toEqual([medicine, dredge]);
  });
  it("one estimate outdates no other, places outdate them all", () => {
    expect(outdatedBy([medicine], methods)).toEqual([]);
    expect(outdatedBy([detect], methods)).toEqual(["medicine", "dredge", "refine"]);
    expect(outdatedBy([detect, dredge], methods)).toEqual(["medicine", "refine"]);
    expect(outdatedBy([localize], [...methods, localize])).toEqual(["medicine", "dredge", "refine"]);
  });
  it("leaves out what reads the other band of the recording, where something reads this one", () => {
    const lfp: MethodInfo = { ...method("lfp", ["recording"], ["motion"]), stream: "lf" };
    const steps = (methods: MethodInfo[], band: "ap" | "lf") =>
      planRecipe(methods, { recording: true, band, spikes: false, waveforms: false }, null).steps.map(({ id }) => id);
    expect(steps([lfp, ...methods], "ap")).toEqual(["detect-localize", "medicine"]);
    expect(steps([lfp, ...methods], "lf")).toEqual(["lfp"]);
    expect(steps(methods, "lf")).toEqual(["detect-localize", "medicine"]);
    expect(outdatedBy([lfp], [lfp, ...methods])).toEqual([]);
  });
  it("trains networks with the recipe when asked, after localization, and takes the motion of one that gives it", () => {
    const pretrain = method("pretrain", ["spikes", "locations", "spike-waveforms"], ["locations", "model"]);
    const joint = method("joint", [...pretrain.needs, "model"], ["locations", "motion", "model"]);
    const finding = method("detect-localize", ["recording"], ["spikes", "locations", "spike-waveforms"]);
    const plan = (all: MethodInfo[], on: boolean, recording = true) => {
      const open = { recording, spikes: !recording, waveforms: false };
      const { steps, others, networks } = planRecipe(all, open, null, on);
      return [steps, others, networks].map((list) => list.map(({ id }) => id));
    };
    const all = [finding, medicine, joint, pretrain, dredge];
    expect(plan(all, false)).toEqual([["detect-localize", "medicine"], ["dredge"], ["pretrain", "joint"]]);
    expect(plan(all, true)).toEqual([
      ["detect-localize", "pretrain", "joint"],
      ["medicine", "dredge"],
      ["pretrain", "joint"],
    ]);
    const withoutJoint = [finding, medicine, pretrain];
    expect(plan(withoutJoint, true)[0]).toEqual(["detect-localize", "pretrain", "medicine"]);
    expect(plan(all, true, false)).toEqual([["medicine"], ["dredge"], []]); // nothing kept the waveforms
    expect(motionMethods(all)).toEqual([medicine, dredge]);
    expect(outdatedBy([pretrain], all)).toEqual(["medicine", "joint", "dredge"]);
  });
});
