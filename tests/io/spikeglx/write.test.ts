import { describe, expect, it } from "vitest";
import { type ProbeKind, probeKinds } from "../../../src/core/probeGeometry.ts";
import { type SyntheticRecording, syntheticRecording } from "../../../src/core/syntheticRecording.ts";
import { openRecordings, openSources } from "../../../src/io/open.ts";
import { spikeglxBytes, spikeglxMetaFile, spikeglxStem } from "../../../src/io/write/spikeglx.ts";
import { syntheticTruthFiles } from "../../../src/io/write/syntheticTruth.ts";
import { sourcesOf } from "../support.ts";

function written({ recording, samples }: SyntheticRecording): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  recording.segments.forEach(({ nSamples }, s) => {
    const meta = spikeglxMetaFile(recording, s, "demo");
    files[`d/${meta.path}`] = meta.bytes;
    files[`d/${spikeglxStem("demo", s)}.bin`] = spikeglxBytes(samples(s, 0, nSamples));
  });
  return files;
}

const cases: [ProbeKind, number][] = probeKinds.flatMap((kind) => [384, 20].map((n): [ProbeKind, number] => [kind, n]));

describe("a recording written for SpikeGLX", () => {
  it.each(cases)("%s of %i channels comes back from its files", async (probe, nChannels) => {
    const options = { probe, nChannels, durationSec: 0.01, nUnits: 2, nSegments: 2, gapSec: 1 } as const;
    const simulated = syntheticRecording({ ...options, referenceChannel: probe === "np1" ? 19 : -1 });
    const [source, ...others] = await openRecordings(sourcesOf(written(simulated)));
    expect(others).toEqual([]);
    expect(source.warnings).toEqual([]);
    const { delaySamples: _, ...expected } = simulated.recording;
    expect(source.recording).toMatchObject({ ...expected, uvPerBit: expect.anything() });
    for (const uv of source.recording.uvPerBit) expect(uv).toBeCloseTo(expected.uvPerBit[0], 12);
    for (const [s, { nSamples }] of expected.segments.entries()) {
      expect(await source.readSamples(s, 7, nSamples)).toEqual(simulated.samples(s, 7, nSamples));
    }
  });

  it("refuses a probe that nobody knows", () => {
    const { recording } = syntheticRecording({ durationSec: 0.01, nUnits: 1 });
    const odd = { ...recording, probe: { ...recording.probe, partNumber: "XY1" } };
    expect(() => spikeglxMetaFile(odd, 0, "demo")).toThrow(
      'of a probe of our table to write for SpikeGLX, found 96 of "XY1"',
    );
  });

  it("opens beside its truth as one recording and one motion, without a warning", async () => {
    const simulated = syntheticRecording({ nChannels: 8, durationSec: 0.5, nUnits: 2 });
    const truth = syntheticTruthFiles("d/truth", simulated).map(({ path, bytes }) => [path, bytes] as const);
    const opened = await openSources(sourcesOf({ ...written(simulated), ...Object.fromEntries(truth) }));
    expect(opened.map((d) => d.kind).sort()).toEqual(["motion", "recording"]);
    expect(opened.flatMap((d) => d.info.warnings)).toEqual([]);
  });
});
