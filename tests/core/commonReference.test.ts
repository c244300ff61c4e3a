import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commonReference, globalGroups, localGroups, shankGroups } from "../../src/core/commonReference.ts";
import { medianInPlace } from "../../src/core/median.ts";
import type { ProbeSites } from "../../src/core/types.ts";
import { twoShanks } from "../cases/commonReference.ts";

describe("median", () => {
  it("is the middle of the sorted values", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const n = values.length;
        expect(medianInPlace(Float64Array.from(values))).toBe((sorted[n >> 1] + sorted[(n - 1) >> 1]) / 2);
      }),
    );
  });
});

/** Neuropixels 1.0: columns staggered over two rows, rows 20 µm apart. */
const staggered: ProbeSites = {
  model: "Neuropixels 1.0",
  partNumber: "NP1000",
  nShanks: 1,
  positionsUm: Array.from({ length: 40 }, (_, c) => [[27, 59, 11, 43][c % 4], 20 * Math.floor(c / 2)]),
  shank: Array<number>(40).fill(0),
  connected: Array<boolean>(40).fill(true),
};
const all = Array.from({ length: 40 }, (_, c) => c);
const membersOf = (g: { offsets: Int32Array; members: Int32Array }, c: number) => [
  ...g.members.subarray(g.offsets[c], g.offsets[c + 1]),
];

describe("groups", () => {
  it("of a ring are the sites between 30 and 55 µm", () => {
    // channel 20 at (27, 200): (59, 200) is 32 µm away, (27, 240) 40, (59, 240) 51.2, (43, 220) 25.6, (11, 220) 25.6
    expect(membersOf(localGroups(staggered, all), 20)).toEqual([16, 17, 21, 24, 25]);
  });

  it("at an end or around a gap reach out to the nearest five, with all that are as near as the fifth", () => {
    // channel 0 at (27, 0): 32 µm (59, 0), 40 (27, 40), 51.2 (59, 40), then 62.1 (11, 60) and (43, 60)
    expect(membersOf(localGroups(staggered, all), 0)).toEqual([1, 4, 5, 6, 7]);
    const kept = all.filter((c) => c !== 16);
    const members = membersOf(localGroups(staggered, kept), 19).map((i) => kept[i]);
    expect(members).toEqual([17, 21, 24, 25, 14, 15, 26, 27].sort((a, b) => a - b));
  });

  it("keep to the shank", () => {
    const probe = twoShanks(75);
    const channels = Array.from({ length: 75 }, (_, c) => c);
    const local = localGroups(probe, channels);
    for (const c of channels)
      for (const m of membersOf(local, c)) expect([probe.shank[m], m === c]).toEqual([probe.shank[c], false]);
    expect(shankGroups(probe, [1, 74, 3]).groupOf).toEqual(Int32Array.of(0, 1, 0));
  });

  it("of a lone channel are itself", () => {
    expect(membersOf(localGroups(staggered, [7]), 0)).toEqual([0]);
  });
});

it("takes the median of an even count as the mean of the middle two", () => {
  expect([...commonReference([1, 2, 4, 100], globalGroups(4))]).toEqual([-2, -1, 1, 97]);
});
