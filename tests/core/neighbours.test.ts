import { describe, expect, it } from "vitest";
import { anchors, depthLateralOrder, nearestSlots, slotsWithin } from "../../src/core/neighbours.ts";
import { fixtureFloats, fixtureNpy } from "../fixture.ts";

const probes = ["np1", "np2_1shank", "np2_4shank", "np_ultra"];

describe.each(probes)("ten nearest contacts of %s", (probe) => {
  const shank = Int32Array.from({ length: 384 }, (_, c) => (probe === "np2_4shank" ? Math.floor(c / 96) : 0));

  it("are the reference's, in both orders, with its anchors", async () => {
    const positionsUm = await fixtureFloats(`neighbours/${probe}_geom_um.npy`);
    const nearest = nearestSlots(positionsUm, shank, 10);
    const ordered = depthLateralOrder(nearest, positionsUm);
    expect([...nearest.channels]).toEqual([...(await fixtureNpy(`neighbours/${probe}_nearest10.npy`)).values]);
    expect([...ordered.channels]).toEqual([...(await fixtureNpy(`neighbours/${probe}_yx10.npy`)).values]);
    const expected = (await fixtureNpy(`neighbours/${probe}_anchor_um.npy`)).values;
    const worst = Math.max(...anchors(nearest, positionsUm).map((v, i) => Math.abs(v - expected[i])));
    expect(worst).toBeLessThan(1e-9);
  });
});

describe("neighbours by hand", () => {
  // two shanks 10 µm apart, three contacts each
  const positionsUm = Float32Array.of(0, 0, 0, 20, 0, 40, 10, 0, 10, 20, 10, 40);
  const shank = Int32Array.of(0, 0, 0, 1, 1, 1);

  it("stay on their shank and leave slots empty", () => {
    const { nSlots, channels } = nearestSlots(positionsUm, shank, 4);
    expect(nSlots).toBe(4);
    expect([...channels.subarray(0, 8)]).toEqual([0, 1, 2, -1, 1, 0, 2, -1]);
    expect([...channels.subarray(12, 16)]).toEqual([3, 4, 5, -1]);
  });

  it("within a radius include its edge, and set the width of the table", () => {
    const { nSlots, channels } = slotsWithin(positionsUm, shank, 20);
    expect(nSlots).toBe(3);
    expect([...channels.subarray(0, 6)]).toEqual([0, 1, -1, 1, 0, 2]);
    expect(slotsWithin(positionsUm, shank, 0)).toEqual({ nSlots: 1, channels: Int32Array.of(0, 1, 2, 3, 4, 5) });
  });

  it("ordered by depth keep empty slots last", () => {
    const ordered = depthLateralOrder(nearestSlots(positionsUm, shank, 4), positionsUm);
    expect([...ordered.channels.subarray(8, 12)]).toEqual([0, 1, 2, -1]);
    expect([...anchors(ordered, positionsUm).subarray(0, 2)]).toEqual([0, 20]);
  });
});
