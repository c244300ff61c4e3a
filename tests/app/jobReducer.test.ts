import { describe, expect, it } from "vitest";
import {
  currentStep,
  endJob,
  IDLE_JOB,
  IDLE_STEP,
  isActive,
  type JobView,
  reduceJob,
  startJob,
  stepFraction,
} from "../../src/app/jobReducer.ts";
import { tabTitle } from "../../src/app/pageEffects.ts";
import { noSpikes } from "../../src/app/spikeColumns.ts";
import type { JobEvent } from "../../src/protocol/methods.ts";

const begin = startJob(IDLE_JOB, "job-1", ["detect", "medicine"], []);
const play = (events: JobEvent[], from: JobView = begin) => events.reduce(reduceJob, from);
const found = (nSpikes: number): JobEvent => ({ kind: "spikes", spikes: { ...noSpikes(), nSpikes } });
const progress = (done: number, total: number): JobEvent => ({
  kind: "progress",
  done,
  total,
  unit: "s",
  ratePerSec: 25,
  secondsLeft: 6,
});
const detects: JobEvent = { kind: "step", index: 0, method: "detect", title: "Detect" };
const trains: JobEvent = { kind: "step", index: 1, method: "medicine", title: "MEDiCINe" };

describe("reduceJob", () => {
  it("follows a run from its start to its end, each step with what is its own", () => {
    const job = play([
      { kind: "state", state: "running" },
      detects,
      { kind: "stage", name: "scan", title: "Scanning" },
      found(10),
      found(5),
      progress(50, 200),
      { kind: "warning", code: "dead", message: "One channel is dead." },
      { kind: "warning", code: "dead", message: "One channel is dead." },
    ]);
    expect(job).toMatchObject({ state: "running", stepTitle: "Detect", stepIndex: 0 });
    expect(job.steps.detect).toMatchObject({ state: "running", stageTitle: "Scanning", nSpikes: 15, done: 50 });
    expect(job.steps.detect.warnings).toEqual(["One channel is dead."]);
    expect(job.steps.medicine.state).toBe("waiting");
    expect(stepFraction(currentStep(job))).toBe(0.25);
    expect(tabTitle(job)).toBe("25 % · Driftscope");

    const later = play([trains, { kind: "metric", step: 50, values: { loss: 0.7, penalty: 0.1 } }], job);
    expect(later.steps.detect).toMatchObject({ state: "done", nSpikes: 15 });
    expect(later.steps.medicine).toMatchObject({ state: "running", nSpikes: 0, warnings: [], latestStep: 50 });
    expect(play([{ kind: "metric", step: 51, values: { loss: 0.6 } }], later).steps.medicine.latest).toEqual({
      loss: 0.6,
      penalty: 0.1,
    });
    expect(isActive(later)).toBe(true);
    expect(isActive(play([{ kind: "state", state: "cancelled" }], later))).toBe(false);
  });
  it("keeps the newest verdict on a network and counts the steps whose gradient was cut", () => {
    const verdict = (passed: boolean): JobEvent => ({ kind: "gate", verdict: { passed, checks: [] } });
    const cut = (clipped: number): JobEvent => ({ kind: "metric", step: 1, values: { clipped } });
    const job = play([detects, trains, verdict(false), cut(1), cut(0), cut(1), verdict(true)]);
    expect(job.steps.medicine).toMatchObject({ gate: { passed: true }, nClipped: 2 });
    expect(job.steps.detect).toMatchObject({ gate: null, nClipped: 0 });
  });
  it("goes on with the bar through the epochs of a training", () => {
    const speed: JobEvent = { kind: "metric", step: 1, values: { spikes_per_sec: 900 } };
    const job = play([detects, trains, progress(50, 200), speed, { kind: "stage", name: "b", title: "Epoch 2" }]);
    expect(job.steps.medicine).toMatchObject({ stageTitle: "Epoch 2", done: 50, total: 200, secondsLeft: 6 });
  });
  it("starts the bar anew with every stage", () => {
    const job = play([detects, progress(10, 10), { kind: "stage", name: "export", title: "Writing" }]);
    expect(stepFraction(currentStep(job))).toBe(0);
    expect(currentStep(job).secondsLeft).toBeNaN();
  });
  it("does not touch the state it was given, and never shows more than everything", () => {
    const before = structuredClone(begin);
    const job = play([detects, progress(12, 10)]);
    expect(begin).toEqual(before);
    expect(stepFraction(currentStep(job))).toBe(1);
  });
});

describe("jobs one after the other", () => {
  it("keep what earlier steps came to, and forget those that the new one may change", () => {
    const first = endJob(play([detects, found(3), trains]), "done");
    expect(first.steps).toMatchObject({ detect: { state: "done" }, medicine: { state: "done" } });
    const again = startJob(first, "job-2", ["medicine"], []);
    expect(again.steps).toMatchObject({
      detect: { state: "done", nSpikes: 3 },
      medicine: { ...IDLE_STEP, state: "running" },
    });
    const fromStart = startJob(first, "job-3", ["detect"], ["medicine"]);
    expect(Object.keys(fromStart.steps)).toEqual(["detect"]);
  });
  it("a failure stands at the step it happened in, and steps whose turn did not come are idle", () => {
    const job = endJob(play([detects]), "failed", "The disk is full.");
    expect(job).toMatchObject({ state: "failed", steps: { detect: { state: "failed", error: "The disk is full." } } });
    expect(job.steps.medicine).toBeUndefined();
  });
  it("a pause shows at the step at work, and the others wait on", () => {
    const job = play([detects, { kind: "state", state: "paused" }]);
    expect(job.steps).toMatchObject({ detect: { state: "paused" }, medicine: { state: "waiting" } });
  });
});
