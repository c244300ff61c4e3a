import { describe, expect, it } from "vitest";
import { tableAt } from "../../src/app/fineTuned.ts";
import { nameOfLocalizer } from "../../src/app/localizerNames.ts";
import { knownPositions, ownPositions, shownPositions } from "../../src/app/positions.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import type { StepResult } from "../../src/protocol/methods.ts";

const spikes: SpikeTable = {
  nSpikes: 2,
  timeSec: Float64Array.of(0.1, 0.2),
  depthUm: Float64Array.of(20.1, Number.NaN),
  ampUv: Float32Array.of(-50, -60),
};
const xyza = (depth: number, alpha: number) => Float32Array.of(1, depth, 3, alpha, 5, Number.NaN, 7, alpha);
const step = (method: string, locations: Record<string, Float32Array>) => ({ method, locations }) as StepResult;
const outcomes = {
  detect: step("detect", { monopolar: xyza(20.1, 900), com: xyza(22, Number.NaN), other: new Float32Array(4) }),
  joint: step("joint", { "sln-cnn": xyza(21, Number.NaN) }),
};

describe("positions", () => {
  const known = knownPositions(outcomes, spikes);
  it("are those of every localizer that speaks of these spikes", () => {
    expect(Object.keys(known)).toEqual(["monopolar", "com", "sln-cnn"]);
    expect(knownPositions(outcomes, null)).toEqual({});
  });
  it("of the table are told by its depths, spikes without a place included", () => {
    expect(ownPositions(known, spikes)).toBe("monopolar");
    expect(ownPositions(known, tableAt(spikes, known["sln-cnn"]))).toBe("sln-cnn");
    expect(ownPositions(known, { ...spikes, depthUm: Float64Array.of(1, 2) })).toBeNull();
    expect(ownPositions(known, null)).toBeNull();
  });
  it("shown are the chosen ones, else those of a network in training, else the table's", () => {
    const live = { localizer: "sln-cnn", rows: Int32Array.of(1), xyza: Float32Array.of(1, 2, 3, Number.NaN) };
    expect(shownPositions({ chosen: null, live: null }, known)).toBeNull();
    expect(shownPositions({ chosen: "com", live }, known)).toMatchObject({ name: "centre of mass", rows: null });
    expect(shownPositions({ chosen: "gone", live }, known)).toMatchObject({ name: "CNN in training" });
    // a network that says no α shows that of the monopolar fit, and is the same array when asked again
    const shown = shownPositions({ chosen: null, live }, known);
    expect([...(shown?.xyza ?? [])]).toEqual([1, 2, 3, 900]);
    expect(shownPositions({ chosen: null, live }, known)?.xyza).toBe(shown?.xyza);
    expect(shownPositions({ chosen: null, live }, {})?.xyza).toBe(live.xyza);
  });
  it("of the table that say no α are shown with that of the monopolar fit, others as they are", () => {
    const none = { chosen: null, live: null };
    const tuned = tableAt(spikes, known["sln-cnn"]);
    const shown = shownPositions(none, known, tuned);
    expect(shown).toMatchObject({ name: "CNN, fine-tuned", rows: null });
    expect([...(shown?.xyza ?? [])]).toEqual([1, 21, 3, 900, 5, Number.NaN, 7, 900]);
    expect(shownPositions(none, known, tuned)?.xyza).toBe(shown?.xyza);
    expect(shownPositions(none, known, { ...tuned, alpha: Float64Array.of(1, 2) })).toBeNull();
    expect(shownPositions(none, { "sln-cnn": known["sln-cnn"] }, tuned)).toBeNull();
  });
  it("have names that a person knows", () => {
    const names = ["monopolar", "sln-cnn", "sln-transformer-pretrained", "sln-cnn-iter02", "mine"].map(nameOfLocalizer);
    expect(names).toEqual(["monopolar", "CNN, fine-tuned", "transformer, pretrained", "CNN, iteration 2", "mine"]);
  });
});
