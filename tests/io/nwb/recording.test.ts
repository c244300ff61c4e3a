import { describe, expect, it } from "vitest";
import { memorySource } from "../../../src/io/byteSource.ts";
import { openRecordings } from "../../../src/io/open.ts";
import type { RecordingSource } from "../../../src/io/recordingSource.ts";
import { checkRandomRanges } from "../rangeContract.ts";
import { electrodes, nwbBytes, type SeriesFacts, series } from "./makeNwb.ts";

const opened = (bytes: Uint8Array) => openRecordings([memorySource("a/rec.nwb", bytes)]);

async function only(bytes: Uint8Array): Promise<RecordingSource> {
  const found = await opened(bytes);
  expect(found).toHaveLength(1);
  return found[0];
}

const [nRows, nColumns] = [1000, 6];
const int16 = Int16Array.from({ length: nRows * nColumns }, (_, i) => ((i * 7919) % 60000) - 30000);
const conversion = 2.34375e-6;
const facts: SeriesFacts = { data: int16, shape: [nRows, nColumns], rateHz: 30000, conversion, unit: "volts" };

const layouts: Record<string, Partial<SeriesFacts>> = {
  contiguous: {},
  "chunks of all channels": { chunks: [64, nColumns] },
  "chunks of some channels": { chunks: [97, 4] },
  "gzip, chunks of all channels": { chunks: [64, nColumns], gzip: 4 },
  "gzip, chunks of some channels": { chunks: [97, 4], gzip: 9 },
  "gzip, one chunk larger than the data": { chunks: [1000, 6], gzip: 1 },
};

describe("samples", () => {
  it.each(Object.entries(layouts))("%s: int16 as they are, in any ranges", async (_, layout) => {
    const { recording, readSamples } = await only(await nwbBytes((file) => series(file, { ...facts, ...layout })));
    expect(recording).toMatchObject({ stream: "ap", rateHz: 30000, nChannels: 6, nSavedChannels: 6, sync: 0 });
    expect(recording.segments).toEqual([{ startSec: 0, nSamples: nRows }]);
    expect(recording.uvPerBit[5]).toBeCloseTo(2.34375, 12);
    const all = await readSamples(0, 0, nRows);
    expect(all).toEqual(int16);
    const read = (from: number, to: number) => readSamples(0, from, to);
    await checkRandomRanges({ nRows, rowBytes: 2 * nColumns, startByte: 2048, read }, 30);
  });
});

describe("geometry", () => {
  it("of one probe", async () => {
    const bytes = await nwbBytes((file) => {
      const [x, y] = [
        [27, 59, 11, 43, 27, 59],
        [0, 0, 20, 20, 40, 40],
      ];
      electrodes(file, { x, y, groups: Array(6).fill("ProbeA"), devices: { ProbeA: "NP1" } });
      series(file, { ...facts, electrodes: Int32Array.of(5, 4, 3, 2, 1, 0) });
    });
    const { recording, title, warnings } = await only(bytes);
    expect(title).toBe("NWB ElectricalSeriesAP");
    expect(warnings).toEqual([]);
    expect(recording.probe).toMatchObject({ model: "NP1", nShanks: 1, shank: [0, 0, 0, 0, 0, 0] });
    expect(recording.probe.positionsUm).toEqual([
      [59, 40],
      [27, 40],
      [43, 20],
      [11, 20],
      [59, 0],
      [27, 0],
    ]);
  });
});
