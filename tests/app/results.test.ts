import { describe, expect, it } from "vitest";
import { appendLoss, clearLoss, finalActivity, getResults, subscribeResults } from "../../src/app/results.ts";
import { dismiss, notify, useSession } from "../../src/app/sessionStore.ts";
import type { ActivityImage, RunResult } from "../../src/protocol/methods.ts";

describe("loss curves", () => {
  it("keep all curves as long as the steps, with NaN where a curve has no value", () => {
    clearLoss();
    appendLoss("medicine", 1, { total: 3 });
    appendLoss("medicine", 2, { total: 2, penalty: 1 });
    appendLoss("medicine", 3, { penalty: 0.5 });
    expect(getResults().curves.medicine).toEqual({
      step: [1, 2, 3],
      values: { total: [3, 2, Number.NaN], penalty: [Number.NaN, 1, 0.5] },
    });
  });
  it("tell those who listen, until they stop", () => {
    let calls = 0;
    const stop = subscribeResults("loss", () => calls++);
    appendLoss("medicine", 4, { total: 1 });
    stop();
    appendLoss("medicine", 5, { total: 1 });
    expect(calls).toBe(1);
  });
});

describe("finalActivity", () => {
  const image = (timeSec: number | null): ActivityImage => ({
    probability: new Float32Array(1),
    nDepth: 1,
    nAmp: 1,
    depthRangeUm: [0, 1],
    ampRangeUv: [0, 1],
    timeSec,
  });
  const run = (activity?: ActivityImage[]) => ({ steps: [{ activity }] }) as unknown as RunResult;
  it("is the middle one of the last step that learned any", () => {
    expect(finalActivity(run([image(450), image(900), image(1350)]))?.timeSec).toBe(900);
    expect(finalActivity(run([image(null)]))?.timeSec).toBeNull();
  });
  it("is null without a run, without activity and with an empty list of it", () => {
    for (const none of [null, run(), run([])]) expect(finalActivity(none)).toBeNull();
  });
});

describe("notices", () => {
  it("stand once per sentence and go when dismissed", () => {
    notify("error", "First.");
    notify("error", "Second.");
    notify("error", "First.");
    expect(useSession.getState().notices.map((n) => n.text)).toEqual(["Second.", "First."]);
    dismiss(useSession.getState().notices[0].id);
    expect(useSession.getState().notices.map((n) => n.text)).toEqual(["First."]);
  });
});
