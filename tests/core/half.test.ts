import { describe, expect, it } from "vitest";
import { fromHalf, packHalf, toHalf, unpackHalf } from "../../src/core/half.ts";
import { Random } from "../../src/core/random.ts";

const isNan = (bits: number) => (bits & 0x7fff) > 0x7c00;
const all = Uint16Array.from({ length: 65536 }, (_, i) => i);

describe("half precision", () => {
  it("gives back every one of the 65536 patterns", () => {
    const wrong = all.filter((bits) =>
      isNan(bits) ? !isNan(toHalf(fromHalf(bits))) : toHalf(fromHalf(bits)) !== bits,
    );
    expect([...wrong]).toEqual([]);
    const packed = packHalf(unpackHalf(all));
    expect(packed.filter((bits, i) => !isNan(i) && bits !== i)).toHaveLength(0);
  });

  it("rounds the middle between neighbours to the even one, and anything off it to the nearer", () => {
    const wrong: number[] = [];
    const step = (v: number, bits: number) => {
      const float = Float32Array.of(v);
      new Int32Array(float.buffer)[0] += bits;
      return float[0];
    };
    for (let low = 0; low < 0x7bff; low++) {
      const middle = (fromHalf(low) + fromHalf(low + 1)) / 2; // exact in float32
      const expected = [low, low % 2 === 0 ? low : low + 1, low + 1];
      const found = [toHalf(step(middle, -1)), toHalf(middle), toHalf(step(middle, 1))];
      if (found.some((bits, i) => bits !== expected[i])) wrong.push(low);
      if (toHalf(-middle) !== (0x8000 | expected[1])) wrong.push(-low);
    }
    expect(wrong).toEqual([]);
  });

  it("goes to infinity where 65536 is nearer, to zero below half of the smallest", () => {
    expect([65504, 65519.99, 65520, 1e9, -Infinity].map(toHalf)).toEqual([0x7bff, 0x7bff, 0x7c00, 0x7c00, 0xfc00]);
    expect([2 ** -25, 2 ** -25 * 1.0001, -(2 ** -26), 0, -0].map(toHalf)).toEqual([0, 1, 0x8000, 0, 0x8000]);
    expect(isNan(toHalf(Number.NaN))).toBe(true);
  });

  it("loses at most 2^-11 of a normal number", () => {
    const random = new Random(3);
    const values = Float32Array.from({ length: 10000 }, () => 1000 * random.normal());
    const back = unpackHalf(packHalf(values));
    const worst = Math.max(...values.map((v, i) => Math.abs(back[i] / v - 1)));
    expect(worst).toBeLessThanOrEqual(2 ** -11);
  });
});
