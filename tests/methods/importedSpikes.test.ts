import { beforeAll, expect, it } from "vitest";
import { openSources, openWaveforms } from "../../src/io/open.ts";
import { ComputeService } from "../../src/methods/computeService.ts";
import type { DroppedFile } from "../../src/protocol/datasets.ts";
import type { JobEvent, Recipe } from "../../src/protocol/methods.ts";
import type { Scratch } from "../../src/protocol/scratch.ts";
import { waveformIn } from "../../src/protocol/waveformBlock.ts";
import { syntheticSln } from "../cases/slnFolder.ts";
import { sourcesOf, spikesOf } from "../io/support.ts";

const { files } = syntheticSln("distance", 300);
const dropped: DroppedFile[] = Object.entries(files).map(([path, bytes]) => ({
  path,
  file: new File([new Uint8Array(bytes)], path),
}));
const recipe: Recipe = { driftscope: 1, title: "", seed: 0, steps: [{ method: "localize", params: {} }] };

/** Waveforms need no room of their own. */
const noScratch: Scratch = {
  survivesReload: async () => false,
  runs: async () => [],
  open: async () => Promise.reject(new Error("nothing is stored")),
  peek: async () => Promise.reject(new Error("nothing is stored")),
  discard: async () => undefined,
  freeBytes: async () => null,
};

const service = new ComputeService({
  openRecordings: async () => [],
  async openWaveforms(given) {
    const bytes = await Promise.all(given.map(({ file }) => file.arrayBuffer()));
    return openWaveforms(sourcesOf(Object.fromEntries(given.map(({ path }, i) => [path, new Uint8Array(bytes[i])]))));
  },
  openTruth: async () => null,
  correctionSink: () => Promise.reject(new Error("no recording is open")),
  scratch: noScratch,
});

beforeAll(async () => {
  await service.init("cpu");
});

it("shows waveforms that came with spikes, localizes them, and shows the places found beside those of the file", async () => {
  const spikes = spikesOf(await openSources(sourcesOf(files)));
  await service.setSpikes(spikes, {});
  await expect(service.run("none", recipe, [], false, () => undefined)).rejects.toThrow(/needs spikes that came with/);
  expect(await service.waveform(5, "auto")).toBeNull();
  await service.setWaveforms(dropped);
  expect(Object.keys((await service.waveform(5, "auto"))!.locations)).toEqual(["imported"]);
  const events: JobEvent[] = [];
  const result = await service.run("job", recipe, dropped, false, (event) => events.push(event));
  expect(result.provenance.complete).toBe(true);
  expect(events.filter(({ kind }) => kind === "progress")).toHaveLength(1);
  const shown = (await service.waveform(5, "auto"))!;
  expect(Object.keys(shown.locations)).toEqual(["imported", "monopolar", "com", "peak-channel", "grid"]);
  expect(shown.locations.imported[1]).toBe(spikes.depthUm[5]); // as the file has it, not as it was placed
  expect(shown.locations.monopolar[1]).toBe(result.steps[0].spikes!.depthUm[5]);
  const rows = Int32Array.of(0, 5, 299);
  const block = (await service.waveforms("look", rows, "auto", () => undefined))!;
  for (const at of rows.keys()) {
    const { locations, ...one } = (await service.waveform(rows[at], "auto"))!;
    expect(waveformIn(block, at)).toEqual(one);
  }
  await expect(service.waveform(5, "sideways")).rejects.toThrow(/slot_order must be one of/);
});

it("forgets waveforms with the spikes they belong to, and says why others cannot be read", async () => {
  await service.setWaveforms(null);
  expect(await service.waveform(5, "auto")).toBeNull();
  const broken = dropped.map((one) =>
    one.path === "waveforms_all.npy" ? { ...one, file: new File(["none"], one.path) } : one,
  );
  await expect(service.setWaveforms(broken)).rejects.toThrow(/^waveforms_all.npy/);
  expect(await service.waveform(5, "auto")).toBeNull();
});
