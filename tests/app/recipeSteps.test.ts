import { describe, expect, it } from "vitest";
import { detectionOf, missingNouns, recipeSteps } from "../../src/app/recipeSteps.ts";
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
const detect = method("detect-localize", ["recording"], ["spikes", "locations"]);
const localize = method("localize", ["spikes", "waveforms"], ["locations"]);
const all = [correct, localize, medicine, detect];
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
