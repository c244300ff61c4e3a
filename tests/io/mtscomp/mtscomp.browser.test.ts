import { expect, it } from "vitest";
import { fileSource } from "../../../src/io/byteSource.ts";
import { openRecordings } from "../../../src/io/open.ts";
import { chunked, mtscompFiles } from "../../cases/mtscompFiles.ts";
import { openephysFiles } from "../../cases/openephysFiles.ts";
import { binaryBytes } from "../../cases/spikeglxFiles.ts";

const dropped = (files: Record<string, Uint8Array>) =>
  Object.entries(files).map(([path, bytes]) => fileSource(path, new Blob([bytes.slice()])));
const expected = () => [...new Int16Array(binaryBytes().buffer)];

it("the browser's own decoder gives back compressed samples", async () => {
  const [{ recording, readSamples }] = await openRecordings(dropped(mtscompFiles()));
  expect(recording.segments).toEqual([{ startSec: 0, nSamples: 10 }]);
  expect([...(await readSamples(0, 0, 10))]).toEqual(expected());
});

it("the browser's own decoder names what is damaged, and goes on", async () => {
  const { cbin, ch } = chunked(binaryBytes());
  cbin.fill(255, 4, 12);
  const [{ readSamples }] = await openRecordings(dropped({ "a.cbin": cbin, "a.ch": ch }));
  await expect(readSamples(0, 0, 2)).rejects.toThrow("expected an intact chunk 0 (counting from 0)");
  expect([...(await readSamples(0, 4, 10))]).toEqual(expected().slice(20));
  const long = chunked(binaryBytes(), { changes: { chunk_bounds: [0, 2, 8, 10] } });
  const [other] = await openRecordings(dropped({ "a.cbin": long.cbin, "a.ch": long.ch }));
  await expect(other.readSamples(0, 0, 1)).rejects.toThrow("it inflates to more bytes where chunk_bounds say 20");
});

it("settings of Open Ephys are read without the page's parser", async () => {
  const [{ recording, warnings }] = await openRecordings(dropped(openephysFiles()));
  expect(recording.probe.positionsUm).toHaveLength(4);
  expect(warnings).toEqual([]);
});
