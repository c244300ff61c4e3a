import { describe, expect, it } from "vitest";
import { medianInPlace, selectRank } from "../../src/core/median.ts";
import { Random } from "../../src/core/random.ts";

/** Long enough to be sampled, twice over. */
const lengths = [1, 2, 3, 599, 602, 2001, 9000];

describe("selection", () => {
  it("gives the value of any rank, with and without equal values, in any order", () => {
    const random = new Random(2);
    for (const n of lengths) {
      const makes = [() => random.normal(), () => Math.round(random.normal()) || 0, () => 7];
      for (const make of makes) {
        const values = Float32Array.from({ length: n }, make);
        const ascending = values.slice().sort();
        for (const share of [0, 0.01, 0.3, 0.5, 0.7, 0.99, 1]) {
          const k = Math.round(share * (n - 1));
          for (const order of [values.slice(), ascending.slice(), ascending.slice().reverse()]) {
            expect(selectRank(order, k)).toBe(ascending[k]);
            expect(order.sort().every((value, i) => value === ascending[i])).toBe(true);
          }
        }
        expect(medianInPlace(values)).toBe((ascending[n >> 1] + ascending[(n - 1) >> 1]) / 2);
      }
    }
  });
});
