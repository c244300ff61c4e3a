import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/errors.ts";
import { openSources } from "../../../src/io/open.ts";
import { zipBytes } from "../../../src/io/write/zip.ts";
import { analyzerFolder, analyzerZarr, nSpikes } from "../../cases/analyzerFiles.ts";
import { asBadFiles, type Files, jsonBytes } from "../../cases/spikeinterfaceFiles.ts";
import { fuzzReader } from "../fuzzReader.ts";
import { checkReader, sourcesOf, spikesOf } from "../support.ts";

const format = "spikeinterface-analyzer";
const opened = (files: Files) => openSources(sourcesOf(files));

describe.each([
  ["a folder", analyzerFolder],
  ["Zarr", analyzerZarr],
])("a SortingAnalyzer saved as %s", (_, files) => {
  it("is the same in every folder and archive", async () => {
    await checkReader(format, files(), zipBytes(asBadFiles(files())));
  });

  it("gives spikes with positions, amplitudes, units and contacts", async () => {
    const all = await opened(files());
    const spikes = spikesOf(all);
    expect(spikes.nSpikes).toBe(nSpikes);
    expect([...spikes.timeSec]).toEqual([0, 0.01, 0.02, 0.03, 0.04, 0.05]);
    expect([...spikes.depthUm]).toEqual([100, 110, 120, 130, 140, 150]);
    expect([...(spikes.xUm ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...spikes.ampUv]).toEqual([-50, -51, -52, -53, -54, -55]);
    expect([...(spikes.unit ?? [])]).toEqual([7, 12, 7, 12, 7, 12]);
    expect(all[0].info.probe?.positionsUm).toHaveLength(4);
    expect(all[0].info.warnings).toEqual([]);
  });

  it("says what to compute where positions are missing", async () => {
    const without = Object.fromEntries(Object.entries(files()).filter(([path]) => !path.includes("spike_locations")));
    const outcome = await opened(without).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(AppError);
    expect((outcome as AppError).message).toMatch(
      /: expected the extensions spike_locations and spike_amplitudes of a SortingAnalyzer; compute them with analyzer\.compute\(\["spike_locations"\]\), found none called spike_locations\.$/,
    );
  });
});

it("segments follow one another by their numbers of samples", async () => {
  const spikes = spikesOf(await opened(analyzerFolder([0, 0, 0, 1, 1, 1])));
  expect(spikes.timeSec[3]).toBeCloseTo(1 + 900 / 30000, 12);
  expect([...(spikes.segment ?? [])]).toEqual([0, 0, 0, 1, 1, 1]);
});

it("names of units that are no numbers are counted, with a word", async () => {
  const names = jsonBytes({ sampling_frequency: 30000, unit_ids: ["a", "b"], num_segments: 1 });
  const all = await opened({ ...analyzerFolder(), "sorting/numpysorting_info.json": names });
  expect([...(spikesOf(all).unit ?? [])]).toEqual([0, 1, 0, 1, 0, 1]);
  expect(all[0].info.warnings[0]).toMatch(/units have names instead of numbers/);
});

it("ten thousand damaged analyzers open or explain themselves", async () => {
  const { nOpened } = await fuzzReader(format, [analyzerFolder(), analyzerZarr()], 10_000);
  expect(nOpened).toBeGreaterThan(500);
}, 180_000);
