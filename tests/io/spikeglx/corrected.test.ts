import { describe, expect, it } from "vitest";
import { syntheticRecording } from "../../../src/core/syntheticRecording.ts";
import type { Recording } from "../../../src/core/types.ts";
import { memorySource } from "../../../src/io/byteSource.ts";
import { openRecordings } from "../../../src/io/open.ts";
import type { RecordingSource } from "../../../src/io/recordingSource.ts";
import { correctedFiles } from "../../../src/io/write/correctedSpikeglx.ts";
import { spikeglxBytes, spikeglxMetaFile, spikeglxStem } from "../../../src/io/write/spikeglx.ts";
import { correctionInfo } from "../../../src/methods/correctRecording/params.ts";
import { planCorrection } from "../../../src/methods/correctRecording/plan.ts";
import { checkParams } from "../../../src/methods/defineMethod.ts";
import { metaText } from "../../cases/spikeglxFiles.ts";

const upward = {
  displacementUm: Float64Array.of(45),
  timeBinCentersSec: Float64Array.of(1),
  depthBinCentersUm: Float64Array.of(0),
};

/** The files of a recording after a motion of 45 µm, with samples of zeros, opened again. */
async function again(source: RecordingSource, params = {}) {
  const { recording } = source;
  const all = Int32Array.from({ length: recording.nChannels }, (_, c) => c);
  const { corrected } = planCorrection(recording, all, upward, checkParams(correctionInfo, params));
  const files = await correctedFiles(source);
  const written = recording.segments.flatMap(({ nSamples }, s) => {
    const meta = files.description(corrected, s);
    const bytes = new Uint8Array(2 * nSamples * corrected.recording.nSavedChannels);
    return [memorySource(`${files.stem(s)}.bin`, bytes), memorySource(meta.path, meta.bytes)];
  });
  const [opened] = await openRecordings(written);
  return { corrected, opened, written };
}

const isShifted = { preprocess: "highpass" };

describe("the description of a corrected recording", () => {
  it.each([
    ["np1", 40],
    ["np2-4shank", 64],
    ["ultra", 192],
  ] as const)("%s: is opened as planned, with the gaps between its segments", async (probe, nChannels) => {
    const { recording, samples } = syntheticRecording({ probe, nChannels, durationSec: 1, nUnits: 2, nSegments: 2 });
    const files = recording.segments.flatMap((_, s) => {
      const meta = spikeglxMetaFile(recording, s, "run");
      const bytes = spikeglxBytes(samples(s, 0, 100));
      return [memorySource(`${spikeglxStem("run", s)}.bin`, bytes), memorySource(meta.path, meta.bytes)];
    });
    const [source] = await openRecordings(files);
    const { corrected, opened, written } = await again(source);
    expect(opened.warnings).toEqual([]);
    expect(opened.recording).toEqual(corrected.recording);
    expect(opened.recording.nChannels).toBeLessThan(nChannels);
    expect(opened.recording.segments[1].startSec).toBe(recording.segments[1].startSec);
    expect(written.map(({ path }) => path)).toEqual([
      "run_corrected_g0_t0.imec0.ap.bin",
      "run_corrected_g0_t0.imec0.ap.meta",
      "run_corrected_g0_t1.imec0.ap.bin",
      "run_corrected_g0_t1.imec0.ap.meta",
    ]);
    // once more: a correction of what was corrected
    expect((await again(opened)).opened.warnings).toEqual([]);
  });

  it("keeps what SpikeGLX said, says what was done, and drops what is no longer true", async () => {
    const text = metaText({ "~snsChanMap": "(4,0,1)(AP0;0:0)(AP1;1:1)(AP2;2:2)(AP3;3:3)(SY0;768:4)", fileSHA1: "ABC" });
    const [source] = await openRecordings([
      memorySource("run_g0_t0.imec0.ap.meta", new TextEncoder().encode(text)),
      memorySource("run_g0_t0.imec0.ap.bin", new Uint8Array(100)),
    ]);
    const { recording } = source;
    const place = { ...upward, displacementUm: Float64Array.of(20) };
    const params = checkParams(correctionInfo, isShifted);
    const { corrected } = planCorrection(recording, Int32Array.of(0, 1, 2, 3), place, params);
    const { bytes } = (await correctedFiles(source)).description(corrected, 0);
    const lines = new TextDecoder().decode(bytes).split("\n");
    for (const line of [
      "imSampRate=30000.061088",
      "userNotes=depth=3 mm, µ",
      "firstSample=3000",
      "nSavedChans=3",
      "snsApLfSy=2,0,1",
      "snsSaveChanSubset=0:1,8",
      "fileSizeBytes=60",
      "~snsChanMap=(4,0,1)(AP0;0:0)(AP1;1:1)(SY0;768:2)",
      "~snsShankMap=(1,2,480)(0:0:0:1)(0:1:0:1)",
      "~muxTbl=(4,1)(0 1 2 3)",
    ])
      expect(lines).toContain(line);
    expect(lines.filter((line) => line.startsWith("fileSHA1"))).toEqual([]);
    expect(lines.find((line) => line.startsWith("driftscopeCorrection="))).toMatch(/corrected for motion by kriging/);
  });

  it("is made of what is known where the recording came with none", async () => {
    const { recording } = syntheticRecording({ probe: "np2", nChannels: 24, durationSec: 1, nUnits: 2 });
    const other: Recording = { ...recording, probe: { ...recording.probe, partNumber: "" } };
    const binary = memorySource("data/traces.dat", new Uint8Array(9));
    const words = { format: "some", title: "Some format", geometryWords: "" };
    const source = { ...words, recording: other, warnings: [], files: [binary], description: binary };
    const { corrected, opened, written } = await again(
      { ...source, readSamples: async () => new Int16Array() },
      isShifted,
    );
    const { probe, ...rest } = opened.recording;
    const { probe: planned, ...expected } = corrected.recording;
    const [uv] = expected.uvPerBit;
    for (const value of rest.uvPerBit) expect(value).toBeCloseTo(uv, 9);
    expect({ ...rest, uvPerBit: expected.uvPerBit }).toEqual(expected);
    expect([probe.positionsUm, probe.shank, probe.connected]).toEqual([
      planned.positionsUm,
      planned.shank,
      planned.connected,
    ]);
    expect(written[0].path).toBe("traces_corrected_g0_t0.imec0.ap.bin");
  });
});
