import { describe, expect, it } from "vitest";
import { AppError } from "../../src/core/errors.ts";
import { memorySource } from "../../src/io/byteSource.ts";
import { openSources } from "../../src/io/open.ts";
import { recordingOnly } from "../../src/protocol/recordingOnly.ts";
import { badInputs } from "../cases/badInputs.ts";
import { oddInputs } from "../cases/oddInputs.ts";

describe("bad inputs give one sentence", () => {
  it("covers at least two dozen, each once", () => {
    expect(badInputs.length).toBeGreaterThanOrEqual(24);
    expect(new Set(badInputs.map((c) => c.name)).size).toBe(badInputs.length);
  });

  it.each(badInputs)("$name", async ({ files, sentence, isRecording }) => {
    const opening = openSources(files.map((f) => memorySource(f.path, f.bytes)));
    const outcome: unknown = await (isRecording ? opening.then(recordingOnly) : opening).catch((e: unknown) => e);
    expect(outcome).toBeInstanceOf(AppError);
    expect((outcome as AppError).message).toBe(sentence);
  });
});

describe("odd inputs are opened with a warning", () => {
  it.each(oddInputs)("$name", async ({ files, sentence }) => {
    const [{ info }] = await openSources(files.map((f) => memorySource(f.path, f.bytes)));
    expect(info.warnings).toContain(sentence);
    expect(info.nSamples ?? info.nSpikes ?? info.nTimeBins).toBeGreaterThan(0);
  });
});
