import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PickedSpike } from "../../src/protocol/pictures.ts";

/** Stands for the paint worker: answers when the test says so, in any order. */
const questions: { what: string; answer: (spike: PickedSpike | null) => void; fail: (error: Error) => void }[] = [];
const asked = (what: string) =>
  new Promise<PickedSpike | null>((answer, fail) => {
    questions.push({ what, answer, fail });
  });
const paint = {
  pick: (id: string, xCss: number, yCss: number) => asked(`${id} at ${xCss}, ${yCss}`),
  spikeAt: (index: number) => asked(`row ${index}`),
};
vi.mock("../../src/app/clients.ts", () => ({
  withPaint: (work: (api: typeof paint) => Promise<PickedSpike | null>) => work(paint),
}));

const { setSpikes } = await import("../../src/app/results.ts");
const { clearSelection, followMotion, pickAt, startSelectionSync, stepSelection, stepTarget } = await import(
  "../../src/app/selection.ts"
);
const { useSession } = await import("../../src/app/sessionStore.ts");
const { showBounds, useView } = await import("../../src/app/viewStore.ts");

const spike = (index: number, correctedDepthUm: number | null = null): PickedSpike => ({
  index,
  timeSec: index,
  depthUm: 500,
  correctedDepthUm,
  ampUv: -80,
});
const table = (nSpikes: number) => ({
  nSpikes,
  timeSec: Float64Array.from({ length: nSpikes }, (_, i) => i),
  depthUm: new Float64Array(nSpikes),
  ampUv: new Float32Array(nSpikes),
});
const selected = () => useView.getState().selected;

beforeEach(() => {
  questions.length = 0;
  clearSelection();
  setSpikes(table(10), []);
  showBounds({ time: [0, 9], depth: [0, 1000], amp: [-200, 0] });
});

describe("a click", () => {
  it("selects what the paint worker finds there, and none where it finds none", async () => {
    const click = pickAt("raster-raw-1", 30, 40);
    expect(questions[0].what).toBe("raster-raw-1 at 30, 40");
    questions[0].answer(spike(3));
    await click;
    expect(selected()).toEqual(spike(3));
    const empty = pickAt("raster-raw-1", 90, 90);
    questions[1].answer(null);
    await empty;
    expect(selected()).toBeNull();
  });

  it("counts only if it is the last one, whatever is answered first", async () => {
    const clicks = [pickAt("a", 1, 1), pickAt("a", 2, 2)];
    questions[1].answer(spike(2));
    questions[0].answer(spike(1));
    await Promise.all(clicks);
    expect(selected()).toEqual(spike(2));
  });

  it("says why it failed and leaves the selection as it was", async () => {
    useView.setState({ selected: spike(5) });
    const click = pickAt("a", 1, 1);
    questions[0].fail(new Error("gone"));
    vi.spyOn(console, "error").mockReturnValueOnce(undefined);
    await click;
    expect(selected()).toEqual(spike(5));
    expect(useSession.getState().notices.at(-1)?.text).toContain("gone");
  });
});

describe("other spikes", () => {
  it("clear the selection, and an answer about the ones before comes too late", async () => {
    const stop = startSelectionSync();
    useView.setState({ selected: spike(5) });
    const click = pickAt("a", 1, 1);
    setSpikes(table(4), []);
    expect(selected()).toBeNull();
    questions[0].answer(spike(9));
    await click;
    expect(selected()).toBeNull();
    stop();
  });
});

describe("stepping", () => {
  it("asks for one row further for each press, even before the answers come", async () => {
    useView.setState({ selected: spike(3) });
    const steps = [stepSelection(1), stepSelection(1), stepSelection(-1)];
    expect(questions.map((q) => q.what)).toEqual(["row 4", "row 5", "row 4"]);
    for (const [i, index] of [4, 5, 4].entries()) questions[i].answer(spike(index));
    await Promise.all(steps);
    expect(selected()).toEqual(spike(4));
    void stepSelection(1);
    expect(questions[3].what).toBe("row 5");
  });

  it("stays at the first and the last spike, and does nothing without spikes", async () => {
    useView.setState({ selected: spike(9) });
    await stepSelection(1);
    useView.setState({ selected: spike(0) });
    await stepSelection(-1);
    setSpikes(null, []);
    useView.setState({ selected: null });
    await stepSelection(1);
    expect(questions).toEqual([]);
  });

  it("starts in the middle of the time on screen", () => {
    const timeSec = Float64Array.of(1, 2, 5, 8);
    expect(stepTarget(timeSec, null, 1, 4)).toBe(1);
    expect(stepTarget(timeSec, null, -1, 100)).toBe(3);
    expect(stepTarget(timeSec, null, 1, 0)).toBe(0);
    expect(stepTarget(Float64Array.of(7), null, 1, 9)).toBe(0);
  });
});

describe("another motion", () => {
  it("reads the corrected depth again once, however often it changed", async () => {
    vi.useFakeTimers();
    useView.setState({ selected: spike(3, 480) });
    followMotion();
    followMotion();
    await vi.runAllTimersAsync();
    expect(questions.map((q) => q.what)).toEqual(["row 3"]);
    questions[0].answer(spike(3, 470));
    await vi.runAllTimersAsync();
    expect(selected()).toEqual(spike(3, 470));
    vi.useRealTimers();
  });

  it("does not bring back a spike that is selected no more", async () => {
    vi.useFakeTimers();
    useView.setState({ selected: spike(3) });
    followMotion();
    await vi.runAllTimersAsync();
    useView.setState({ selected: spike(6) });
    questions[0].answer(spike(3, 470));
    await vi.runAllTimersAsync();
    expect(selected()).toEqual(spike(6));
    clearSelection();
    followMotion();
    await vi.runAllTimersAsync();
    expect(questions).toHaveLength(1);
    vi.useRealTimers();
  });
});
