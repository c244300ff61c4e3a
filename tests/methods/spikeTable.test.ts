import { describe, expect, it } from "vitest";
import { idealProbe } from "../../src/core/probeGeometry.ts";
import { spikeTable } from "../../src/methods/detectLocalize/result.ts";
import { memoryRecording } from "./memoryRecording.ts";

/** One stored spike at channel 1, located or not. */
function storedSpike(localizer: string, xyza: number[]) {
  return {
    nSpikes: 1,
    sample: Float64Array.of(300),
    segment: Int32Array.of(0),
    channel: Int32Array.of(1),
    ampUv: Float32Array.of(-80),
    locations: { [localizer]: Float32Array.from(xyza) },
  };
}

describe("a table of found spikes", () => {
  const { recording } = memoryRecording(new Int16Array(5 * 600), 4, { probe: idealProbe("np1", 4).sites });
  const nowhere = Array<number>(4).fill(Number.NaN);

  it.each([
    ["monopolar", true],
    ["grid", true],
    ["com", false],
    ["peak-channel", false],
  ])("has the columns of its localizer, %s, wherever its spikes lie", (localizer, hasZ) => {
    const located = spikeTable(storedSpike(localizer, [10, 20, 30, 40]), recording, localizer);
    const lost = spikeTable(storedSpike(localizer, nowhere), recording, localizer);
    expect(Object.keys(lost)).toEqual(Object.keys(located));
    expect("zUm" in located && "alpha" in located).toBe(hasZ);
    expect(located.depthUm).toEqual(Float64Array.of(20));
    expect(lost.depthUm[0]).toBeNaN();
  });
});
