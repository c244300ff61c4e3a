import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { nodeSources } from "../../src/cli/nodeFiles.ts";
import { openRecordings } from "../../src/io/open.ts";

/** Real files beside the checkout. */
const samples = "../shared/samples";

async function onlyIn(folder: string) {
  const found = await openRecordings(await nodeSources([`${samples}/${folder}`]));
  expect(found).toHaveLength(1);
  return found[0];
}

describe("SpikeInterface's binary folder", () => {
  it("has the facts and the numbers of its files", async () => {
    const { recording, readSamples, format } = await onlyIn("spikeinterface_binary_folder");
    expect(format).toBe("spikeinterface-binary");
    expect(recording).toMatchObject({ rateHz: 30000, nChannels: 16, nSavedChannels: 16, sync: 0, stream: "ap" });
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: 1500 }]);
    expect(recording.segments[0].nSamples / recording.rateHz).toBe(0.05);
    expect([...recording.uvPerBit]).toEqual(new Array(16).fill(1));
    expect(recording.probe.positionsUm).toEqual(Array.from({ length: 16 }, (_, c) => [0, 40 * c]));
    const bytes = readFileSync(`${samples}/spikeinterface_binary_folder/traces_cached_seg0.raw`);
    const expected = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    expect(await readSamples(0, 0, 1500)).toEqual(expected);
    expect(await readSamples(0, 777, 790)).toEqual(expected.slice(777 * 16, 790 * 16));
  });
});
