import { describe, expect, it } from "vitest";
import { IDLE_JOB, isActive, type JobView, jobFraction, reduceJob } from "../../src/app/jobReducer.ts";
import { tabTitle } from "../../src/app/pageEffects.ts";
import type { JobEvent } from "../../src/protocol/methods.ts";

const play = (events: JobEvent[], from: JobView = IDLE_JOB) => events.reduce(reduceJob, from);

describe("reduceJob", () => {
  it("follows a run from its start to its end", () => {
    const job = play([
      { kind: "state", state: "running" },
      { kind: "step", index: 0, method: "medicine", title: "MEDiCINe" },
      { kind: "stage", name: "train", title: "Training" },
      { kind: "progress", done: 50, total: 200, unit: "steps", ratePerSec: 25, secondsLeft: 6 },
      { kind: "metric", step: 50, values: { loss: 0.7, penalty: 0.1 } },
      { kind: "metric", step: 51, values: { loss: 0.6 } },
      { kind: "warning", code: "few", message: "Few spikes." },
    ]);
    expect(job).toMatchObject({
      state: "running",
      stepTitle: "MEDiCINe",
      stageTitle: "Training",
      done: 50,
      total: 200,
      latest: { loss: 0.6, penalty: 0.1 },
      latestStep: 51,
      warnings: ["Few spikes."],
    });
    expect(jobFraction(job)).toBe(0.25);
    expect(isActive(job)).toBe(true);
    expect(tabTitle(job)).toBe("25 % · Driftscope");
    expect(isActive(play([{ kind: "state", state: "cancelled" }], job))).toBe(false);
  });
  it("starts the bar anew with every stage", () => {
    const job = play([
      { kind: "progress", done: 10, total: 10, unit: "steps", ratePerSec: 1, secondsLeft: 0 },
      { kind: "stage", name: "export", title: "Writing" },
    ]);
    expect(jobFraction(job)).toBe(0);
    expect(job.secondsLeft).toBeNaN();
  });
  it("does not touch the state it was given", () => {
    const before = structuredClone(IDLE_JOB);
    play([{ kind: "metric", step: 1, values: { loss: 1 } }]);
    expect(IDLE_JOB).toEqual(before);
  });
  it("never shows more than everything", () => {
    const job = play([{ kind: "progress", done: 12, total: 10, unit: "steps", ratePerSec: 1, secondsLeft: 0 }]);
    expect(jobFraction(job)).toBe(1);
  });
});
