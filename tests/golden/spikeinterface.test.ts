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

describe("SpikeInterface's Zarr folder", () => {
  it("has the numbers, the scale and the sites of the recording it was made of", async () => {
    const zarr = await onlyIn("spikeinterface_zarr");
    const original = await onlyIn("spikeglx/np2_NP2013_with_sync");
    expect(zarr.format).toBe("spikeinterface-zarr");
    const { rateHz, nChannels, uvPerBit, probe, segments } = original.recording;
    expect(zarr.recording).toMatchObject({ rateHz, nChannels, nSavedChannels: nChannels, sync: 0, segments });
    expect(zarr.recording.uvPerBit).toEqual(uvPerBit);
    expect(zarr.recording.probe.positionsUm).toEqual(probe.positionsUm);
    expect(zarr.recording.probe.shank).toEqual(probe.shank);
    const found = await zarr.readSamples(0, 0, 1000);
    const expected = await original.readSamples(0, 0, 1000);
    expect(found).toBeInstanceOf(Int16Array);
    let nDifferent = 0;
    for (let t = 0; t < 1000; t++)
      for (let c = 0; c < 384; c++) nDifferent += Number(found[t * 384 + c] !== expected[t * 385 + c]);
    expect(nDifferent).toBe(0);
    expect(await zarr.readSamples(0, 290, 610)).toEqual(found.slice(290 * 384, 610 * 384));
  });
});
