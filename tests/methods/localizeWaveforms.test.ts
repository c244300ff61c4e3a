import { memory } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { nearestSlots } from "../../src/core/neighbours.ts";
import type { SlotOrder } from "../../src/core/slotOrder.ts";
import { openSources, openWaveforms } from "../../src/io/open.ts";
import { checkParams, type MethodInputs, type MethodResult, type Yielded } from "../../src/methods/defineMethod.ts";
import { ImportedWaveforms } from "../../src/methods/localizeWaveforms/importedWaveforms.ts";
import { localizeWaveforms } from "../../src/methods/localizeWaveforms/localizeWaveforms.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { staggeredProbe } from "../cases/probes.ts";
import { medianErrorUm, slnSizes, syntheticSln } from "../cases/slnFolder.ts";
import { sourcesOf } from "../io/support.ts";

const nSpikes = 600;
const { nChannels, nSlots, nSamples, samplesBefore } = slnSizes;
const orders = ["distance", "depth-lateral"] as const;
const made = { distance: syntheticSln("distance", nSpikes), "depth-lateral": syntheticSln("depth-lateral", nSpikes) };

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

async function inputsOf(files: Record<string, Uint8Array>) {
  const opened = (await openSources(sourcesOf(files)))[0];
  if (opened.kind !== "spikes") throw new Error("the folder holds spikes");
  const waveforms = await openWaveforms(sourcesOf(files));
  return { spikes: opened.spikes, recording: null, waveforms: waveforms! };
}

async function finish(inputs: MethodInputs, params: ParamValues, controller = new AbortController()) {
  const events: Yielded[] = [];
  const context = { seed: 0, signal: controller.signal, wantsImage: () => false, resume: false };
  const run = localizeWaveforms.run(inputs, checkParams(localizeWaveforms, params), context);
  for (;;) {
    const next = await run.next();
    if (next.done) return { events, result: next.value as MethodResult };
    events.push(next.value);
  }
}

const warningsOf = (events: Yielded[]) =>
  Object.fromEntries(events.flatMap((e) => (e.kind === "warning" ? [[e.code, e.message]] : [])));

describe.each(orders)("waveforms stored in %s order", (order: SlotOrder) => {
  const { files, truthUm } = made[order];

  it.each(["raw", "denoised"])(
    "are placed where the sources are (%s), by every localizer, and nothing leaks",
    async (on) => {
      const before = memory().numTensors;
      const { events, result } = await finish(await inputsOf(files), { localize_on: on });
      expect(memory().numTensors).toBe(before);
      const { spikes, locations, summary, complete } = result;
      expect(complete).toBe(true);
      expect(Object.keys(locations!)).toEqual(["monopolar", "com", "peak-channel", "grid"]);
      for (const [id, xyza] of Object.entries(locations!)) {
        const [x, y, z] = medianErrorUm(xyza, truthUm);
        console.info(
          `${order}, ${on}, ${id}: median |dx| ${x.toFixed(2)}, |dy| ${y.toFixed(2)}, |dz| ${z.toFixed(2)} µm`,
        );
      }
      for (const error of medianErrorUm(locations!.monopolar, truthUm)) expect(error).toBeLessThan(1);
      for (const id of ["com", "peak-channel", "grid"])
        expect(medianErrorUm(locations![id], truthUm)[1]).toBeLessThan(10);
      expect(spikes!.depthUm[7]).toBe(locations!.monopolar[4 * 7 + 1]);
      expect(spikes!.zUm?.[7]).toBe(locations!.monopolar[4 * 7 + 2]);
      expect(summary.slot_order_depth_lateral).toBe(order === "distance" ? 0 : 1);
      expect(summary.samples_before_peak).toBe(samplesBefore);
      const own = order === "distance" ? summary.slot_correlation_distance : summary.slot_correlation_depth_lateral;
      expect(own).toBeLessThan(-0.7);
      expect(warningsOf(events)["slot-order"]).toMatch(
        /^Slot order: (nearest first|by depth, then across) \(correl.*−0\.\d\d; /,
      );
      expect(warningsOf(events)).not.toHaveProperty("slot-order-doubt");
    },
  );

  it("are placed by the order that a person chose, with a warning when it fits worse", async () => {
    const wrong = orders.find((one) => one !== order)!;
    const { events, result } = await finish(await inputsOf(files), { slot_order: wrong, other_localizers: "none" });
    expect(medianErrorUm(result.locations!.monopolar, truthUm)[1]).toBeGreaterThan(4);
    expect(result.summary.slot_order_depth_lateral).toBe(wrong === "distance" ? 0 : 1);
    expect(warningsOf(events)["slot-order"]).toContain(", as chosen");
    expect(warningsOf(events)["slot-order-doubt"]).toMatch(/fit the other slot order/);
  });

  it("are shown on their channels, nearest first, with what files and localizers say", async () => {
    const { spikes, waveforms } = await inputsOf(files);
    const imported = new ImportedWaveforms(waveforms, spikes);
    const shown = (await imported.waveform(123, "auto", null))!;
    const peak = made[order].channel[123];
    const slots = nearestSlots(staggeredProbe(nChannels), new Int32Array(nChannels), nSlots).channels;
    expect(shown.channels).toEqual(slots.slice(peak * nSlots, (peak + 1) * nSlots));
    shown.channels.forEach((c, k) => {
      const at = (123 * nChannels + c) * nSamples;
      const expected = made[order].recorded.slice(at, at + nSamples);
      expect(shown.raw.slice(k * nSamples, (k + 1) * nSamples)).toEqual(expected);
      const worst = expected.reduce((far, v, t) => Math.max(far, Math.abs(v - shown.denoised![k * nSamples + t])), 0);
      expect(worst).toBeLessThan(10); // noise of 2, five times
    });
    expect(shown).toMatchObject({ samplesBefore, unit: "in the file's unit" });
    expect(Object.keys(shown.locations)).toEqual(["imported"]);
    expect(shown.locations.imported.slice(0, 2)).toEqual([spikes.xUm![123], spikes.depthUm[123]]);
    expect(shown.note).toMatch(/^Slot order: /);
    const { result } = await finish({ spikes, waveforms, recording: null }, {});
    const step = { ...result, method: "localize", params: {}, stageSeconds: {} };
    const after = (await imported.waveform(123, order, step))!;
    expect(after.locations.monopolar).toEqual([...result.locations!.monopolar.slice(4 * 123, 4 * 124)]);
    expect(await imported.waveform(nSpikes, "auto", null)).toBeNull();
  });
});

it("keeps the positions of spikes that a cancelled run did not reach", async () => {
  const many = syntheticSln("distance", 2500); // two batches
  const inputs = await inputsOf(many.files);
  const controller = new AbortController();
  const context = { seed: 0, signal: controller.signal, wantsImage: () => false, resume: false };
  const params = checkParams(localizeWaveforms, { localizer: "com", other_localizers: "none" });
  const run = localizeWaveforms.run(inputs, params, context);
  const events: Yielded[] = [];
  let next = await run.next();
  for (; !next.done; next = await run.next()) {
    events.push(next.value);
    if (next.value.kind === "progress") controller.abort();
  }
  const { spikes, locations, complete } = next.value;
  expect(complete).toBe(false);
  expect(locations!.com[4 * 2047 + 1]).toBe(spikes!.depthUm[2047]);
  expect(locations!.com.slice(4 * 2048)).toEqual(new Float32Array(4 * 452).fill(Number.NaN));
  expect(spikes!.depthUm.slice(2048)).toEqual(inputs.spikes.depthUm.slice(2048));
  expect(spikes!.depthUm.slice(0, 2048)).not.toEqual(inputs.spikes.depthUm.slice(0, 2048));
  expect(spikes).not.toHaveProperty("zUm"); // centre of mass has none
  expect(warningsOf(events)["kept-positions"]).toBe(
    "452 of 2500 spikes keep the positions they came with: 452 were not reached.",
  );
});

describe("what a data set must say", () => {
  const without = (name: string) =>
    Object.fromEntries(Object.entries(made.distance.files).filter(([path]) => path !== name));

  it("says in one sentence what is missing", async () => {
    const noChannels = await inputsOf(without("spike_channels.npy"));
    await expect(finish(noChannels, {})).rejects.toThrow(/^Expected the peak channel of each spike in spike_channels/);
    const noPlaces = await inputsOf(without("channel_locations.npy"));
    await expect(finish(noPlaces, {})).rejects.toThrow(/^Expected where the channels lie in channel_locations.npy/);
    const fewer = await inputsOf(made.distance.files);
    const spikes = { ...fewer.spikes, nSpikes: nSpikes - 1 };
    await expect(finish({ ...fewer, spikes }, {})).rejects.toThrow(/^Expected a waveform for each of the 599 spikes/);
  });

  it("warns when the waveforms do not tell their order", async () => {
    const inputs = await inputsOf(made.distance.files);
    const flat = new Float32Array(nSpikes * nSlots * nSamples).map((_, i) => (i % nSamples === 30 ? -50 : i % 7));
    const row = nSlots * nSamples;
    const source = {
      ...inputs.waveforms.waveforms,
      readRange: async (from: number, to: number) => flat.slice(from * row, to * row),
      readRows: async () => flat,
    };
    const { events } = await finish(
      { ...inputs, waveforms: { ...inputs.waveforms, waveforms: source } },
      { localizer: "com", other_localizers: "none" },
    );
    expect(warningsOf(events)["slot-order-doubt"]).toMatch(/do not tell in which order .* choose the slot order/);
  });
});
