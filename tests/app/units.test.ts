import { describe, expect, it } from "vitest";
import { describeDataset, describeSpike } from "../../src/app/format.ts";
import { chooseSpikeColour, startSpikeColour } from "../../src/app/spikeColour.ts";
import { spikeFacts } from "../../src/app/spikeFacts.ts";
import { labelsOf, listedUnits, summaryOf } from "../../src/app/units.ts";
import { followUnit, useView } from "../../src/app/viewStore.ts";
import type { UnitRow } from "../../src/protocol/units.ts";

const colour = { dark: "#ffffff", light: "#000000" };
const rows: UnitRow[] = [
  { id: 7, nSpikes: 30, depthUm: 10, label: "good", colour },
  { id: 2, nSpikes: 90, depthUm: 50, label: "mua", colour },
  { id: 5, nSpikes: 60, depthUm: 90, label: "good", colour },
];

describe("the list of units", () => {
  it("is in the order that was asked for, of one label where that was", () => {
    const leftUm = new Map([
      [2, 4],
      [5, 9],
    ]);
    const ids = (order: "depth" | "spikes" | "number" | "drift", label: string | null = null) =>
      listedUnits({ rows, order, label, leftUm }).map(({ id }) => id);
    expect(ids("depth")).toEqual([5, 2, 7]); // the highest on top
    expect(ids("spikes")).toEqual([2, 5, 7]);
    expect(ids("number")).toEqual([2, 5, 7]);
    expect(ids("drift")).toEqual([5, 2, 7]);
    expect(ids("depth", "good")).toEqual([5, 7]);
    expect(labelsOf(rows)).toEqual([
      { label: "good", nUnits: 2 },
      { label: "mua", nUnits: 1 },
    ]);
  });

  it("says in a sentence what a motion leaves of the drift of all units", () => {
    const corrected = { rangeUm: [3, 5, 20], scatterUm: [2, 3, 4] };
    expect(summaryOf({ unit: [1, 2, 3], rangeUm: [10, 20, 15], corrected })).toBe(
      "All 3 units with spikes enough: median drift 15.0 → 5.0 µm (scatter alone 3.0 µm); 2 move less after correction.",
    );
    expect(summaryOf({ unit: [1], rangeUm: [10], corrected: null })).toContain("median drift 10.0 µm, as recorded");
    expect(summaryOf({ unit: [], rangeUm: [], corrected: null })).toContain("No unit has spikes enough");
  });
});

describe("what is said of a spike of a sorting", () => {
  const picked = { index: 1, timeSec: 2, depthUm: 30, correctedDepthUm: null, ampUv: 12.3456 };
  const spikes = {
    nSpikes: 2,
    timeSec: Float64Array.of(1, 2),
    depthUm: Float64Array.of(20, 30),
    ampUv: Float32Array.of(11, 12.3456),
    unit: Int32Array.of(-1, 7),
  };
  const sorting = { units: [{ id: 7, nSpikes: 1234, label: "good" }], amplitudeUnit: "Kilosort amplitude" };

  it("names its unit and the unit of its amplitude", () => {
    expect(describeSpike(picked, "Kilosort amplitude", "7 good")).toBe(
      "spike 1: 2.000 s, depth 30.0 µm, amplitude 12.35 (Kilosort amplitude), unit 7 good",
    );
    const texts = spikeFacts(picked, spikes, null, sorting).line.map(({ name, text }) => `${name} ${text}`);
    expect(texts).toContain("unit 7, 1,234 spikes");
    expect(texts).toContain("label good");
    expect(texts).toContain("amplitude 12.346 (Kilosort amplitude)");
    expect(spikeFacts({ ...picked, index: 0 }, spikes, null, sorting).line).toContainEqual({
      ...{ name: "unit", text: "none", value: "none", unit: "" },
    });
  });

  it("counts units and their labels in the line of the data set", () => {
    const info = { format: "", title: "Kilosort", kind: "spikes", warnings: [], files: [], durationSec: 60 } as const;
    const text = describeDataset({
      ...info,
      warnings: [],
      files: [],
      nSpikes: 180,
      ...sorting,
      amplitudeRangeUv: [1, 9],
    });
    expect(text).toContain("180 spikes, 1 unit (1 good)");
    expect(text).toContain("amplitude 1 to 9 (Kilosort amplitude)");
  });
});

describe("the first colours", () => {
  it("are units for sorted spikes, unless a person has chosen others", () => {
    startSpikeColour(true);
    expect(useView.getState().rasterColour).toBe("unit");
    startSpikeColour(false);
    expect(useView.getState().rasterColour).toBe("amplitude");
    chooseSpikeColour("time");
    startSpikeColour(true);
    expect(useView.getState().rasterColour).toBe("time");
  });

  it("a unit that is followed is seen as wide as its spikes are", () => {
    useView.setState({ freeRanges: { unitDepth: [1, 2], x: [3, 4] } });
    followUnit(7);
    expect(useView.getState()).toMatchObject({ unit: 7, freeRanges: { x: [3, 4] } });
    expect(useView.getState().freeRanges.unitDepth).toBeUndefined();
  });
});
