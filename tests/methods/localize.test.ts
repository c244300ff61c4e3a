import { memory, type Tensor2D, tensor2d } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { localizerById, localizers } from "../../src/methods/localize/localizers.ts";
import { localizeParams } from "../../src/methods/localize/params.ts";
import { chooseCompute } from "../../src/ops/compute.ts";
import type { ParamValues } from "../../src/protocol/methods.ts";
import { localizationRows, onSlots, printRows } from "../cases/localizationGolden.ts";
import { nearestSlots } from "../cases/localizeProbe.ts";
import { localizationFixture } from "./localizationFixture.ts";

beforeAll(async () => {
  await chooseCompute("cpu", () => undefined);
});

const defaults: ParamValues = Object.fromEntries(Object.entries(localizeParams).map(([k, p]) => [k, p.default]));

it("the CPU's localizers agree with the reference", async () => {
  const rows = await localizationRows(await localizationFixture());
  console.info(printRows(rows));
  expect(rows.filter(({ found, limit }) => !(found <= limit))).toEqual([]);
});

describe("the registry of localizers", () => {
  it("offers the parameter's options, and only parameters that exist", () => {
    expect(localizers.map((l) => l.id)).toEqual(localizeParams.localizer.options.map((o) => o.value));
    for (const l of localizers) for (const name of l.params) expect(Object.keys(localizeParams)).toContain(name);
    expect(() => localizerById("nearest")).toThrow(/Expected a localizer/);
  });

  it.each(localizers)(
    "$id places real spikes near where they are, from arrays and tensors alike, and frees all",
    async (localizer) => {
      const data = await localizationFixture();
      const { channel, positionsUm } = data;
      const before = memory().numTensors;
      const ready = localizer.prepare({ positionsUm }, defaults);
      const { channels } = ready.needs;
      const slots = "nSlots" in channels ? channels : nearestSlots(positionsUm, 24, 75);
      const all = ready.needs.feature === "prototype" ? data.projection.exponential_3d : data.ptpLsb;
      const feature = onSlots(all, channel, slots);
      const places = await ready.run({ feature, channel, slots });
      const tensor: Tensor2D = tensor2d(feature, [channel.length, slots.nSlots]);
      expect(await ready.run({ feature: tensor, channel, slots })).toEqual(places);
      tensor.dispose();
      ready.dispose();
      expect(memory().numTensors).toBe(before);
      expect(places.length).toBe(4 * channel.length);
      const errors = Array.from(channel, (_, n) => Math.abs(places[4 * n + 1] - data.truthUm[3 * n + 1]));
      const known = errors.filter((e) => !Number.isNaN(e)).sort((a, b) => a - b);
      expect(known[known.length >> 1]).toBeLessThan(10); // half a row of contacts
    },
  );
});
