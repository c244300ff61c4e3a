import { expect, it } from "vitest";
import type { SpikeTable } from "../../../src/core/types.ts";
import { openSources } from "../../../src/io/open.ts";
import { runDirectoryFiles } from "../../../src/io/write/runDirectory.ts";
import type { RunBundle } from "../../../src/protocol/workers.ts";
import { sourcesOf, utf8 } from "../support.ts";

const spikes: SpikeTable = {
  nSpikes: 5,
  timeSec: Float64Array.of(0.5, 1, 2.25, 3, 4),
  depthUm: Float64Array.of(10, 20, 30, 40, 50),
  ampUv: Float32Array.of(12, 3, 4, 5, 6),
  unit: Int32Array.of(7, 2, -1, 7, 2),
};

const bundle: RunBundle = {
  spikes,
  format: "kilosort",
  sorting: {
    units: [
      { id: 2, nSpikes: 2, label: "good" },
      { id: 7, nSpikes: 2 },
    ],
    amplitudeUnit: "Kilosort amplitude",
  },
  result: {
    recipe: { driftscope: 1, title: "", seed: 0, steps: [] },
    steps: [],
    log: [],
    provenance: {
      ...{ driftscope: "0.1.0", commit: "abc", startedAt: "2026-01-01T00:00:00Z", seed: 0 },
      compute: { mode: "cpu", adapter: "test", threads: 1 },
      ...{ runtime: "node", inputs: [], stageSeconds: {}, peakMemoryBytes: null, complete: true },
    },
  },
};

const filesOf = (one: RunBundle) =>
  Object.fromEntries([...runDirectoryFiles(one, [])].map(({ path, bytes }) => [path, bytes]));

it("a run directory brings units, their labels and the unit of amplitudes back", async () => {
  const [opened] = await openSources(sourcesOf(filesOf(bundle)));
  if (opened.kind !== "spikes") throw new Error("expected spikes");
  expect(opened.spikes.unit).toEqual(spikes.unit);
  expect(opened.info.units).toEqual(bundle.sorting?.units);
  expect(opened.info.amplitudeUnit).toBe("Kilosort amplitude");
  expect(opened.info.has).toContain("units");
});

it("writes no word of a sorting where there is none", () => {
  const { unit: _, ...unsorted } = spikes;
  const paths = Object.keys(filesOf({ ...bundle, spikes: unsorted, sorting: {} }));
  expect(paths.filter((path) => /unit|sorting/.test(path))).toEqual([]);
});

it("refuses labels that no run has written", async () => {
  for (const damage of ['{"unitLabels": {"two": "good"}}', '{"unitLabels": {"2": 1}}', '{"amplitudeUnit": 3}'])
    await expect(openSources(sourcesOf({ ...filesOf(bundle), "spikes/sorting.json": utf8(damage) }))).rejects.toThrow(
      "spikes/sorting.json: expected labels of units and the unit of amplitudes as a run had written them, found something else.",
    );
});
