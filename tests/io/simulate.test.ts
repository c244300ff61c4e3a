import { describe, expect, it } from "vitest";
import { syntheticRecording } from "../../src/core/syntheticRecording.ts";
import { fileSource } from "../../src/io/byteSource.ts";
import { openRecordings, openSources } from "../../src/io/open.ts";
import { simulateRecording } from "../../src/io/simulate.ts";

describe("simulateRecording", () => {
  it("gives files that the readers open: the samples of the simulation, and the motion", async () => {
    const options = { nChannels: 8, durationSec: 2.5, nUnits: 2, motion: "rigid", nSegments: 2 } as const;
    const progress: [number, number][] = [];
    const files = await simulateRecording(options, (done, total) => {
      progress.push([done, total]);
    });
    expect(progress).toEqual([1, 1.25, 2.25, 2.5].map((sec) => [sec, 2.5]));
    const sources = files.map(({ path, file }) => fileSource(path, file));
    const opened = await openSources(sources);
    expect(opened.map((d) => d.kind).sort()).toEqual(["motion", "recording"]);
    expect(opened.flatMap((d) => d.info.warnings)).toEqual([]);
    const [recording] = await openRecordings(sources);
    const { samples } = syntheticRecording(options);
    for (const segment of [0, 1]) {
      expect(await recording.readSamples(segment, 29990, 30010)).toEqual(samples(segment, 29990, 30010));
    }
  });

  it("refuses in one sentence", async () => {
    await expect(simulateRecording({ nChannels: 400 }, () => undefined)).rejects.toMatchObject({
      code: "bad-parameter",
      message: "Expected 1 to 384 channels of a probe np1, found 400.",
    });
  });
});
