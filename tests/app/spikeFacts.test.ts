import { describe, expect, it } from "vitest";
import { factsAsTsv, spikeFacts } from "../../src/app/spikeFacts.ts";
import { np1, spikesOn, waveformOn } from "../paint/recordings.ts";

const probe = np1();
const spikes = {
  ...spikesOn(probe, [
    [1, 0],
    [2, 1],
    [12.5, 100],
  ]),
  sampleIndex: Float64Array.of(30000, 60000, 375000),
};
const picked = { index: 2, timeSec: 12.5, depthUm: 1000.25, correctedDepthUm: 996.5, ampUv: -80.04 };
const waveform = {
  ...waveformOn(probe),
  locations: {
    "sln-cnn": [22, 1004, 12, Number.NaN] as [number, number, number, number],
    monopolar: [28, 1010, 30, 1000] as [number, number, number, number],
  },
};

describe("what is said of one spike", () => {
  it("stands there before the waveform does", () => {
    const { line, places } = spikeFacts(picked, spikes, null);
    expect(line.map(({ name, text }) => `${name} ${text}`)).toEqual([
      "spike 2",
      "time 12.5000 s",
      "peak channel 100",
      "amplitude −80.0 µV",
      "depth 1000.3 µm",
      "corrected depth 996.5 µm",
    ]);
    expect(places).toEqual([]);
    expect(spikeFacts({ ...picked, correctedDepthUm: null }, null, null).line).toHaveLength(4);
  });

  it("adds local coordinates, whose α it is, and a row per localizer", () => {
    const { line, places } = spikeFacts(picked, spikes, waveform);
    expect(line.slice(6).map(({ name, text }) => `${name} ${text}`)).toEqual([
      "anchor x, y 25.6, 1000.0 µm",
      "CNN, fine-tuned l_x −3.6 µm",
      "l_y 4.0 µm",
      "l_z 12.0 µm",
      "log₁₀ α (monopolar) 3.000",
    ]);
    expect(places.map(({ name }) => name)).toEqual(["CNN, fine-tuned", "monopolar", "peak channel", "centre of mass"]);
    expect(places[1]).toMatchObject({ xUm: 28, yUm: 1010, zUm: 30, logAlpha: 3 });
    expect(places[1].localXUm).toBeCloseTo(2.4, 9);
    expect(places[2].zUm).toBeNaN();
  });

  it("is copied as a table of tabs that a spreadsheet reads", () => {
    const rows = factsAsTsv(spikeFacts(picked, spikes, waveform))
      .split("\n")
      .map((row) => row.split("\t"));
    expect(rows[0]).toEqual(["fact", "value", "unit"]);
    expect(rows).toContainEqual(["time", "12.5", "s"]);
    expect(rows).toContainEqual(["sample", "375000", ""]);
    expect(rows).toContainEqual(["amplitude", "-80.04", "µV"]);
    expect(rows).toContainEqual(["monopolar", "28", "1010", "30", "2.4", "10", "3"]);
    expect(rows).toContainEqual(["CNN, fine-tuned", "22", "1004", "12", "-3.6", "4", ""]);
  });
});
