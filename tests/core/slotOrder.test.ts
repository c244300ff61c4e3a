import { describe, expect, it } from "vitest";
import { Random } from "../../src/core/random.ts";
import { detectSlotOrder, type SlotOrder, slotTables } from "../../src/core/slotOrder.ts";
import { squareProbe, staggeredProbe, ultraProbe } from "../cases/probes.ts";

const probes = { "Neuropixels 1.0": staggeredProbe, "Neuropixels 2.0": squareProbe, "Neuropixels Ultra": ultraProbe };
const nChannels = 384;
const nSlots = 10;
const shank = new Int32Array(nChannels);

/** Peak-to-peak of point sources beside the probe, α/r with noise, on the slots of the loudest channel. */
function simulate(positionsUm: Float32Array, order: SlotOrder, nSpikes: number, noise: number) {
  const random = new Random(7);
  const { channels } = slotTables(positionsUm, shank, nSlots)[order];
  const ptp = new Float32Array(nSpikes * nSlots);
  const channel = new Int32Array(nSpikes);
  for (let i = 0; i < nSpikes; i++) {
    const near = random.integer(nChannels);
    const x = positionsUm[2 * near] + 10 * random.normal();
    const y = positionsUm[2 * near + 1] + 10 * random.normal();
    const z = 5 + 30 * random.uniform();
    const alpha = 1000 + 4000 * random.uniform();
    const heard = Float64Array.from({ length: nChannels }, (_, c) => {
      const r = Math.hypot(x - positionsUm[2 * c], y - positionsUm[2 * c + 1], z);
      return alpha / r + noise * (2 + random.normal());
    });
    channel[i] = heard.indexOf(Math.max(...heard));
    for (let k = 0; k < nSlots; k++) ptp[i * nSlots + k] = heard[channels[channel[i] * nSlots + k]];
  }
  return { ptp, channel };
}

describe.each(Object.entries(probes))("slot order on %s", (_, probe) => {
  const positionsUm = probe(nChannels);

  it.each(["distance", "depth-lateral"] as const)("recognises %s order", (order) => {
    const { ptp, channel } = simulate(positionsUm, order, 500, 8);
    const verdict = detectSlotOrder(ptp, channel, positionsUm, shank);
    expect(verdict.order, JSON.stringify(verdict)).toBe(order);
    expect(verdict.isClear, JSON.stringify(verdict)).toBe(true);
    expect(verdict.correlation[order]).toBeLessThan(-0.3);
  });

  it("is unclear when there is nothing but noise", () => {
    const random = new Random(4);
    const ptp = Float32Array.from({ length: 300 * nSlots }, () => 20 + 3 * random.normal());
    const channel = Int32Array.from({ length: 300 }, () => random.integer(nChannels));
    expect(detectSlotOrder(ptp, channel, positionsUm, shank).isClear).toBe(false);
  });
});
