import { beforeEach, describe, expect, it, vi } from "vitest";

vi.stubGlobal("Worker", class {}); // nothing is sent: the paint worker is asked for by panels alone

import { addMotion, clearMotions } from "../../src/app/motions.ts";
import { canBeMet, motionChoices, placeSets, usualChoices } from "../../src/app/placeChoices.ts";
import { usePositions } from "../../src/app/positions.ts";
import { setOutcomes, setSpikes } from "../../src/app/results.ts";
import type { SpikeTable } from "../../src/core/types.ts";
import type { StepResult } from "../../src/protocol/methods.ts";
import { ACTIVE_MOTION, SHOWN_SET, TABLE_SET } from "../../src/protocol/pictures.ts";

const spikes: SpikeTable = {
  nSpikes: 2,
  timeSec: Float64Array.of(1, 2),
  depthUm: Float64Array.of(10, 20),
  xUm: Float64Array.of(1, 2),
  ampUv: Float32Array.of(-5, -6),
};
const at = (depth: number) => Float32Array.of(1, depth, 3, 4, 1, depth + 10, 3, 4);
const motion = {
  displacementUm: Float64Array.of(1),
  timeBinCentersSec: Float64Array.of(1),
  depthBinCentersUm: Float64Array.of(1),
};

function found(locations: Record<string, Float32Array>): StepResult {
  return { method: "m", params: {}, stageSeconds: {}, metrics: {}, summary: {}, complete: true, locations };
}

beforeEach(() => {
  clearMotions();
  usePositions.setState({ chosen: null, live: null });
  setOutcomes(null);
  setSpikes(spikes, []);
});

describe("positions that can be held against each other", () => {
  it("are the ones on screen, the table's own under its name, and each other result", () => {
    expect(placeSets().map(({ set, name }) => [set, name])).toEqual([
      [SHOWN_SET, "on screen (as opened)"],
      [TABLE_SET, "as opened"],
    ]);
    setOutcomes([found({ monopolar: at(10), com: at(11), "sln-cnn-tuned": at(12) })]);
    usePositions.setState({ chosen: "com" });
    expect(placeSets().map(({ set, name }) => [set, name])).toEqual([
      [SHOWN_SET, "on screen (centre of mass)"],
      [TABLE_SET, "monopolar"],
      ["com", "centre of mass"],
      ["sln-cnn-tuned", "CNN, tuned"],
    ]);
  });
  it("are by default the newest network and the monopolar fit, both with the active motion for agreement", () => {
    addMotion({ title: "DREDge", motion, from: { kind: "file", format: "f", title: "t" } });
    setOutcomes([found({ monopolar: at(10), com: at(11), "sln-cnn-pretrained": at(12), "sln-cnn": at(13) })]);
    const own = { set: "sln-cnn", name: "CNN, fine-tuned" };
    const reference = { set: TABLE_SET, name: "monopolar" };
    expect(usualChoices()).toEqual({
      displacement: {
        source: { ...reference, motion: null },
        target: { ...own, motion: null },
        wheel: "hue",
        isChosen: false,
      },
      agreement: {
        own: { ...own, motion: ACTIVE_MOTION },
        reference: { ...reference, motion: ACTIVE_MOTION },
        isChosen: false,
      },
    });
    usePositions.setState({ live: { localizer: "sln-cnn", rows: null, xyza: at(9) } });
    expect(usualChoices()?.agreement.own).toMatchObject({ set: SHOWN_SET, name: "on screen (CNN in training)" });
  });
  it("are one set against itself, corrected, where there is no other", () => {
    const one = { set: TABLE_SET, name: "as opened" };
    expect(usualChoices()?.displacement).toMatchObject({
      source: { ...one, motion: null },
      target: { ...one, motion: null },
    });
    addMotion({ title: "DREDge", motion, from: { kind: "file", format: "f", title: "t" } });
    expect(usualChoices()?.displacement).toMatchObject({
      source: { ...one, motion: null },
      target: { ...one, motion: ACTIVE_MOTION },
    });
    setSpikes(null, []);
    expect(usualChoices()).toBeNull();
  });
  it("can be met while the set and the motion are there under their names", () => {
    const choice = { set: TABLE_SET, name: "as opened", motion: null };
    expect(canBeMet(choice)).toBe(true);
    expect(canBeMet({ ...choice, motion: ACTIVE_MOTION })).toBe(false);
    const id = addMotion({ title: "one", motion, from: { kind: "file", format: "f", title: "t" } });
    addMotion({ title: "two", motion, from: { kind: "file", format: "f", title: "t" } });
    expect(motionChoices().map(({ title }) => title)).toEqual(["as recorded", "corrected by two", "corrected by one"]);
    expect([canBeMet({ ...choice, motion: ACTIVE_MOTION }), canBeMet({ ...choice, motion: id })]).toEqual([true, true]);
    setOutcomes([found({ monopolar: at(10) })]);
    expect(canBeMet(choice)).toBe(false); // the same set has a better name now
  });
});
