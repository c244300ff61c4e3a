import { describe, expect, it } from "vitest";
import { MAX_STEPS, NO_STEPS, recorded, steppedBack, steppedForward } from "../../src/app/stepHistory.ts";

const view = (low: number, map = "inferno") => ({ ranges: { time: [low, 10] }, map });

describe("a history of changes", () => {
  it("goes back and forth through steps, each setting only what it changed", () => {
    const zoomed = recorded(NO_STEPS, view(0), view(1), 1);
    const both = recorded(zoomed, view(1), view(1, "viridis"), 2);
    const back = steppedBack(both);
    expect(back?.fields).toEqual({ map: "inferno" });
    expect(steppedBack(back?.history ?? NO_STEPS)?.fields).toEqual({ ranges: { time: [0, 10] } });
    expect(steppedForward(back?.history ?? NO_STEPS)).toEqual({ history: both, fields: { map: "viridis" } });
    expect(steppedBack(NO_STEPS)).toBeNull();
    expect(steppedForward(both)).toBeNull();
  });

  it("takes what one gesture does as one step, and none that ends where it began", () => {
    const first = recorded(NO_STEPS, view(0), view(1), 7);
    const dragged = recorded(first, view(1), view(3, "greys"), 7);
    expect(dragged.past).toEqual([{ before: view(0), after: view(3, "greys"), gesture: 7 }]);
    expect(recorded(dragged, view(3, "greys"), view(0), 7).past).toEqual([]);
    expect(recorded(dragged, view(3), view(4), 8).past).toHaveLength(2);
  });

  it("records nothing for values that were only made anew", () => {
    expect(recorded(NO_STEPS, view(1), view(1), 1)).toEqual(NO_STEPS);
  });

  it("forgets what was undone when something changes, and the oldest of too many", () => {
    const back = steppedBack(recorded(NO_STEPS, view(0), view(1), 1));
    expect(recorded(back?.history ?? NO_STEPS, view(0), view(2), 1)).toMatchObject({
      past: [{ after: { ranges: { time: [2, 10] } } }],
      future: [],
    });
    let history = NO_STEPS;
    for (let i = 0; i < MAX_STEPS + 5; i++) history = recorded(history, view(i), view(i + 1), i);
    expect(history.past).toHaveLength(MAX_STEPS);
    expect(history.past[0].before).toEqual({ ranges: { time: [5, 10] } });
  });
});
