import { describe, expect, it } from "vitest";
import { appendLoss, clearLoss, getResults, subscribeResults } from "../../src/app/results.ts";
import { dismiss, notify, useSession } from "../../src/app/sessionStore.ts";

describe("loss curves", () => {
  it("keep all curves as long as the steps, with NaN where a curve has no value", () => {
    clearLoss();
    appendLoss(1, { total: 3 });
    appendLoss(2, { total: 2, penalty: 1 });
    appendLoss(3, { penalty: 0.5 });
    expect(getResults().loss).toEqual({
      step: [1, 2, 3],
      values: { total: [3, 2, Number.NaN], penalty: [Number.NaN, 1, 0.5] },
    });
  });
  it("tell those who listen, until they stop", () => {
    let calls = 0;
    const stop = subscribeResults("loss", () => calls++);
    appendLoss(4, { total: 1 });
    stop();
    appendLoss(5, { total: 1 });
    expect(calls).toBe(1);
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
