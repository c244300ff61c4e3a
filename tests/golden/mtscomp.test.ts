import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openRecordings } from "../../src/io/open.ts";

/** A real recording, compressed by the reference implementation (mtscomp 1.0.2). */
const folder = "../shared/samples/mtscomp";
const original = "../shared/samples/spikeglx/np1_Noise4Sam";
const stem = "Noise4Sam_g0_t0.imec0.ap";

describe("a real recording compressed by mtscomp", () => {
  it("is the recording it was compressed from, byte by byte", async () => {
    const [found] = await openRecordings(await nodeSources([folder]));
    const [expected] = await openRecordings(await nodeSources([original]));
    expect(found.recording).toEqual(expected.recording);
    expect(found.recording.segments).toEqual([{ startSec: 0, nSamples: 1155 }]);
    const samples = await found.readSamples(0, 0, 1155);
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    expect(Buffer.compare(bytes, readFileSync(`${original}/${stem}.bin`))).toBe(0);
    const { sha1_uncompressed } = JSON.parse(readFileSync(`${folder}/${stem}.ch`, "utf8"));
    expect(createHash("sha1").update(bytes).digest("hex")).toBe(sha1_uncompressed);
  });
});
